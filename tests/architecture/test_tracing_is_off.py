"""Tracing costs nothing while it is off: its package, a tenth of a second of every cold start, is not even imported."""

import subprocess
import sys

import pytest

from rishta_cli.project import ROOT, rooms
from tests.architecture.stack import FUNCTIONS_IN_TEMPLATE, door_name

_ROOTS = [str(ROOT / "layers" / "engagement"), *(str(ROOT / "functions" / room) for room in rooms())]


@pytest.mark.parametrize("door", ["cart_nudges.sweep_door", "mail_delivery.send_door"])
def test_a_door_does_not_import_it(door: str) -> None:
    assert door in {door_name(stanza) for stanza in FUNCTIONS_IN_TEMPLATE.values()}
    code = f"import sys; sys.path[:0] = {_ROOTS!r}; import {door}; print('aws_xray_sdk' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
