"""Both layers and the rooms as Lambda has them, for this machine: `python3.13 shipped_here.py FOLDER [PACKAGES]`.

The folder then holds opt (what lies at /opt/python) and rooms/ROOM (each what lies at /var/task). PACKAGES is a folder
as pip fills it from requirements.txt; without it, the packages come out of the environment that runs this. Nothing is
fetched.
"""

import compileall
import re
import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path
from py_compile import PycInvalidationMode

from slim import slim

_HERE = Path(__file__).resolve().parent
_REPOSITORY = _HERE.parents[1]
_NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "Makefile", "README.md")


def fill(folder: Path, packages: Path | None = None) -> None:
    """Makes the folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    opt = folder / "opt"
    if packages:
        shutil.copytree(packages, opt, ignore=_NOT_SHIPPED)
    else:
        _of_this_environment(opt)
    slim(opt)
    shutil.copytree(_REPOSITORY / "layers" / "engagement", opt, ignore=_NOT_SHIPPED, dirs_exist_ok=True)
    for room in sorted((_REPOSITORY / "functions").glob("*/")):
        shutil.copytree(room, folder / "rooms" / room.name, ignore=_NOT_SHIPPED)
    compiled(opt, "/opt/python")
    for room in (folder / "rooms").iterdir():
        compiled(room, "/var/task")


def compiled(folder: Path, shown: str) -> None:
    """With bytecode whose source's date does not matter, and in which the folder is called `shown`."""
    compileall.compile_dir(
        folder,
        quiet=1,
        force=True,
        stripdir=folder,
        prependdir=shown,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )


def _of_this_environment(folder: Path) -> None:
    stated = re.findall(r"^([a-z0-9._-]+)==", (_HERE / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    for name in stated:
        package = distribution(name)
        for file in package.files or ():
            if file.parts[0] != ".." and file.suffix != ".pyc":
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(package.locate_file(file), folder / file)  # type: ignore[arg-type]


if __name__ == "__main__":
    fill(*map(Path, sys.argv[1:]))
