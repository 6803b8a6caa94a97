"""What each thing that happens makes each function ask AWS is what the budgets say, and what `rishta cost` reckons
with: all of it is measured once, for both.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

import boto3
import pytest

from budget_meter import assert_within, budget, differences
from budget_meter_starts import functions_of_template
from budget_meter_work import Measured, WorkingShop, measured_work, working_shop
from engagement.items import to_item
from local_cloud.cloud import AwsCall
from rishta_cli.cost.calls import Calls, call_table
from shop_facts import days, registered

if TYPE_CHECKING:
    from dynamodb_local import DynamoDBLocal

DOOR = "OccasionOffersFactsFunction"
# Bytes change with every word of a log line or an attribute; a bill does not turn on them.
_BYTES = ("logged", "kept")
_MOST_OFF, _MOST_OFF_OF = 512, 4


@pytest.fixture(scope="module")
def shop(dynamodb_engine: "DynamoDBLocal") -> Iterator[WorkingShop]:
    with working_shop(dynamodb_engine.endpoint) as shop:
        yield shop


@pytest.fixture(scope="module")
def measured(shop: WorkingShop) -> Measured:
    return measured_work(shop)


def test_what_happens_makes_no_function_ask_more_or_less_than_its_budget(measured: Measured) -> None:
    assert_within(budget("work"), measured.figures()["work"])  # type: ignore[arg-type]


def test_nor_does_a_sweep_that_finds_nothing(measured: Measured) -> None:
    assert_within(budget("sweeps"), measured.figures()["sweeps"])  # type: ignore[arg-type]


def test_every_function_has_a_budget(measured: Measured) -> None:
    rows = [*measured.facts.values(), *measured.rarer.values(), *measured.sweeps.values()]
    assert {name for row in rows for name in row.functions} == functions_of_template().keys()


def test_one_call_more_is_a_difference(shop: WorkingShop, measured: Measured) -> None:
    def told(customer: str) -> Mapping[str, Mapping[str, int]]:
        long_ago = shop.cloud.now - days(60)
        return shop.during(lambda _: shop.tell(registered(customer, occurred_at=long_ago))).asked

    before = told("cust-budget-1")
    client = boto3.client("dynamodb", endpoint_url=shop.client.meta.endpoint_url)
    table, key = shop.cloud.resources["OccasionsTable"], {"customer_id": "cust-1", "occasion": "#told"}

    once = iter([True])

    def look_once_more(call: AwsCall, moment: Literal["before", "after"]) -> None:
        if (call.function, call.operation, moment) == (DOOR, "GetItem", "after") and next(once, False):
            client.get_item(TableName=table, Key=to_item(key))

    shop.cloud.faults.append(look_once_more)
    assert differences(before, told("cust-budget-2")) == [
        f"{DOOR}, GetItem: ROSE from 1 to 2",
        f"{DOOR}, half reads: ROSE from 2 to 3",
    ]
    shop.cloud.faults.remove(look_once_more)
    assert differences(before, told("cust-budget-3")) == []


def test_what_happens_takes_as_many_calls_as_the_bill_says(measured: Measured) -> None:
    assert off_the_bill(call_table().facts, measured.facts) == []


def test_a_sweep_that_finds_nothing_takes_as_many(measured: Measured) -> None:
    assert off_the_bill(call_table().sweeps, measured.sweeps) == []


def test_one_write_more_than_the_bill_says_is_a_difference() -> None:
    row = call_table().facts["order_paid"]
    said = row.model_copy(update={"writes": row.writes - 1})
    assert off_the_bill({"order_paid": said}, {"order_paid": row}) == [
        f"order_paid, writes: the bill says {said.writes}, measured {row.writes} -> make budgets"
    ]
    assert off_the_bill({"order_paid": said}, {}) == ["order_paid: only the bill has it"]


def off_the_bill(said: Mapping[str, Calls], measured: Mapping[str, Calls]) -> list[str]:
    found = [f"{name}: only the bill has it" for name in said.keys() - measured.keys()]
    found += [f"{name}: the bill does not have it" for name in measured.keys() - said.keys()]
    for name in said.keys() & measured.keys():
        bill, meter = said[name], measured[name]
        for what in Calls.model_fields:
            expected, seen = getattr(bill, what), getattr(meter, what)
            if not _agree(what, expected, seen):
                found.append(f"{name}, {what}: the bill says {expected}, measured {seen} -> make budgets")
    return sorted(found)


def _agree(what: str, expected: object, seen: object) -> bool:
    if what in _BYTES and isinstance(expected, int) and isinstance(seen, int):
        return abs(expected - seen) <= max(_MOST_OFF, expected // _MOST_OFF_OF)
    return expected == seen
