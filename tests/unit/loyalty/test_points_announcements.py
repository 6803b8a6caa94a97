"""What of an entry is told to others."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.events.base import Event
from loyalty.announcing import announcement
from loyalty.drafts import event_id_of
from loyalty.entries import Entry, EntryKind, Lot, Rule, RuleKind
from loyalty_facts import planned
from shop_facts import NOW

# As the shop may write them: an event's id takes no ":", which stands between the parts of an entry's.
_ids = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.@/+=~-]{0,99}\Z")


def told(kind: EntryKind, points: int, **changes: Any) -> Event | None:
    known: dict[str, Any] = {
        "customer_id": "cust-asha",
        "entry_id": "order-77:paid",
        "sequence": 1,
        "day": date(2027, 3, 1),
        "rule": Rule(RuleKind.EARNING),
        "event_id": "evt-1",
        "occurred_at": NOW,
        "booked_at": NOW,
        "order_id": "order-77",
    }
    return announcement(Entry(kind=kind, points=points, **known | changes), planned())


@pytest.mark.parametrize(
    ("kind", "points", "name", "number"),
    [
        (EntryKind.PAID, 10, "PointsEarned", 10),
        (EntryKind.SIGN_UP, 25, "PointsEarned", 25),
        (EntryKind.REVIEW_PUBLISHED, 20, "PointsEarned", 20),
        (EntryKind.REFUNDED, -4, "PointsTakenBack", 4),
        (EntryKind.CANCELLED, -4, "PointsTakenBack", 4),
        (EntryKind.REVIEW_REJECTED, -20, "PointsTakenBack", 20),
        (EntryKind.GIVEN_BACK, 5, "PointsGivenBack", 5),
        (EntryKind.EXPIRED, -7, "PointsExpired", 7),
        (EntryKind.ADJUSTED, 7, "PointsAdjusted", 7),
        (EntryKind.ADJUSTED, -7, "PointsAdjusted", -7),
    ],
)
def test_each_movement_is_told_by_its_name(kind: EntryKind, points: int, name: str, number: int) -> None:
    fact = told(kind, points)
    assert type(fact).__name__ == name
    assert getattr(fact, "points", None) == number


def test_points_spent_are_told_with_what_they_paid_for() -> None:
    fact: Any = told(EntryKind.REDEEMED, -5, redemption_id="checkout-1")
    assert (fact.points, fact.redemption_id, fact.order_id) == (5, "checkout-1", "order-77")


def test_points_that_never_end_are_told_without_a_day() -> None:
    fact: Any = told(EntryKind.PAID, 10, lot=Lot(date(2027, 3, 15)))
    assert (fact.spendable_on, fact.expires_on) == (date(2027, 3, 15), None)


def test_a_tier_is_told_with_its_benefits_and_one_that_the_plan_does_not_know_without() -> None:
    gold: Any = told(EntryKind.TIER_CHANGED, 0, tier="gold")
    assert (gold.tier, gold.benefits) == ("gold", ("birthday_offer", "early_access", "free_shipping"))
    gone: Any = told(EntryKind.TIER_CHANGED, 0, tier="platinum")
    assert (gone.tier, gone.benefits) == ("platinum", ())


def test_of_the_shops_past_the_tier_alone_is_told() -> None:
    assert told(EntryKind.PAID, 10, imported=True) is None
    assert told(EntryKind.TIER_CHANGED, 0, tier="gold", imported=True) is not None


def test_nothing_is_told_where_no_points_moved_or_a_tier_is_kept() -> None:
    assert told(EntryKind.REFUNDED, 0) is None
    assert told(EntryKind.TIER_KEPT, 0, tier="gold") is None


@given(_ids, _ids)
def test_every_entry_can_be_told_however_long_the_shops_ids_are(order_id: str, refund_id: str) -> None:
    assert told(EntryKind.REFUNDED, -1, entry_id=f"{order_id}:refunded:{refund_id}", order_id=order_id)


@given(st.lists(_ids, min_size=1, max_size=3), st.lists(_ids, min_size=1, max_size=3))
def test_two_entries_never_share_an_event_id(one: list[str], other: list[str]) -> None:
    same = event_id_of(":".join(one)) == event_id_of(":".join(other))
    assert same == (one == other)
