"""Measures what everything that happens at a shop makes AWS do, and writes it down for `rishta cost`."""

from typing import TYPE_CHECKING, Any

import yaml

from rishta_cli.cost.calls import CALLS, Calls, CallTable
from shop_happenings import happenings, sweeps
from shop_on_the_meter import shop_on_the_meter

if TYPE_CHECKING:
    from dynamodb_local import DynamoDBLocal

_HEAD = """\
# What each thing that happens at a shop makes AWS do until all is quiet again, measured on the local cloud, one at a
# time. Written by `make budgets`; tests/budgets/test_work.py fails when it is no longer so. The words are explained in
# calls.py.
"""


def test_the_table_of_calls_is_written_anew(dynamodb_engine: "DynamoDBLocal") -> None:
    table = {}
    for name, measure in (("facts", happenings), ("sweeps", sweeps)):
        with shop_on_the_meter(dynamodb_engine.endpoint) as shop:
            table[name] = _rows(measure(shop))
    text = yaml.safe_dump(table, sort_keys=False, default_flow_style=None, width=110)
    CallTable.model_validate(table)
    CALLS.write_text(_HEAD + text, encoding="utf-8")


def _rows(measured: dict[str, Calls]) -> dict[str, Any]:
    return {name: calls.model_dump(exclude_defaults=True) for name, calls in measured.items()}
