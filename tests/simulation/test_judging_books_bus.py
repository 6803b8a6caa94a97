"""The judge of the books sees what is told by two ids or by two contents, what nobody is told, and what is not so."""

from typing import Any

import pytest

from engagement.events.customers import Unsubscribed
from engagement.events.loyalty import PointsEarned, PointsRedeemed, TierChanged
from shop_facts import NOW, consent_changed, days, offer_redeemed, registered
from tests.simulation.judges.books_bus import (
    ONE_ID,
    POINTS_TOLD,
    TIERS_TOLD,
    one_id_findings,
    points_told_findings,
    tier_findings,
)
from tests.simulation.judges.books_records import Items, a_record, published, rules_broken
from tests.simulation.record import Told

_FACTS = "LoyaltyFactsFunction"
_OFFER = offer_redeemed(event_id="offer-1-redeemed")


@pytest.mark.parametrize(
    ("again", "broken"),
    [({}, set()), ({"event_id": "another"}, set()), ({"order_id": "order-78"}, {ONE_ID})],
)
def test_one_id_has_one_content(again: dict[str, Any], broken: set[str]) -> None:
    record = published(a_record(), _FACTS, _OFFER, _OFFER.model_copy(update=again))

    assert rules_broken(record, one_id_findings) == broken


_LEFT = Unsubscribed(
    event_id="unsubscribed-1", occurred_at=NOW, customer_id="cust-asha", topic="reminders", send_key="mail-1"
)


@pytest.mark.parametrize(
    ("between", "broken"),
    [
        ([], set()),
        ([consent_changed(granted=True, occurred_at=NOW - days(1))], set()),
        ([consent_changed(granted=True, topic="offers", occurred_at=NOW + days(1))], set()),
        ([consent_changed(granted=True, occurred_at=NOW + days(1))], {ONE_ID}),
        ([registered(consents={"reminders"}, occurred_at=NOW + days(1))], {ONE_ID}),
    ],
)
def test_who_agreed_again_and_leaves_again_leaves_anew(between: list[Any], broken: set[str]) -> None:
    record = published(a_record(), _FACTS, _LEFT, _LEFT.model_copy(update={"occurred_at": NOW + days(2)}))
    record.told += [Told(NOW, fact) for fact in between]

    assert rules_broken(record, one_id_findings) == broken


def an_entry(**changes: Any) -> dict[str, Any]:
    known = {
        "customer_id": "cust-asha",
        "entry_id": "order-77:paid",
        "sequence": 1,
        "kind": "paid",
        "points": 50,
    }
    where = {"record_id": f"entry#{changes.get('entry_id', 'order-77:paid')}", "order_id": "order-77"}
    return {**known, **where, "booked_at": f"{NOW:%Y-%m-%dT%H:%M:%SZ}", **changes}


_SPENT = an_entry(
    entry_id="r-1:redeemed", sequence=2, kind="redeemed", points=-40, order_id=None, redemption_id="r-1"
)
_TOLD: dict[str, Any] = {"customer_id": "cust-asha", "occurred_at": NOW}
_EARNED = PointsEarned(event_id="order-77~1paid", points=50, source="order", order_id="order-77", **_TOLD)
_REDEEMED = PointsRedeemed(event_id="r-1~1redeemed", points=40, redemption_id="r-1", **_TOLD)


@pytest.mark.parametrize(
    ("entries", "told", "broken"),
    [
        ([an_entry(), _SPENT], (_EARNED, _EARNED, _REDEEMED), set()),
        ([an_entry(imported=True), an_entry(points=0, entry_id="order-78:paid")], (), set()),
        ([an_entry(), _SPENT], (_EARNED,), {POINTS_TOLD}),
        ([an_entry()], (_EARNED, _REDEEMED), {POINTS_TOLD}),
        ([an_entry()], (_EARNED, _EARNED.model_copy(update={"event_id": "another"})), {POINTS_TOLD}),
        ([an_entry(points=60)], (_EARNED,), {POINTS_TOLD}),
        ([an_entry(order_id="order-78")], (_EARNED,), {POINTS_TOLD}),
    ],
)
def test_every_booking_is_told_and_nothing_else(entries: Items, told: Any, broken: set[str]) -> None:
    record = published(a_record({"LoyaltyTable": entries}), _FACTS, *told)

    assert rules_broken(record, points_told_findings) == broken


def tiers(*told: tuple[str, int]) -> list[TierChanged]:
    return [
        TierChanged(event_id=f"{name}-{day}", customer_id="cust-asha", occurred_at=NOW + days(day), tier=name)
        for name, day in told
    ]


@pytest.mark.parametrize(
    ("told", "broken"),
    [
        ([("silver", 1), ("gold", 2)], set()),
        ([("gold", 2), ("silver", 1), ("gold", 2)], set()),
        ([("gold", 1), ("silver", 2)], {TIERS_TOLD}),
        ([], {TIERS_TOLD}),
    ],
)
def test_the_tier_that_is_told_last_is_the_customers(told: list[tuple[str, int]], broken: set[str]) -> None:
    account = {
        "customer_id": "cust-asha",
        "record_id": "account",
        "tiers": [{"tier": "silver"}, {"tier": "gold"}],
    }
    record = published(a_record({"LoyaltyTable": [account]}), _FACTS, *tiers(*told))

    assert rules_broken(record, tier_findings) == broken
