"""The judge of the books sees a ledger that does not add up, and finds nothing in one that does."""

import copy
from functools import cache
from typing import Any

import pytest

from loyalty_books import Books
from shop_facts import NOW, days, order_paid, order_refunded, registered, rupees
from tests.simulation.judges.books_loyalty import (
    ADDS_UP,
    LOTS_ADD_UP,
    NUMBERED,
    ORDER_ADDS_UP,
    RESERVED_ONCE,
    SPENT_WHAT_WAS,
    ledger_findings,
)
from tests.simulation.judges.books_records import Items, a_record, ledger_items, rules_broken

_LATER = NOW + days(20)


@cache
def a_ledger() -> Items:
    books = Books().told_of_customers(registered(occurred_at=NOW)).told(order_paid(amount=rupees(5000)))
    books = books.after(_LATER).reserved("r-1", 40, _LATER).committed("r-1", _LATER)
    books = books.told(order_refunded(amount=rupees(1000)), now=_LATER).reserved("r-2", 5, _LATER)
    return ledger_items(
        books.told(order_paid("order-78", amount=rupees(700), occurred_at=_LATER), now=_LATER)
    )


def broken(**changes: Any) -> set[str]:
    """The rules that are broken when these attributes of items, by record id and name, are others."""
    items = copy.deepcopy(a_ledger())
    for where, value in changes.items():
        record_id, _, name = where.replace("__", "#").partition("/")
        next(item for item in items if item["record_id"] == record_id)[name] = value
    return rules_broken(a_record({"LoyaltyTable": items}), ledger_findings)


def test_a_ledger_that_adds_up_is_not_complained_of() -> None:
    assert broken() == set()


def test_of_nobody_there_is_nothing_to_find() -> None:
    assert rules_broken(a_record(), ledger_findings) == set()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"account/lots": {"2028-03-01": 25, "2028-04-01": 50}}, ADDS_UP),
        ({"account/totals": {"redeemed": -40, "earned": 82}}, ADDS_UP),
        ({"entry__order-78:paid/points": 14}, ADDS_UP),
        ({"entry__order-78:paid/sequence": 6}, NUMBERED),
        ({"account/entry_count": 6}, NUMBERED),
        ({"entry__order-78:paid/day": "2027-03-20"}, NUMBERED),
        ({"account/pending": {"2027-04-05|2028-05-01": 7}}, LOTS_ADD_UP),
        ({"account/used": -45}, LOTS_ADD_UP),
        ({"entry__r-1:redeemed/points": -80}, SPENT_WHAT_WAS),
        ({"reservation__r-1/state": "held"}, RESERVED_ONCE),
        ({"reservation__r-2/state": "committed"}, RESERVED_ONCE),
        ({"entry__order-77:refunded:refund-1/worth": -60}, ORDER_ADDS_UP),
        ({"order__order-77/points_in_force": 50}, ORDER_ADDS_UP),
        ({"order__order-77/given_back": 1}, ORDER_ADDS_UP),
    ],
)
def test_a_ledger_that_does_not_add_up_is_complained_of(changes: dict[str, Any], rule: str) -> None:
    assert rule in broken(**changes)


def test_an_entry_that_is_booked_twice_is_seen() -> None:
    items = a_ledger()
    again = next(item for item in items if item["record_id"] == "entry#order-78:paid")

    assert ADDS_UP in rules_broken(a_record({"LoyaltyTable": [*items, again]}), ledger_findings)


def test_a_refund_while_the_points_are_on_hold_may_leave_less_than_nothing() -> None:
    books = Books().told(order_paid(amount=rupees(5000))).after(_LATER).reserved("r-1", 50, _LATER)
    books = books.told(order_refunded(amount=rupees(1000)), now=_LATER).committed("r-1", _LATER)

    assert rules_broken(a_record({"LoyaltyTable": ledger_items(books)}), ledger_findings) == set()
