"""What every cold start and every request would do once more with the same outcome, done once in a process.

A function shares nothing by this: its modules, classes and clients are its own. What is kept follows from files alone.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any
from unittest.mock import patch

import boto3
import botocore.session
import moto.core.responses
import yaml
from botocore import xform_name
from botocore.auth import SigV4Auth
from botocore.hooks import EventAliaser
from botocore.loaders import JSONFileLoader, Loader
from moto.core.serialize import ResponseSerializer, XFormedAttributePicker
from moto.core.utils import method_names_from_class
from pydantic._internal import _config as pydantic_config

_compile: Any = SourceFileLoader.source_to_code
_load_json: Any = JSONFileLoader.load_file
_register_handlers: Any = vars(boto3.Session)["_register_default_handlers"]
_method_names = functools.cache(method_names_from_class)
_get_value: Any = ResponseSerializer.get_value
_alias_event: Any = vars(EventAliaser)["_alias_event_name"]
_list_services: Any = Loader.list_available_services
_load_yaml: Any = yaml.load
_compose_yaml: Any = functools.cache(yaml.compose)


@contextmanager
def thrift() -> Iterator[None]:
    with (
        # Where Python may not write its bytecode down, each sandbox would compile all that it imports.
        patch.object(SourceFileLoader, "source_to_code", lambda _, *source: _compiled(*source)),
        # All functions share one session of botocore's, and those of boto3, which want to change each only once.
        patch.object(botocore.session, "get_session", functools.cache(botocore.session.get_session)),
        patch.object(boto3.Session, "_register_default_handlers", _once_for_each()),
        # botocore's descriptions of AWS are megabytes of JSON, and each cloud has a session of its own.
        patch.object(JSONFileLoader, "load_file", lambda _, path: _description(path)),
        patch.object(Loader, "list_available_services", _services),
        # Each client gives the same thousand events the same other names.
        patch.object(EventAliaser, "_alias_event_name", _alias),
        # moto looks through all members of a class for the method that answers a request.
        patch.object(moto.core.responses, "method_names_from_class", _method_names),
        # moto asks five objects for each member that an answer could have.
        patch.object(ResponseSerializer, "get_value", _value_of),
        # Who signed is said beside the signature, and nobody here checks that one.
        patch.object(SigV4Auth, "canonical_request", lambda *_: ""),
        # The plan is the same for every function.
        patch.object(yaml, "load", _yaml),
        patch.object(yaml, "compose", _compose_yaml),
        # A model is built when it is first used: of those that a function imports, few are.
        patch.dict(pydantic_config.config_defaults, defer_build=True),
    ):
        yield


def _once_for_each() -> Callable[[Any], None]:
    changed: set[Any] = set()

    def register(session: Any) -> None:
        if session._session not in changed:
            changed.add(session._session)
            _register_handlers(session)

    return register


@functools.cache
def _compiled(source: bytes, path: str) -> CodeType:
    """By its very text: a file that was written anew is compiled anew."""
    code: CodeType = _compile(SourceFileLoader("", path), source, path)
    return code


@functools.cache
def _description(path: str) -> Any:
    return _load_json(JSONFileLoader(), path)


def _yaml(stream: Any, Loader: Any) -> Any:  # noqa: N803 - as PyYAML spells it
    return copy.deepcopy(_loaded(stream, Loader)) if isinstance(stream, str) else _load_yaml(stream, Loader)


@functools.cache
def _loaded(text: str, loader: Any) -> Any:
    return _load_yaml(text, loader)


def _value_of(serializer: ResponseSerializer, value: Any, key: str, shape: Any) -> Any:
    picker = serializer._value_picker
    if type(value) is not dict or type(picker) is not XFormedAttributePicker or picker.response_transformers:
        return _get_value(serializer, value, key, shape)
    return value[key] if key in value else value.get(xform_name(key))


_aliases: dict[str, str] = {}
_services_in: dict[tuple[str, ...], list[str]] = {}


def _alias(aliaser: EventAliaser, name: str) -> str:
    if name not in _aliases:
        _aliases[name] = _alias_event(aliaser, name)
    return _aliases[name]


def _services(loader: Loader, type_name: str) -> list[str]:
    where = (*loader.search_paths, type_name)
    if where not in _services_in:
        _services_in[where] = _list_services(loader, type_name)
    return list(_services_in[where])
