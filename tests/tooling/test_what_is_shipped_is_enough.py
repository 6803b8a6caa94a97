"""What slim.py keeps is what the code asks for: no call that fails in Lambda alone, and none kept for nobody."""

import ast
import json
from collections.abc import Iterator

import botocore.session
import pytest
from botocore import xform_name

from rishta_cli.project import ROOT
from tests.architecture.source_code import PACKAGES, Module, assert_none, modules_of

_KEPT: dict[str, list[str]] = json.loads((ROOT / "layers/dependencies/kept.json").read_text("utf-8"))
_SESSION = botocore.session.Session()
# By the name of the client's method.
_KNOWN = {
    xform_name(operation): (service, operation)
    for service in _KEPT
    for operation in _SESSION.get_service_model(service).operation_names
}
_IS_KEPT = {(service, operation) for service, operations in _KEPT.items() for operation in operations}
# Of which slim.py leaves nothing: these would fail in Lambda, and there alone.
_LEFT_OUT = "get_waiter"
_PACKAGES_LEFT_OUT = ("boto3", "s3transfer", "importlib.metadata")


def test_every_call_of_aws_is_kept() -> None:
    missing = [
        f"{at}: {service} {operation}"
        for at, (service, operation) in _called()
        if not _kept(service, operation)
    ]
    assert_none(
        missing,
        "write it into layers/dependencies/kept.json: the layer describes to botocore what stands there",
    )


def test_nothing_is_kept_that_nobody_calls() -> None:
    unused = [" ".join(each) for each in _IS_KEPT - {called for _, called in _called()}]
    assert_none(unused, "nobody calls it any more: take it out of layers/dependencies/kept.json")


def test_every_client_is_of_a_service_that_is_kept() -> None:
    [aws] = [module for module in modules_of("engagement") if module.name.endswith("aws")]
    services = {
        call.args[0].value
        for call in aws.calls()
        if _named(call) == "_client"
        if isinstance(call.args[0], ast.Constant)
    }
    assert services == set(_KEPT)


@pytest.mark.parametrize("package", PACKAGES)
def test_nobody_asks_for_what_is_left_out(package: str) -> None:
    found = [
        f"{module.at(call)} {_named(call)}"
        for module in modules_of(package)
        for call in module.calls()
        if _named(call) == _LEFT_OUT
    ]
    found += [
        f"{module}:{each.line} {each.name}"
        for module in modules_of(package)
        for each in module.imports()
        if each.is_from(*_PACKAGES_LEFT_OUT)
    ]
    assert_none(found, "the layer does not have it: layers/dependencies/slim.py")


@pytest.mark.parametrize(
    "code", ["self._client.describe_table(TableName='t')", "c.get_paginator('describe_table')"]
)
def test_a_new_call_is_found(code: str) -> None:
    assert [called for _, called in _calls_in(ast.parse(code))] == [("dynamodb", "DescribeTable")]
    assert not _kept("dynamodb", "DescribeTable")


def _called() -> Iterator[tuple[str, tuple[str, str]]]:
    """Where, and what of which service."""
    modules: list[Module] = [module for package in PACKAGES for module in modules_of(package)]
    for module in modules:
        for call, called in _calls_in(module.tree):
            yield module.at(call), called


def _calls_in(tree: ast.AST) -> Iterator[tuple[ast.expr, tuple[str, str]]]:
    """Whatever has the name of an operation: called, handed on, or the pages of which are asked for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _KNOWN:
            yield node, _KNOWN[node.attr]
        elif isinstance(node, ast.Call) and _named(node) == "get_paginator":
            yield node, _KNOWN[ast.literal_eval(node.args[0])]


def _kept(service: str, operation: str) -> bool:
    return (service, operation) in _IS_KEPT


def _named(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))
