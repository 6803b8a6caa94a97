"""A stanza's environment and its door's Settings name the same variables."""

import pytest

from engagement.settings import DoorSettings
from rishta_cli.project import import_from_room
from tests.architecture.stack import FUNCTIONS_IN_TEMPLATE, WRITTEN, door_name


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_stanza_and_settings_name_the_same_variables(function: str) -> None:
    stanza = FUNCTIONS_IN_TEMPLATE[function]
    room, _, door = door_name(stanza).partition(".")
    module = import_from_room(room, door)
    settings = getattr(module, "Settings", None)
    assert isinstance(settings, type), f"{room}/{door}.py: class Settings(DoorSettings)"
    assert issubclass(settings, DoorSettings), f"{room}/{door}.py: class Settings(DoorSettings)"
    declared = {field.upper() for field in settings.model_fields}
    given = set(stanza.get("Environment", {}).get("Variables", {}))
    assert declared - given == set(), f"{function}: put them into its Environment, or out of {room}/{door}.py"
    assert given - declared == set(), (
        f"{room}/{door}.py: add them to Settings, or take them out of {function}"
    )


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_a_stanzas_variables_are_in_alphabetical_order(function: str) -> None:
    given = list(FUNCTIONS_IN_TEMPLATE[function].get("Environment", {}).get("Variables", {}))
    assert given == sorted(given)


def test_what_all_share_belongs_to_no_door() -> None:
    """Another setting of ours in Globals would be in no door's Settings, and checked by nobody."""
    shared = WRITTEN["Globals"]["Function"]["Environment"]["Variables"]
    ours = [name for name in shared if not name.startswith("POWERTOOLS_")]
    assert ours == ["PLAN_PARAMETER"], "the layer's own, read by engagement/plan_door.py"
