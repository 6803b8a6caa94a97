"""Doors are thin: parse, build on the first call, make one call."""

import ast

import pytest

from tests.architecture.source_code import Module, assert_none, called_name, doors

_DECIDING = (ast.If, ast.IfExp, ast.Match, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar)
_BUILT_ONCE = ("cache", "for_each_plan")


def _functions(door: Module) -> list[ast.FunctionDef]:
    return [node for node in door.tree.body if isinstance(node, ast.FunctionDef)]


def _is_cached(function: ast.FunctionDef) -> bool:
    return any(isinstance(each, ast.Name) and each.id in _BUILT_ONCE for each in function.decorator_list)


@pytest.mark.parametrize("door", doors(), ids=str)
def test_a_door_decides_nothing(door: Module) -> None:
    deciding = [
        f"{door}:{node.lineno} has {type(node).__name__}"
        for node in ast.walk(door.tree)
        if isinstance(node, _DECIDING)
    ]
    assert_none(
        deciding, "a decision belongs into the room's rules, a loop or a try into the room's other modules"
    )


@pytest.mark.parametrize("door", doors(), ids=str)
def test_a_door_fits_on_one_page(door: Module) -> None:
    lines = len(door.path.read_text(encoding="utf-8").splitlines())
    assert lines <= 80, f"{door} has {lines} lines: parse, wire, one call"


@pytest.mark.parametrize("door", doors(), ids=str)
def test_a_door_says_what_opens_it(door: Module) -> None:
    assert (ast.get_docstring(door.tree) or "").startswith("Door: "), (
        f'{door}: """Door: <its trigger>, <what comes>."""'
    )


@pytest.mark.parametrize("door", doors(), ids=str)
def test_a_door_has_one_handler(door: Module) -> None:
    handlers = [function for function in _functions(door) if function.name == "handler"]
    assert len(handlers) == 1, f"{door} has no function `handler`, which is what its stanza names"
    assert len(handlers[0].args.args) == 2, f"{door}: handler(event, context)"


@pytest.mark.parametrize("door", doors(), ids=str)
def test_a_door_builds_its_capability_once_and_on_first_call(door: Module) -> None:
    """`@cache`d, so that a second message finds it built; not at import, so that a wrong setting is a clear error."""
    building = [
        function
        for function in _functions(door)
        if any(
            isinstance(node, ast.Call) and called_name(node).endswith(".from_environment")
            for node in ast.walk(function)
        )
    ]
    assert building, f"{door} has no function that builds its capability from Settings.from_environment()"
    assert all(map(_is_cached, building)), (
        f"{door}: {building[0].name} wants functools.cache or for_each_plan"
    )
    builders = {function.name for function in building}
    used = {called_name(call) for call in door.calls()}
    assert builders <= used, f"{door}: nobody calls {sorted(builders - used)}"
