"""What is held against each other: functions as we ship them, the same built as usual, and one that does nothing."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
BENCH = REPOSITORY / ".local" / "bench"
PYTHON = REPOSITORY / ".local" / "lambda-runtime" / "bin" / "python"
_REQUIREMENTS = REPOSITORY / "layers" / "dependencies" / "requirements.txt"
_AS_USUAL = Path(__file__).with_name("as_usual")
_WITHOUT = shutil.ignore_patterns("__pycache__", "Makefile", "README.md")
_SHIPPED_HERE = REPOSITORY / "layers" / "dependencies" / "shipped_here.py"


@dataclass(frozen=True)
class Stack:
    """`opt`: what Lambda puts at /opt/python. `rooms`: a folder for each room, as /var/task has it."""

    name: str
    opt: Path
    rooms: Path

    def roots(self, room: str) -> tuple[Path, ...]:
        return self.rooms / room, self.opt


def shipped() -> Stack:
    """As the Makefiles of the layers and rooms make it for Lambda, with wheels for this machine."""
    folder = BENCH / "shipped"
    subprocess.run([PYTHON, _SHIPPED_HERE, folder, _installed()], check=True)
    return Stack("shipped", folder / "opt", folder / "rooms")


def as_usual() -> Stack:
    """The dependencies as pip puts them there, boto3's clients as it gives them, and bytecode that nobody finds: in
    SAM's zips every file has the same date, so that what was compiled before looks stale.
    """
    folder = BENCH / "as-usual"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_installed(), folder / "opt", ignore=_WITHOUT)
    shutil.copytree(REPOSITORY / "layers" / "engagement", folder / "opt", ignore=_WITHOUT, dirs_exist_ok=True)
    for room in (REPOSITORY / "functions").glob("*/"):
        shutil.copytree(room, folder / "rooms" / room.name, ignore=_WITHOUT)
    for file in _AS_USUAL.glob("*.py"):
        shutil.copyfile(file, folder / "opt" / "engagement" / file.name)
    return Stack("as usual", folder / "opt", folder / "rooms")


def bare() -> Path:
    """A folder with a function that does nothing: `bare.handler`."""
    folder = BENCH / "bare"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bare.py").write_text("def handler(event, context):\n    return {}\n", encoding="utf-8")
    return folder


def _installed() -> Path:
    """The dependencies for this machine, without bytecode; kept until they change."""
    target, marker = BENCH / "dependencies", BENCH / "dependencies.txt"
    wanted = _REQUIREMENTS.read_text(encoding="utf-8")
    if not marker.exists() or marker.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(target, ignore_errors=True)
        uv = (REPOSITORY / ".local" / "uv-command").read_text(encoding="utf-8").strip()
        into = ["--target", str(target), "--python", str(PYTHON)]
        command = [uv, "pip", "install", "--quiet", *into, "--require-hashes", "--requirement"]
        subprocess.run([*command, str(_REQUIREMENTS)], check=True, cwd=REPOSITORY)
        marker.write_text(wanted, encoding="utf-8")
    return target
