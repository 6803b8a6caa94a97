"""Who may import whom."""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest

from rishta_cli.project import ROOT, rooms
from tests.architecture.source_code import PACKAGES, Module, assert_none, modules_of

_TOOLS = {"local_cloud", "rishta_cli", "dynamodb_local", "tests", "shop_facts"}
# By these one reaches out of the process, or gets another answer at every call.
_REACHING_OUT = (
    *("boto3", "botocore", "aws_lambda_powertools", "logging", "os", "pathlib", "io", "shutil", "tempfile"),
    *("socket", "ssl", "http", "urllib", "urllib3", "requests", "subprocess", "threading"),
    *("time", "random", "secrets", "uuid", "importlib"),
    *("engagement.aws", "engagement.settings", "engagement.observability", "engagement.secret_keys"),
    *("engagement.queue_door", "engagement.schedule_door", "engagement.queues", "engagement.clock.utc_now"),
)


@pytest.mark.parametrize("room", rooms())
def test_a_room_imports_itself_the_layer_and_nobody_else_of_ours(room: str) -> None:
    strangers = {*rooms(), *_TOOLS} - {room}
    assert_none(_imports_of(modules_of(room), *strangers), "what two rooms need belongs into the layer")


def test_the_layer_imports_no_room_and_no_tool() -> None:
    assert_none(_imports_of(modules_of("engagement"), *rooms(), *_TOOLS), "the layer knows nobody above it")


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_imported_is_deployed(package: str) -> None:
    """What only the development environment has is missing in Lambda."""
    requirements = (ROOT / "layers/dependencies/requirements.txt").read_text()
    deployed = set(re.findall(r"^([a-z0-9._-]+)==", requirements, re.MULTILINE))
    third_party = {
        name: {re.sub(r"[-_.]+", "-", each).lower() for each in distributions}
        for name, distributions in packages_distributions().items()
    }
    missing = [
        f"{module}:{each.line} imports {each.name}"
        for module in modules_of(package)
        for each in module.imports()
        if (top := each.name.partition(".")[0]) not in sys.stdlib_module_names
        and top not in PACKAGES
        and not third_party.get(top, set()) & deployed
    ]
    assert_none(missing, "add its distribution to pyproject.toml's dependencies, then `make lock`")


@pytest.mark.parametrize("room", rooms())
def test_a_rooms_rules_reach_for_nothing(room: str) -> None:
    rules = [module for module in modules_of(room) if module.name == f"{room}.rules"]
    assert_none(_imports_of(rules, *_REACHING_OUT), "rules are pure: take what they need as an argument")


def test_events_and_money_reach_for_nothing() -> None:
    pure = ("engagement.events", "engagement.money", "engagement.errors", "engagement.clock")
    modules = [module for module in modules_of("engagement") if module.name.startswith(pure)]
    assert_none(_imports_of(modules, *_REACHING_OUT), "they are facts and figures, wherever they are read")


@pytest.mark.parametrize("package", PACKAGES)
def test_only_the_aws_module_makes_clients(package: str) -> None:
    harmless = ("botocore.exceptions",)
    making = ("engagement.aws", "engagement.swift_parsing")
    modules = [module for module in modules_of(package) if module.name not in making]
    wrong = _imports_of(modules, "boto3", "botocore", but=harmless)
    assert_none(wrong, "take the client as an argument; a door gets it from engagement.aws")


def _imports_of(modules: list[Module], *packages: str, but: tuple[str, ...] = ()) -> Iterator[str]:
    """A line for each import that these modules make from these packages."""
    for module in modules:
        for each in module.imports():
            if each.is_from(*packages) and not each.is_from(*but):
                yield f"{module}:{each.line} imports {each.name}"
