"""`rishta cost` reckons with these calls: each kind of thing that happens is measured, and must take as much."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pytest

from rishta_cli.cost.calls import Calls, call_table
from shop_happenings import happenings, sweeps
from shop_on_the_meter import MeteredShop, shop_on_the_meter

if TYPE_CHECKING:
    from dynamodb_local import DynamoDBLocal

# Bytes change with every word of a log line or an attribute; a bill does not turn on them.
_BYTES = ("logged", "kept")
_MOST_OFF, _MOST_OFF_OF = 512, 4


@pytest.fixture
def shop(dynamodb_engine: "DynamoDBLocal") -> Iterator[MeteredShop]:
    with shop_on_the_meter(dynamodb_engine.endpoint) as shop:
        yield shop


def differences(said: Mapping[str, Calls], measured: Mapping[str, Calls]) -> list[str]:
    found = [f"{name}: only the bill has it" for name in said.keys() - measured.keys()]
    found += [f"{name}: the bill does not have it" for name in measured.keys() - said.keys()]
    for name in said.keys() & measured.keys():
        bill, meter = said[name], measured[name]
        for what in Calls.model_fields:
            expected, seen = getattr(bill, what), getattr(meter, what)
            if not _agree(what, expected, seen):
                found.append(f"{name}, {what}: the bill says {expected}, measured {seen}")
    return sorted(found)


def _agree(what: str, expected: object, seen: object) -> bool:
    if what in _BYTES and isinstance(expected, int) and isinstance(seen, int):
        return abs(expected - seen) <= max(_MOST_OFF, expected // _MOST_OFF_OF)
    return expected == seen


def test_what_happens_takes_as_many_calls_as_the_bill_says(shop: MeteredShop) -> None:
    assert differences(call_table().facts, happenings(shop)) == []


def test_a_sweep_that_finds_nothing_takes_as_many(shop: MeteredShop) -> None:
    assert differences(call_table().sweeps, sweeps(shop)) == []


def test_one_write_more_than_the_bill_says_is_a_difference() -> None:
    measured = call_table().facts["order_paid"]
    said = measured.model_copy(update={"writes": measured.writes - 1})
    assert differences({"order_paid": said}, {"order_paid": measured}) == [
        f"order_paid, writes: the bill says {said.writes}, measured {measured.writes}"
    ]
    assert differences({"order_paid": said}, {}) == ["order_paid: only the bill has it"]
