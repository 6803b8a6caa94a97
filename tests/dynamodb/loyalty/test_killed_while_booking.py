"""Whoever books is killed before or after any call: the queue delivers again, and all is as if nothing had been."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from conflicting_client import Conflicting
from engagement.errors import RetryLaterError
from ledger_house import ASHA, LedgerHouse
from loyalty.spending import Refusal
from mail_house import Kill
from shop_facts import (
    NOW,
    order_cancelled,
    order_paid,
    order_refunded,
    referral_completed,
    registered,
    rupees,
)
from watched_client import Moment, Watched

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# A customer's story: what comes of it is earned, spent, taken back, given back, and a tier.
_STORY: tuple[Callable[[LedgerHouse], object], ...] = (
    lambda house: house.told(registered(occurred_at=NOW)),
    lambda house: [
        house.told(referral_completed(friend_id=f"friend-{n}", occurred_at=NOW)) for n in range(5)
    ],
    lambda house: house.told(order_paid(amount=rupees(2000), occurred_at=NOW)),
    lambda house: house.reserve(60, "checkout-1", "order-77"),
    lambda house: house.till.commit(ASHA, "checkout-1", NOW),
    lambda house: house.told(order_refunded(amount=rupees(1000), occurred_at=NOW)),
    lambda house: house.told(order_cancelled(occurred_at=NOW)),
)
_MOST_CALLS = 40


class Killing:
    """The worker dies at its so manieth call, once."""

    def __init__(self, client: Any, kill_at: int, moment: Moment) -> None:
        self._left, self._moment = kill_at, moment
        self.watch: Callable[[Moment, str], None] = self._hear
        self.client: Any = Watched(client, self)

    def _hear(self, moment: Moment, _: str) -> None:
        if moment == self._moment:
            self._left -= 1
            if self._left == 0:
                raise Kill

    def stop(self) -> None:
        self._left = 0


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_story_ends_the_same_wherever_its_worker_is_killed(moment: Moment) -> None:
    undisturbed = LedgerHouse()
    for act in _STORY:
        act(undisturbed)
    ids = {fact.event_id for fact in undisturbed.bus.told}
    kills = 0
    for kill_at in range(1, _MOST_CALLS):
        killing = Killing(LedgerHouse().client, kill_at, moment)
        house = LedgerHouse(killing.client)
        for act in _STORY:
            try:
                act(house)
            except Kill:
                kills += 1
                act(house)
        killing.stop()
        assert house.points() == undisturbed.points()
        assert house.account().outbox == undisturbed.account().outbox == ("mail:tier_reached:silver",)
        assert {fact.event_id for fact in house.bus.told} == ids
        assert house.audit().differences == ()
    # Each of some thirty calls once; the last of the numbers are beyond the story's end.
    assert 20 < kills < _MOST_CALLS - 1


def test_a_fact_that_the_bus_refuses_is_told_when_it_comes_again() -> None:
    house = LedgerHouse()
    house.bus.refusals = 1
    with pytest.raises(RetryLaterError):
        house.told(order_paid())
    assert house.kinds_told == []
    assert house.told(order_paid()).kinds_told == ["PointsEarned"]
    assert house.points() == {"order-77:paid": 10}


def test_a_lost_race_is_run_again_and_in_the_end_left_to_the_queue(
    dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    table, pauses = dynamodb_table("LoyaltyTable"), list[float]()
    house = LedgerHouse(Conflicting(dynamodb, conflicts=2).client, table, pause=pauses.append)
    assert house.told(order_paid()).points() == {"order-77:paid": 10}
    assert len(pauses) == 2
    house = LedgerHouse(Conflicting(dynamodb, conflicts=50).client, table)
    with pytest.raises(RetryLaterError, match="others book on this account"):
        house.told(order_paid("order-78"))


def test_a_table_that_throttles_is_no_lost_race(
    dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    throttled = Conflicting(dynamodb, conflicts=1, code="ThrottlingError")
    house = LedgerHouse(throttled.client, dynamodb_table("LoyaltyTable"))
    with pytest.raises(RetryLaterError, match="ThrottlingError"):
        house.told(order_paid())
    assert house.told(order_paid()).points() == {"order-77:paid": 10}


def test_points_cannot_be_spent_twice_by_two_tabs_of_one_checkout() -> None:
    house = LedgerHouse().told(registered(occurred_at=NOW))
    assert house.reserve(25, "tab-1") is None
    assert house.reserve(25, "tab-2") is Refusal.NOT_ENOUGH
