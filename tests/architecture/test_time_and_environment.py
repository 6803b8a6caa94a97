"""Who may reach for the clock, the environment and files."""

import ast

import pytest

from rishta_cli.project import rooms
from tests.architecture.source_code import PACKAGES, assert_none, called_name, modules_of

_CLOCK_READERS = (
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
)
_WITH_EFFECTS = {"open", "print", "input", "exec", "eval", "__import__", "read_text", "write_text", "iterdir"}


@pytest.mark.parametrize("package", PACKAGES)
def test_only_the_clock_module_reads_the_clock(package: str) -> None:
    readers = [
        f"{module.at(call)} calls {called_name(call)}"
        for module in modules_of(package)
        for call in module.calls()
        if called_name(call).endswith(_CLOCK_READERS) and module.name != "engagement.clock"
    ]
    assert_none(readers, "take `now` as an argument; a door gets it from engagement.clock.utc_now")


@pytest.mark.parametrize("package", PACKAGES)
def test_only_doors_ask_for_the_time(package: str) -> None:
    asking = [
        f"{module.at(node)} asks for the time"
        for module in modules_of(package)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name | ast.Attribute) and _last_name(node) == "utc_now"
        if not module.name.endswith("_door")
    ]
    assert_none(asking, "take `now` as an argument, and let the room's door call utc_now()")


@pytest.mark.parametrize("package", PACKAGES)
def test_only_settings_reads_the_environment(package: str) -> None:
    reading = [
        f"{module.at(node)} reads the environment"
        for module in modules_of(package)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name | ast.Attribute)
        if _last_name(node) in ("environ", "environb", "getenv") and module.name != "engagement.settings"
    ]
    assert_none(reading, "declare a field in the door's Settings")


@pytest.mark.parametrize("room", rooms())
def test_a_rooms_rules_do_nothing_but_answer(room: str) -> None:
    acting = [
        f"{module.at(call)} calls {called_name(call)}"
        for module in modules_of(room)
        for call in module.calls()
        if module.name == f"{room}.rules" and called_name(call).rpartition(".")[2] in _WITH_EFFECTS
    ]
    assert_none(acting, "rules are pure: whoever calls them reads and writes")


@pytest.mark.parametrize("room", rooms())
def test_a_rooms_rules_know_no_delay_of_their_own(room: str) -> None:
    """The engagement plan has every delay; a rule gets it with its settings."""
    delays = [
        f"{module.at(call)} calls timedelta with a number"
        for module in modules_of(room)
        for call in module.calls()
        if module.name == f"{room}.rules" and called_name(call).endswith("timedelta")
        if any(
            isinstance(value, ast.Constant) for value in [*call.args, *(each.value for each in call.keywords)]
        )
    ]
    assert_none(delays, "put the number into engagement_plan.yaml, and its field into the room's campaign.py")


def _last_name(node: ast.Name | ast.Attribute) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id
