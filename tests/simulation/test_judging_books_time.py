"""The judge of the books sees points that end on a wrong day, a birthday that is missed, and a tier nobody reached."""

import copy
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from loyalty_books import Books
from shop_facts import NOW, days, erased, order_paid, order_refunded, registered, rupees
from tests.simulation.judges.books_points import LEDGER
from tests.simulation.judges.books_records import Items, a_record, handled, ledger_items, rules_broken
from tests.simulation.judges.books_time import BIRTHDAY, ENDED, ON_ITS_DAY, TIER, time_findings

_JOINED = registered(occurred_at=NOW, birthday="1992-02-29")
_PAID = order_paid(amount=rupees(60_000), occurred_at=NOW)
_LATER = datetime(2029, 3, 20, 12, tzinfo=UTC)


@cache
def a_ledger(until: datetime = _LATER) -> Items:
    """Two years, at which somebody looks every five days."""
    books = Books().told_of_customers(_JOINED).told(_PAID)
    now = NOW
    while (now := now + timedelta(days=5)) < until:
        books = books.after(now)
    books = books.reserved("r-1", 1, now - timedelta(days=2)) if until < _LATER else books
    return ledger_items(books.after(until))


def broken(*changes: tuple[str, str, Any], items: Items | None = None, now: datetime = _LATER) -> set[str]:
    """The rules that are broken when these attributes of items, by record id and name, are others."""
    kept = copy.deepcopy(items or a_ledger())
    for record_id, name, value in changes:
        if name == "gone":
            kept = [item for item in kept if item["record_id"] != record_id]
        else:
            next(item for item in kept if item["record_id"] == record_id)[name] = value
    record = handled(a_record({"LoyaltyTable": kept}, now=now), LEDGER, _JOINED, _PAID)
    return rules_broken(record, time_findings)


def test_two_years_of_a_ledger_are_not_complained_of() -> None:
    kinds = {item.get("kind") for item in a_ledger()}
    assert {"birthday", "expired", "tier_changed"} <= kinds, "there is something to look at"

    assert broken() == set()


_PAID_ENTRY = "entry#order-77:paid"
_BIRTHDAY_ENTRY = "entry#cust-asha:birthday:2028-02-29"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ([(_PAID_ENTRY, "lot", {"matures_on": "2027-03-14", "expires_on": "2028-04-01"})], ON_ITS_DAY),
        ([(_PAID_ENTRY, "lot", {"matures_on": "2027-03-15", "expires_on": "2028-03-15"})], ON_ITS_DAY),
        ([("account", "lots", {"2029-03-01": 5})], ENDED),
        ([("account", "held", {"r-1": {"points": 1, "until": "2029-03-01T00:00:00Z"}})], ENDED),
        ([(_BIRTHDAY_ENTRY, "gone", None)], BIRTHDAY),
        ([(_BIRTHDAY_ENTRY, "points", 100)], BIRTHDAY),
        ([(_BIRTHDAY_ENTRY, "entry_id", "cust-asha:birthday:2028-03-01")], BIRTHDAY),
        ([(_BIRTHDAY_ENTRY, "day", "2028-12-29")], BIRTHDAY),
        ([(_PAID_ENTRY, "qualifying", {"points": 300})], TIER),
    ],
)
def test_what_time_did_not_do_is_seen(changes: list[tuple[str, str, Any]], rule: str) -> None:
    assert rule in broken(*changes)


def test_what_ended_before_its_time_is_seen() -> None:
    items = a_ledger()
    expired = next(item for item in items if item.get("kind") == "expired")

    assert ENDED in broken((expired["record_id"], "day", "2028-01-01"), items=items)


@pytest.mark.parametrize("change", [("day", "2028-03-31"), ("tier", "gold")])
def test_a_tier_that_is_lost_too_early_or_never_reached_is_seen(change: tuple[str, Any]) -> None:
    items = a_ledger()
    lowered = [item for item in items if item.get("kind") == "tier_changed"][-1]

    assert TIER in broken((lowered["record_id"], *change), items=items)


def test_a_tier_that_is_reached_is_given() -> None:
    until = NOW + days(60)
    items = a_ledger(until)
    reached = next(item for item in items if item.get("kind") == "tier_changed")

    assert broken(items=items, now=until) == set()
    assert TIER in broken((reached["record_id"], "gone", None), items=items, now=until)


def test_all_that_an_erased_customer_had_ends_at_once() -> None:
    gone = erased(occurred_at=NOW + days(40))
    books = (
        Books().told_of_customers(_JOINED).told(_PAID, order_refunded(amount=rupees(100), occurred_at=NOW))
    )
    books = books.after(NOW + days(39)).told_of_customers(gone, now=NOW + days(40))
    record = a_record({"LoyaltyTable": ledger_items(books)}, now=NOW + days(50))

    assert rules_broken(handled(record, LEDGER, _JOINED, _PAID, gone), time_findings) == set()
