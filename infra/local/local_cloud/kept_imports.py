"""What importing a function's code gave, kept from one cold start to the next in this process.

Importing sixty modules and building their models takes longer than most of what a function then does, and comes to
the same each time while the files are the same. So a cold start gets the modules of the one before, each as it was
when it had just been imported: its names, its lists and dicts, its classes' too, and nothing left in a `@cache`.
What a function keeps elsewhere (in an attribute of an object made at import) is not found here; no room does that,
since nothing is built at import.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

_exec_module: Callable[[SourceFileLoader, ModuleType], None] = SourceFileLoader.exec_module
_Stamp = tuple[int, int] | None


@dataclass(frozen=True)
class _Fresh:
    """A module, and what it and its classes held when its import was done."""

    module: ModuleType
    stamp: _Stamp
    names: dict[str, Any]
    containers: list[tuple[Any, Any]]

    def again(self) -> None:
        now = vars(self.module)
        for name in [name for name, value in now.items() if _came_later(name, value, self.names)]:
            del now[name]
        now.update(self.names)
        for container, content in self.containers:
            _refill(container, content)
        for value in _held(self.module, self.names):
            if isinstance(value, functools._lru_cache_wrapper):
                value.cache_clear()


class KeptImports:
    """The modules of one function with one environment. Lists nothing until `noted` has seen them imported."""

    def __init__(self) -> None:
        self._fresh: dict[str, _Fresh] = {}

    def anew(self) -> dict[str, ModuleType]:
        """All modules, as just imported; none if the file of any of them is another by now."""
        if any(each.stamp != _stamp(each.module) for each in self._fresh.values()):
            self._fresh.clear()
        for each in self._fresh.values():
            each.again()
        return {name: each.module for name, each in self._fresh.items()}

    @contextmanager
    def noted(self, is_own: Callable[[dict[str, Any]], list[str]]) -> Iterator[None]:
        """Notes the function's own modules (those of which `is_own` gives the names) as they are imported."""

        def exec_module(loader: SourceFileLoader, module: ModuleType) -> None:
            _exec_module(loader, module)
            if is_own({module.__name__: module}):
                self._fresh[module.__name__] = _as_it_is(module)

        with patch.object(SourceFileLoader, "exec_module", exec_module):
            yield


@functools.cache
def kept_imports(_function: Hashable) -> KeptImports:
    """One for each function, told apart by all that its imports follow from: its code's folders and environment."""
    return KeptImports()


def _as_it_is(module: ModuleType) -> _Fresh:
    names = dict(vars(module))
    containers = [
        (value, value.copy()) for value in _held(module, names) if isinstance(value, list | dict | set)
    ]
    return _Fresh(module, _stamp(module), names, containers)


def _held(module: ModuleType, names: Mapping[str, Any]) -> Iterator[Any]:
    """What the module's names and those of the classes it defines stand for; not Python's own `__names__`."""
    for name, value in names.items():
        if not _is_pythons(name):
            yield value
        if inspect.isclass(value) and value.__module__ == module.__name__:
            for attribute, held in vars(value).items():
                if not _is_pythons(attribute):
                    yield getattr(held, "__func__", held)


def _is_pythons(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _came_later(name: str, value: Any, names: Mapping[str, Any]) -> bool:
    # A package has those of its modules as attributes that were imported since, and they are kept too.
    return name not in names and not isinstance(value, ModuleType)


def _refill(container: Any, content: Any) -> None:
    if container != content:
        container.clear()
        (container.extend if isinstance(container, list) else container.update)(content)


def _stamp(module: ModuleType) -> _Stamp:
    if module.__file__ is None:
        return None
    try:
        status = Path(module.__file__).stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size
