"""The judge of the books recomputes points from what was told, and sees where the ledger has others."""

import copy
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from engagement.events.base import Event
from loyalty_books import Books
from shop_facts import (
    NOW,
    days,
    erased,
    offer_redeemed,
    order_cancelled,
    order_paid,
    order_refunded,
    referral_completed,
    registered,
    review_published,
    review_rejected,
    rupees,
)
from tests.simulation.judges.books_points import (
    BONUS_ONCE,
    GIVEN_BACK,
    LEDGER,
    ORDER_WORTH,
    REVIEW_WORTH,
    points_findings,
)
from tests.simulation.judges.books_records import Items, a_record, handled, ledger_items, rules_broken

_JOINED = registered(occurred_at=NOW)
_FRIEND = referral_completed(occurred_at=NOW)
_PAID = order_paid(amount=rupees(5000), occurred_at=NOW)
_BACK = order_refunded(amount=rupees(1000), occurred_at=NOW)
_OFFER = offer_redeemed(occurred_at=NOW)
_SHOWN = review_published(occurred_at=NOW)
_LATER = NOW + days(20)


@cache
def a_ledger() -> Items:
    books = Books().told_of_customers(_JOINED, _FRIEND).told(_PAID, _OFFER)
    books = books.after(_LATER).reserved("r-1", 40, _LATER, "order-77").committed("r-1", _LATER)
    return ledger_items(books.told(_BACK, now=_LATER).told_of_reviews(_SHOWN, now=_LATER))


def broken(*told: Event, items: Items | None = None, points: dict[str, int] | None = None) -> set[str]:
    """The rules that are broken if these facts were told, and entries, by their ids, are of other points."""
    items = copy.deepcopy(items or a_ledger())
    for entry_id, number in (points or {}).items():
        entry = next(item for item in items if item.get("entry_id") == entry_id)
        entry["points"] = entry["worth"] = number
    record = handled(a_record({"LoyaltyTable": items}, now=_LATER), LEDGER, *told)
    return rules_broken(record, points_findings)


_ALL: Sequence[Event] = (_JOINED, _FRIEND, _PAID, _OFFER, _BACK, _SHOWN)


def test_points_that_are_what_was_told_are_not_complained_of() -> None:
    assert broken(*_ALL) == set()
    assert broken(*_ALL, *_ALL) == set()
    assert broken(*reversed(_ALL)) == set()


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ((*_ALL, order_refunded(refund_id="refund-2", amount=rupees(300))), ORDER_WORTH),
        ((*_ALL, order_cancelled()), ORDER_WORTH),
        ((*_ALL, order_paid("order-78")), ORDER_WORTH),
        ((_JOINED, _FRIEND, _OFFER, _BACK, _SHOWN), ORDER_WORTH),
        ((*_ALL, order_cancelled()), GIVEN_BACK),
        ((*_ALL, review_rejected(revision=9, occurred_at=NOW + days(1))), REVIEW_WORTH),
        (_ALL[:-1], REVIEW_WORTH),
        ((*_ALL, referral_completed(friend_id="cust-noor")), BONUS_ONCE),
        (_ALL[1:], BONUS_ONCE),
        ((_JOINED, *_ALL[2:]), BONUS_ONCE),
    ],
)
def test_a_fact_that_was_told_and_does_not_count_is_seen(told: Sequence[Event], rule: str) -> None:
    assert rule in broken(*told)


@pytest.mark.parametrize(
    ("entry_id", "points", "rule"),
    [
        ("order-77:paid", 100, ORDER_WORTH),
        ("cust-asha:sign_up", 50, BONUS_ONCE),
        ("order-77:refunded:refund-1:given_back", 40, GIVEN_BACK),
    ],
)
def test_a_fact_that_counts_for_too_much_is_seen(entry_id: str, points: int, rule: str) -> None:
    assert rule in broken(*_ALL, points={entry_id: points})


def test_of_what_was_before_an_erasure_all_may_count_or_nothing() -> None:
    gone = erased(occurred_at=NOW + days(1))
    nothing: list[dict[str, Any]] = ledger_items(Books().told_of_customers(gone).told(_PAID))

    assert broken(gone, _PAID, items=nothing) == set()
    assert broken(_PAID, gone, items=nothing) == set()
    assert ORDER_WORTH in broken(_PAID, items=nothing)
