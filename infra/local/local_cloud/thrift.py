"""What every cold start and every request would do once more with the same outcome, done once in a process.

A function shares nothing by this: its modules, classes and clients are its own. What is kept follows from files alone.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any
from unittest.mock import patch

import moto.core.responses
from botocore.loaders import JSONFileLoader
from moto.core.utils import method_names_from_class
from pydantic._internal import _config as pydantic_config

_compile: Any = SourceFileLoader.source_to_code
_load_json: Any = JSONFileLoader.load_file
_method_names = functools.cache(method_names_from_class)


@contextmanager
def thrift() -> Iterator[None]:
    with (
        # Where Python may not write its bytecode down, each sandbox would compile all that it imports.
        patch.object(SourceFileLoader, "source_to_code", lambda _, *source: _compiled(*source)),
        # botocore's descriptions of AWS are megabytes of JSON, and each cloud has a session of its own.
        patch.object(JSONFileLoader, "load_file", lambda _, path: _description(path)),
        # moto looks through all members of a class for the method that answers a request.
        patch.object(moto.core.responses, "method_names_from_class", _method_names),
        # A model is built when it is first used: of those that a function imports, few are.
        patch.dict(pydantic_config.config_defaults, defer_build=True),
    ):
        yield


@functools.cache
def _compiled(source: bytes, path: str) -> CodeType:
    """By its very text: a file that was written anew is compiled anew."""
    code: CodeType = _compile(SourceFileLoader("", path), source, path)
    return code


@functools.cache
def _description(path: str) -> Any:
    return _load_json(JSONFileLoader(), path)
