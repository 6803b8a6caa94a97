"""Importing a door costs no call: settings, clients, plan and key come on the first message."""

import subprocess
import sys

import pytest

from rishta_cli.project import FUNCTIONS, ROOT
from tests.architecture.source_code import (
    PACKAGES,
    Module,
    assert_none,
    called_name,
    calls_at_import,
    doors,
    modules_of,
    room_of,
)

# By a call's last name, or all of it.
_BUILDING = {
    "from_environment",
    "engagement_plan",
    "read_plan",
    "hash_key",
    "signing_keys",
    "logger",
    "utc_now",
    "capability",
}
_READING = {"open", "read_text", "read_bytes", "catalogue", "getenv"}
_IMPORT_QUIETLY = """
import socket, sys
sys.path[:0] = sys.argv[2:]

def refuse(*_, **__):
    raise AssertionError("an import reaches out")

socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
import botocore.session
botocore.session.Session.create_client = refuse
__import__(sys.argv[1])
"""


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_builds_or_reads_anything_when_imported(package: str) -> None:
    calls = [
        f"{module.at(call)} calls {called_name(call)}()"
        for module in modules_of(package)
        for call in calls_at_import(module.tree)
        if called_name(call).startswith(("aws.", "boto3."))
        or called_name(call).rpartition(".")[2] in _BUILDING | _READING
    ]
    assert_none(calls, "move it into a function that is @cache'd and called by the first message")


@pytest.mark.parametrize("door", doors(), ids=str)
def test_a_door_can_be_imported_with_no_environment_and_no_network(door: Module) -> None:
    roots = [str(FUNCTIONS / room_of(door)), str(ROOT / "layers" / "engagement")]
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_QUIETLY, door.name, *roots],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{door} does more than define things when it is imported:\n{done.stderr}"
