"""How much is shipped: of each function's folder, the shared layer, and each package of the layer of dependencies."""

from collections.abc import Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path

from budget_meter import Figures
from budget_meter_starts import LAYER, shipped_distributions

# Kilobytes. A finer step would make every line of code a new figure.
_STEP = 8
_KILOBYTE = 1024


def sizes(folders: Iterable[Path], layer: Path = LAYER) -> Figures:
    """By folder or package: `files`, and `kilobytes` rounded up to the step."""
    rooms = {folder.name: size(files_below(folder)) for folder in sorted(set(folders))}
    return {"rooms": rooms, "layer": {layer.name: size(files_below(layer))}, "dependencies": _dependencies()}


def size(files: Mapping[Path, Path]) -> dict[str, int]:
    """Of these files (where each lies, by the path that it is shipped under).

    Not counted is what differs between machines though it comes from the same text: bytecode wholly, and what a
    compiled library weighs.
    """
    shipped = {path: file for path, file in files.items() if path.suffix != ".pyc"}
    weight = sum(file.stat().st_size for path, file in shipped.items() if path.suffix != ".so")
    return {"files": len(shipped), "kilobytes": -(-weight // (_KILOBYTE * _STEP)) * _STEP}


def files_below(folder: Path) -> dict[Path, Path]:
    """But how it is built, which stays here."""
    files = [file for file in folder.rglob("*") if file.is_file() and file != folder / "Makefile"]
    return {file.relative_to(folder): file for file in files}


def _dependencies() -> Figures:
    """By distribution, without what pip writes about it, which depends on who installed it."""
    found = {}
    for name in shipped_distributions():
        installed = distribution(name)
        found[name] = size(
            {
                Path(file): Path(str(installed.locate_file(file)))
                for file in installed.files or ()
                if file.parts[0] != ".." and not file.parts[0].endswith(".dist-info")
            }
        )
    return found
