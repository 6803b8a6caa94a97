"""While a function starts, nobody looks for garbage; when it has, everybody does."""

import ast
import subprocess
import sys

import pytest

from rishta_cli.project import FUNCTIONS, ROOT, rooms
from tests.architecture.source_code import Module, doors

_LOOK = """
import gc, sys
sys.path[:0] = sys.argv[2:]
{pretend}
collections = []
gc.callbacks.append(lambda phase, info: collections.append(phase))
import cart_nudges.products_door
from engagement import aws
print(len(collections), gc.isenabled(), gc.get_freeze_count() > 10_000, aws._session.cache_info().currsize)
"""


def _started(pretend: str) -> list[str]:
    roots = [str(FUNCTIONS / "cart_nudges"), str(ROOT / "layers" / "engagement")]
    command = [sys.executable, "-c", _LOOK.format(pretend=pretend), "", *roots]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_in_lambda_no_garbage_is_collected_until_all_is_imported_and_prepared() -> None:
    assert _started("sys.modules['awslambdaric'] = sys") == ["0", "True", "True", "1"]


def test_elsewhere_importing_a_door_changes_nothing() -> None:
    collections, *rest = _started("")
    assert int(collections) > 0
    assert rest == ["True", "False", "0"]


@pytest.mark.parametrize("room", rooms())
def test_a_room_imports_nothing_before(room: str) -> None:
    tree = ast.parse((FUNCTIONS / room / room / "__init__.py").read_text(encoding="utf-8"))
    assert [ast.unparse(each) for each in tree.body[1:]] == ["import engagement.startup"]


@pytest.mark.parametrize("door", doors(), ids=str)
def test_a_doors_handler_says_that_it_is_ready(door: Module) -> None:
    (handler,) = [
        each for each in door.tree.body if isinstance(each, ast.FunctionDef) and each.name == "handler"
    ]
    assert [ast.unparse(each) for each in handler.decorator_list] == ["ready"], (
        f"{door}: @ready of engagement.startup above `def handler`"
    )
