"""Nothing is ever selected by reading a whole table: what that costs grows with the shop."""

import ast

import pytest

from tests.architecture.source_code import PACKAGES, assert_none, called_name, modules_of
from tests.architecture.stack import FUNCTIONS_IN_TEMPLATE, listed, statements

# PartiQL's ExecuteStatement and an export read whole tables too.
_WHOLE_TABLES = {"scan", "execute_statement", "batch_execute_statement", "export_table_to_point_in_time"}
_ACTIONS = {"dynamodb:Scan", "dynamodb:PartiQLSelect", "dynamodb:ExportTableToPointInTime"}


def _reads_whole_tables(call: ast.Call) -> bool:
    """`client.scan(…)`, and `client.get_paginator("scan")`."""
    if called_name(call).rpartition(".")[2] in _WHOLE_TABLES:
        return True
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(value, ast.Constant) and value.value in _WHOLE_TABLES for value in given)


# An audit is meant to look at everything; it reads a 720th of the ledger an hour.
_AUDITED, _AUDITOR = "loyalty.table", "LoyaltyAuditFunction"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_code_of_ours_scans_a_table(package: str) -> None:
    scanning = [
        f"{module.at(call)} calls {called_name(call)}"
        for module in modules_of(package)
        for call in module.calls()
        if _reads_whole_tables(call) and module.name != _AUDITED
    ]
    assert_none(scanning, "query an index that has just what is due")


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_no_role_may_scan_a_table(function: str) -> None:
    actions = {action for statement in statements(function) for action in listed(statement["Action"])}
    allowed = {"dynamodb:Scan"} if function == _AUDITOR else set()
    assert actions & _ACTIONS == allowed, f"{function}: its cost would grow with the table; query an index"


@pytest.mark.parametrize(
    "code",
    [
        "client.scan(TableName=t)",
        "self._client.get_paginator('scan')",
        "client.execute_statement(Statement=s)",
    ],
)
def test_whoever_scans_is_found_out(code: str) -> None:
    (call,) = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    assert _reads_whole_tables(call)
