"""What the table keeps of a record is the record: every one comes back as it was written."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.items import from_item, to_item
from engagement.money import Money
from loyalty.entries import NEVER, Entry, Lot, Qualifying, Returned
from loyalty.ledger_items import id_of, record_of, records_of, values_of
from loyalty.records import Account, Hold, Order, Reservation, Review, TierHeld
from shop_facts import NOW, days

KINDS = (Account, Entry, Order, Reservation, Review)
MARCH = date(2027, 3, 15)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    # A number in DynamoDB has 38 digits; the largest that a fact about points can tell has 22.
    int: st.integers(-(2 * 10**21), 2 * 10**21),
    str: st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8),
    bool: st.booleans(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates() | st.just(NEVER),
    Money: st.builds(Money, amount_minor=st.integers(0, 10**15), currency=st.sampled_from(["INR", "USD"])),
    type(None): st.none(),
}


def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Anything of a type that records are made of."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if isinstance(kind, type) and is_dataclass(kind):
        fields = get_type_hints(kind)
        return st.builds(kind, **{name: any_of(each) for name, each in fields.items()})
    parts = get_args(kind)
    if get_origin(kind) is Mapping:
        return st.dictionaries(any_of(parts[0]), any_of(parts[1]), max_size=3)
    if get_origin(kind) is tuple:
        return st.lists(any_of(parts[0]), max_size=3).map(tuple)
    if isinstance(kind, UnionType):
        return st.one_of(*map(any_of, parts))
    assert issubclass(kind, StrEnum), kind
    return st.sampled_from(list(kind))


def kept(record: Any) -> dict[str, Any]:
    """Its values as they come back from the table, with what else its item has."""
    key = {"customer_id": record.customer_id, "record_id": id_of(record)}
    return from_item(to_item(values_of(record) | key | {"due_shard": "shard-1"}))


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_comes_back_as_it_was_written(kind: type[Any]) -> None:
    @given(any_of(kind))
    def comes_back(record: Any) -> None:
        assert record_of(kind, kept(record)) == record

    comes_back()


@given(any_of(Account), st.lists(any_of(Entry), max_size=3), any_of(Order))
def test_a_customers_records_are_told_apart_by_their_keys(
    account: Account, entries: list[Entry], order: Order
) -> None:
    found = records_of(account.customer_id, [kept(each) for each in (order, *reversed(entries), account)])
    assert (found.account, found.orders) == (account, (order,))
    assert sorted(found.entries, key=repr) == sorted(entries, key=repr)
    assert [each.sequence for each in found.entries] == sorted(each.sequence for each in entries)


def test_what_has_nothing_in_it_is_not_written() -> None:
    assert values_of(Account("cust-asha")) == {"customer_id": "cust-asha"}
    assert values_of(Order("cust-asha", "order-77")) == {"customer_id": "cust-asha", "order_id": "order-77"}


def test_what_an_account_counts_by_days_is_text_as_the_table_has_it() -> None:
    account = Account(
        "cust-asha",
        version=3,
        pending={Lot(MARCH): 10, Lot(MARCH, date(2028, 4, 1)): 5},
        lots={NEVER: 7},
        held={"checkout-1": Hold(5, NOW + days(1))},
        qualifying={MARCH: Qualifying(15, 150_000)},
        tiers=(TierHeld("silver", NOW),),
    )
    values = values_of(account)
    assert values["pending"] == {"2027-03-15|9999-12-31": 10, "2027-03-15|2028-04-01": 5}
    assert values["lots"] == {"9999-12-31": 7}
    assert values["qualifying"] == {"2027-03-15": "15/150000"}
    assert record_of(Account, kept(account)) == account


def test_what_went_back_of_an_order_by_pieces_alone_comes_back_so() -> None:
    order = Order(
        "cust-asha", "order-77", version=2, returned={"tea": Returned(quantity=2), "cup": Returned()}
    )
    assert record_of(Order, kept(order)) == order
