"""What of the ledger is told to others."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from engagement.events.base import Identifier
from engagement.events.loyalty import PointsEarned, PointsTakenBack
from loyalty_accrual.announcing import announcement, event_id_of
from loyalty_accrual.ledger import Entry, EntryKind, Rule, RuleKind
from shop_facts import NOW

identifiers = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.@/+=~-]{0,99}\Z")


def an_entry(**changes: Any) -> Entry:
    known: dict[str, Any] = {
        "customer_id": "cust-asha",
        "entry_id": "order-77:paid",
        "kind": EntryKind.PAID,
        "points": 10,
        "rule": Rule(RuleKind.EARNING, 1, 10_000, "INR"),
        "event_id": "evt-1",
        "occurred_at": NOW,
        "booked_at": NOW,
        "order_id": "order-77",
    }
    return Entry(**known | changes)


def test_points_earned_are_told() -> None:
    news = announcement(an_entry())
    assert isinstance(news, PointsEarned)
    assert (news.customer_id, news.order_id, news.points) == ("cust-asha", "order-77", 10)


def test_points_taken_back_are_told_as_a_number_above_zero() -> None:
    news = announcement(an_entry(kind=EntryKind.REFUNDED, entry_id="order-77:refunded:refund-1", points=-4))
    assert isinstance(news, PointsTakenBack)
    assert news.points == 4


def test_points_of_an_offer_are_told_for_its_order_and_taken_back_with_its_code() -> None:
    given = an_entry(kind=EntryKind.OFFER_REDEEMED, entry_id="order-77:offer_redeemed:ACDE", points=200)
    back = an_entry(kind=EntryKind.OFFER_RELEASED, entry_id="order-77:offer_released:ACDE", points=-200)
    told = [announcement(given), announcement(back)]
    assert [(type(news), news.points, news.order_id) for news in told if news] == [
        (PointsEarned, 200, "order-77"),
        (PointsTakenBack, 200, "order-77"),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"points": 0},
        {"imported": True},
        {"order_id": None, "kind": EntryKind.REDEEMED, "points": -5},
    ],
)
def test_nothing_is_told_of_no_points_the_shops_past_and_its_redemptions(changes: Any) -> None:
    assert announcement(an_entry(**changes)) is None


def test_the_same_entry_is_always_told_under_the_same_event_id() -> None:
    assert announcement(an_entry()) == announcement(an_entry())
    assert event_id_of("order-77:paid") == "order-77~1paid"


@given(identifiers, identifiers)
def test_every_entry_can_be_told_however_long_the_shops_ids_are(order_id: str, refund_id: str) -> None:
    TypeAdapter(Identifier).validate_python(event_id_of(f"{order_id}:refunded:{refund_id}"))


@given(
    st.lists(st.sampled_from(["a", "~", "1", "0", ":"]), max_size=6),
    st.lists(st.sampled_from("a~10:"), max_size=6),
)
def test_two_entries_never_share_an_event_id(one: list[str], other: list[str]) -> None:
    first, second = "".join(one), "".join(other)
    assert (event_id_of(first) == event_id_of(second)) == (first == second)
