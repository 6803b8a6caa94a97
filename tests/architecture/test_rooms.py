"""A capability is a room: one folder that has all it needs, and is where it is looked for."""

import sys

import pytest

from rishta_cli.project import FUNCTIONS, ROOT, rooms
from tests.architecture.source_code import Module, doors, room_of
from tests.architecture.stack import FUNCTIONS_IN_TEMPLATE, door_name

_EVENTS = ROOT / "events"
_TESTS = ROOT / "tests"


def test_every_folder_under_functions_is_a_room() -> None:
    folders = [folder.name for folder in FUNCTIONS.iterdir() if any(folder.rglob("*.py"))]
    assert sorted(folders) == rooms(), "functions/<room>/ holds a package <room>/ with an __init__.py"


@pytest.mark.parametrize("room", rooms())
def test_a_room_holds_its_package_and_no_other_code(room: str) -> None:
    """Two rooms' packages of one name would be one package to the tests, and the wrong handler would run."""
    packages = {path.parent.name for path in (FUNCTIONS / room).glob("*/*.py")}
    assert packages == {room}, f"functions/{room} holds the package {room} alone"
    assert not list((FUNCTIONS / room).glob("*.py")), (
        f"put functions/{room}'s modules into functions/{room}/{room}"
    )
    assert room not in {*sys.stdlib_module_names, "engagement", "tests", "local_cloud", "rishta_cli"}


@pytest.mark.parametrize("room", rooms())
def test_a_room_has_a_readme_of_one_screen(room: str) -> None:
    readme = FUNCTIONS / room / "README.md"
    assert readme.is_file(), f"write functions/{room}/README.md: what it does, for whom, and its doors"
    lines = len(readme.read_text(encoding="utf-8").splitlines())
    assert 0 < lines <= 40, f"functions/{room}/README.md has {lines} lines; 40 fit on a screen"


@pytest.mark.parametrize("room", rooms())
def test_a_room_has_a_door(room: str) -> None:
    assert [door for door in doors() if room_of(door) == room], f"functions/{room}/{room} has no *_door.py"


@pytest.mark.parametrize("room", rooms())
@pytest.mark.parametrize("kind", ["unit", "functional"])
def test_a_room_has_tests(room: str, kind: str) -> None:
    assert list((_TESTS / kind / room).glob("test_*.py")), f"write tests/{kind}/{room}/test_….py"


@pytest.mark.parametrize("door", doors(), ids=str)
def test_a_door_has_samples_of_its_events(door: Module) -> None:
    folder = _EVENTS / room_of(door) / door.path.stem
    assert list(folder.glob("*.json")), f"put an event that opens {door} into {folder.relative_to(ROOT)}/"


def test_samples_lie_under_a_door() -> None:
    known = {(room_of(door), door.path.stem) for door in doors()}
    found = {sample.relative_to(_EVENTS).parts[:2] for sample in _EVENTS.glob("*/*/*.json")}
    assert found <= known, "events/<room>/<door>/ of a door that does not exist"


@pytest.mark.parametrize("door", doors(), ids=str)
def test_a_door_has_one_stanza(door: Module) -> None:
    stanzas = [name for name, stanza in FUNCTIONS_IN_TEMPLATE.items() if door_name(stanza) == door.name]
    assert len(stanzas) == 1, f"template.yaml calls {door} from {stanzas or 'nowhere'}; it wants one stanza"


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_a_stanza_points_to_a_door(function: str) -> None:
    stanza = FUNCTIONS_IN_TEMPLATE[function]
    room = door_name(stanza).partition(".")[0]
    assert stanza["Handler"].endswith("_door.handler"), f"{function}: Handler: <room>.<…>_door.handler"
    assert door_name(stanza) in {door.name for door in doors()}, (
        f"{function}: there is no {door_name(stanza)}"
    )
    assert stanza["CodeUri"] == f"functions/{room}/", f"{function}: CodeUri: functions/{room}/"
