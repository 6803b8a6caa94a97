"""What belongs to one function and to no other: modules, import path, environment, loggers, output."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from local_cloud.declared import FunctionSpec
from local_cloud.kept_imports import kept_imports
from local_cloud.output import OUTPUT

# What the process itself needs; everything else in the developer's environment is hidden from a function.
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE")
_MANY = 100
_KEPT_PREFIXES = ("LC_", "PYTHON", "PYTEST_", "MOTO_", "COVERAGE_")


class Sandbox:
    """One function's world, kept between its runs. Third-party modules are shared by all.

    `own_names` are the top-level names of all packages that any function or layer has: each sandbox has its own
    copy of those it imports, and can import those under its own roots only.
    """

    def __init__(self, spec: FunctionSpec, own_names: OwnNames, environment: Mapping[str, str]) -> None:
        self._roots = [str(root) for root in spec.import_roots]
        self._own_names = own_names
        surroundings = tuple(sorted({**environment, **spec.environment}.items()))
        self._imports = kept_imports((spec.name, spec.handler, tuple(self._roots), surroundings))
        self._modules = self._imports.anew()
        self._loggers: dict[str, Any] = {}
        self._parameter_cache: dict[str, Any] = {}
        self._root_level = logging.WARNING
        self._root_handlers: list[logging.Handler] = [logging.StreamHandler(OUTPUT)]
        self._environ = {
            **{
                name: value
                for name, value in os.environ.items()
                if name in _KEPT or name.startswith(_KEPT_PREFIXES)
            },
            **environment,
            **spec.environment,
            "AWS_LAMBDA_FUNCTION_NAME": spec.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{spec.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "local",
            "LAMBDA_TASK_ROOT": self._roots[0],
            "_HANDLER": spec.handler,
        }
        # Files written a moment ago (by a test) are not yet in the import system's listing of their folder.
        importlib.invalidate_caches()

    @contextmanager
    def entered(self) -> Iterator[None]:
        with (
            self._own_modules(),
            self._own_environment(),
            self._own_parameter_cache(),
            self._own_logging(),
            self._imports.noted(self._own_names.among),
        ):
            yield

    @contextmanager
    def _own_modules(self) -> Iterator[None]:
        outside = self._taken_out()
        path = list(sys.path)
        sys.modules.update(self._modules)
        sys.path[:] = self._roots + [entry for entry in path if _is_environment(entry)]
        try:
            yield
        finally:
            self._modules = self._taken_out()
            sys.modules.update(outside)
            sys.path[:] = path

    def _taken_out(self) -> dict[str, ModuleType]:
        return {name: sys.modules.pop(name) for name in self._own_names.among(sys.modules)}

    @contextmanager
    def _own_environment(self) -> Iterator[None]:
        outside = os.environ
        # In its place, since changing thirty variables there and back takes longer than most runs. What is below Python
        # sees none of it, and no function counts on that.
        os.environ = self._environ  # type: ignore[assignment]  # noqa: B003
        try:
            yield
        finally:
            os.environ = outside  # noqa: B003

    @contextmanager
    def _own_parameter_cache(self) -> Iterator[None]:
        """Powertools keeps SSM clients and values in a module of its own; a function has its own in Lambda."""
        module = sys.modules.get("aws_lambda_powertools.utilities.parameters.base")
        cache: dict[str, Any] = module.DEFAULT_PROVIDERS if module is not None else {}
        outside = dict(cache)
        cache.clear()
        cache.update(self._parameter_cache)
        try:
            yield
        finally:
            module = sys.modules.get("aws_lambda_powertools.utilities.parameters.base")
            cache = module.DEFAULT_PROVIDERS if module is not None else {}
            self._parameter_cache = dict(cache)
            cache.clear()
            cache.update(outside)

    @contextmanager
    def _own_logging(self) -> Iterator[None]:
        root = logging.root
        loggers = root.manager.loggerDict
        outside, level, handlers = dict(loggers), root.level, list(root.handlers)
        loggers.update(self._loggers)
        root.handlers[:] = self._root_handlers
        _set_level(root, self._root_level)
        try:
            yield
        finally:
            self._root_level, self._root_handlers = root.level, list(root.handlers)
            self._loggers = {name: each for name, each in loggers.items() if outside.get(name) is not each}
            root.handlers[:] = handlers
            _set_level(root, level)
            loggers.clear()
            loggers.update(outside)


class OwnNames:
    """Tells the modules of the functions and layers from all others, by the names found in their import roots."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self._packages = frozenset(
            entry.stem
            for root in set(roots)
            if root.is_dir()
            for entry in root.iterdir()
            if entry.suffix == ".py"
            or (entry.is_dir() and entry.name.isidentifier() and entry.name != "__pycache__")
        )
        self._others: set[str] = set()

    def among(self, modules: dict[str, Any]) -> list[str]:
        # Two thousand names, twice in each run. What came last stands last, and own modules come and go: behind many
        # in a row that are known to be others, there are no more of them.
        own: list[str] = []
        in_a_row = 0
        for name in reversed(modules):
            if name in self._others:
                in_a_row += 1
                if in_a_row == _MANY:
                    break
            elif name.partition(".")[0] in self._packages:
                own.append(name)
                in_a_row = 0
            else:
                self._others.add(name)
                in_a_row = 0
        return own[::-1]


def _set_level(logger: logging.Logger, level: int) -> None:
    """Where it is another: setting it makes all loggers of the process forget what they know."""
    if logger.level != level:
        logger.setLevel(level)


def _is_environment(entry: str) -> bool:
    """Whether this entry of sys.path is Python's own: its library or its installed packages."""
    return entry.startswith((sys.prefix, sys.base_prefix, sys.exec_prefix)) if entry else False
