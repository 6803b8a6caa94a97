"""Where things are in a checkout, and how to reach the rooms from outside Lambda."""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]
FUNCTIONS = ROOT / "functions"
LAYER = ROOT / "layers" / "engagement" / "engagement"
SCHEMAS = ROOT / "events" / "schemas"
LOCAL_STATE = ROOT / ".local" / "cloud"
# The template's parameters that a person would read in a mail; the others get values made up by the local cloud.
LOCAL_PARAMETERS = {"SenderDomain": "shop.example.com"}


def rooms() -> list[str]:
    """The capabilities' names: each a folder under functions/ with a package of the same name in it."""
    return sorted(
        folder.name for folder in FUNCTIONS.iterdir() if (folder / folder.name / "__init__.py").is_file()
    )


def import_from_room(room: str, module: str) -> ModuleType | None:
    """`<room>.<module>`, or None where the room has no such module."""
    if not (FUNCTIONS / room / room / f"{module.replace('.', '/')}.py").is_file():
        return None
    reach(room)
    return import_module(f"{room}.{module}")


def reach(*names: str) -> None:
    """Put rooms on the path, so that their modules can be imported."""
    for name in names:
        if str(FUNCTIONS / name) not in sys.path:
            sys.path.append(str(FUNCTIONS / name))


def modules_of(package: str) -> list[ModuleType]:
    """A package's modules, imported."""
    found = import_module(package)
    return [import_module(module.name) for module in walk_packages(found.__path__, prefix=f"{package}.")]
