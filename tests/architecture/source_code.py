"""The project's modules as syntax trees: what they import, and what runs when they are imported."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rishta_cli.project import FUNCTIONS, ROOT, rooms

LAYER = ROOT / "layers" / "engagement" / "engagement"
# What runs in Lambda.
PACKAGES = ["engagement", *rooms()]


@dataclass(frozen=True)
class Import:
    """`name` is the module; for `from module import thing` it is `module.thing`, which may be a module or not."""

    name: str
    line: int

    def is_from(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)


@dataclass(frozen=True)
class Module:
    """`str()` is its path in the repository, so that a failure names a file."""

    name: str
    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def tree(self) -> ast.Module:
        return _parse(self.path)

    def imports(self) -> list[Import]:
        """All but those for the type checker alone, also those inside functions."""
        return list(_imports(self.tree))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def at(self, node: ast.expr | ast.stmt) -> str:
        return f"{self}:{node.lineno}"


@cache
def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def modules_of(package: str) -> list[Module]:
    """A room's modules, or the layer's."""
    return _modules(LAYER if package == "engagement" else FUNCTIONS / package / package)


def doors() -> list[Module]:
    return [module for room in rooms() for module in modules_of(room) if module.name.endswith("_door")]


def room_of(module: Module) -> str:
    return module.name.partition(".")[0]


def assert_none(offenders: Iterable[str], advice: str) -> None:
    """Fails with a line for each offender, and what to do about it."""
    found = sorted(offenders)
    assert not found, "\n".join([*found, f"-> {advice}"])


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the repository."""
    return sorted(file for folder in folders for file in _written(ROOT / folder))


def called_name(call: ast.Call) -> str:
    """`aws.sqs` for `aws.sqs()`, `read_text` for `PATH().read_text()`."""
    names: list[str] = []
    target: ast.expr = call.func
    while isinstance(target, ast.Attribute):
        names.append(target.attr)
        target = target.value
    if isinstance(target, ast.Name):
        names.append(target.id)
    return ".".join(reversed(names))


def calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """The calls that happen when a module is imported: not those in functions' bodies, but in their defaults."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            at_import: list[ast.AST] = [*node.decorator_list, node.args]
        case ast.Lambda():
            at_import = [node.args]
        case _:
            at_import = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call):
        yield node
    for child in at_import:
        yield from calls_at_import(child)


def _modules(package: Path) -> list[Module]:
    return [Module(_dotted(path, package.parent), path) for path in _written(package)]


def _written(folder: Path) -> list[Path]:
    """What people wrote: not the templates that `rishta mail build` compiles."""
    return sorted(file for file in folder.rglob("*.py") if file.parent.name != "compiled")


def _dotted(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _imports(node: ast.AST) -> Iterator[Import]:
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            for otherwise in node.orelse:
                yield from _imports(otherwise)
        case ast.Import():
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        case ast.ImportFrom():
            yield from (Import(f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _imports(child)
