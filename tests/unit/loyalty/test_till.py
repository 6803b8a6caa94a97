"""At the till: points are held for a checkout, spent once, or free again, whatever is repeated and who is faster."""

from collections.abc import Callable
from typing import Any

import pytest

from conflicting_client import Conflicting
from engagement.errors import RetryLaterError
from engagement.events.loyalty import PointsGivenBack, PointsRedeemed
from engagement.races import PAUSES
from loyalty.records import ReservationState
from loyalty.spending import Refusal
from shop_facts import NOW, days, hours, order_paid, order_refunded, rupees
from till_house import ASHA, LATER, TABLE, TillHouse


@pytest.fixture
def till() -> TillHouse:
    """Where Asha has 100 points."""
    return TillHouse().with_points(100)


def test_points_on_hold_cannot_be_spent_by_another_checkout(till: TillHouse) -> None:
    held = till.reserve(60)
    assert held.refusal is None
    assert held.reservation is not None
    assert held.reservation.until == NOW + till.terms.settings.reserved_for
    assert till.reserve(50, "checkout-2").refusal is Refusal.NOT_ENOUGH
    assert (till.account().available, till.account().on_hold, till.account().balance) == (40, 60, 100)


def test_a_reservation_asked_for_again_is_the_same_one(till: TillHouse) -> None:
    first = till.reserve(60)
    again = till.reserve(60, now=NOW + hours(0.1))
    assert again.reservation == first.reservation
    assert till.account().on_hold == 60


def test_an_id_is_never_that_of_two_reservations(till: TillHouse) -> None:
    till.reserve(60)
    assert till.reserve(61).refusal is Refusal.ANOTHER
    assert till.reserve(60, order_id="order-1").refusal is Refusal.ANOTHER
    assert till.account().on_hold == 60


def test_a_commit_spends_the_points_and_tells_it_once_however_often_it_is_repeated(till: TillHouse) -> None:
    till.reserve(60, order_id="order-77")
    for _ in range(3):
        answer = till.commit()
        assert answer.refusal is None
        assert answer.reservation is not None
        assert answer.reservation.state is ReservationState.COMMITTED
    assert [entry.points for entry in till.redemptions()] == [-60]
    (told,) = till.bus.told
    assert isinstance(told, PointsRedeemed)
    assert (told.points, told.redemption_id, told.order_id) == (60, "checkout-1", "order-77")
    assert (till.account().balance, till.account().on_hold) == (40, 0)


def test_what_is_released_can_be_spent_by_another_checkout(till: TillHouse) -> None:
    till.reserve(100)
    for _ in range(2):
        assert till.release().refusal is None
    assert till.reserve(100, "checkout-2").refusal is None
    assert till.commit().refusal is Refusal.RELEASED
    assert till.reserve(100).refusal is Refusal.RELEASED
    assert till.bus.told == []


def test_what_is_spent_is_not_released(till: TillHouse) -> None:
    till.reserve(100)
    till.commit()
    assert till.release().refusal is Refusal.COMMITTED
    assert till.reserve(100).refusal is Refusal.COMMITTED
    assert till.account().balance == 0


def test_a_reservation_ends_by_itself(till: TillHouse) -> None:
    till.reserve(100)
    assert till.reserve(1, "checkout-2", now=NOW + hours(0.49)).refusal is Refusal.NOT_ENOUGH
    assert till.reserve(1, "checkout-2", now=LATER).refusal is None
    assert till.account(LATER).available == 99


def test_a_commit_that_comes_late_counts_if_there_are_still_as_many_points(till: TillHouse) -> None:
    till.reserve(60)
    assert till.commit(now=LATER).refusal is None
    assert till.account(LATER).balance == 40
    till.reserve(40, "checkout-2", now=LATER)
    till.reserve(40, "checkout-3", now=LATER + hours(1))
    refused = till.commit("checkout-2", now=LATER + hours(1))
    assert refused.refusal is Refusal.NOT_ENOUGH
    assert till.commit("checkout-3", now=LATER + hours(1)).refusal is None
    assert till.account(LATER + hours(1)).balance == 0


def test_a_reservation_that_ended_begins_anew_when_it_is_asked_for_again(till: TillHouse) -> None:
    till.reserve(60)
    anew = till.reserve(60, now=LATER)
    assert anew.reservation is not None
    assert anew.reservation.until > LATER
    assert till.account(LATER).on_hold == 60


def test_points_that_paid_for_an_order_come_back_with_its_refund(till: TillHouse) -> None:
    till.hear(order_paid(amount=rupees(1000)))
    till.reserve(100, order_id="order-77")
    till.commit()
    till.hear(order_refunded(amount=rupees(500)), now=NOW + days(1))
    (back,) = (told for told in till.bus.told if isinstance(told, PointsGivenBack))
    assert (back.points, back.order_id) == (50, "order-77")
    assert till.account(NOW + days(1)).available == 50


def test_points_that_pay_for_an_order_that_was_refunded_meanwhile_come_back_at_once(till: TillHouse) -> None:
    till.hear(order_paid(amount=rupees(1000)))
    till.reserve(100, order_id="order-77")
    till.hear(order_refunded(amount=rupees(1000)))
    till.commit()
    assert till.account().available == 100


def test_pending_points_are_not_there_to_be_spent() -> None:
    till = TillHouse()
    till.hear(order_paid(amount=rupees(10_000)))
    assert till.reserve(1).refusal is Refusal.NOT_ENOUGH
    after = NOW + days(14)
    assert till.reserve(1, now=after).refusal is None


def test_what_is_refused_changes_nothing(till: TillHouse) -> None:
    before = till.ledger.records(ASHA)
    assert till.reserve(101).refusal is Refusal.NOT_ENOUGH
    assert till.commit("checkout-9").refusal is Refusal.UNKNOWN
    assert till.release("checkout-9").refusal is Refusal.UNKNOWN
    assert till.ledger.records(ASHA) == before


def test_a_customer_that_nobody_knows_has_no_points() -> None:
    assert TillHouse().reserve(1).refusal is Refusal.NOT_ENOUGH


def test_what_the_bus_does_not_take_is_spent_and_told_later(till: TillHouse) -> None:
    till.reserve(60)
    till.bus.refusals = 1
    assert till.commit().refusal is None
    assert till.account().balance == 40
    account = till.ledger.account(ASHA)
    assert [each.partition(":")[0] for each in account.outbox] == ["entry"]
    till.outbox.deliver(account, NOW + hours(1))
    assert [type(told) for told in till.bus.told] == [PointsRedeemed]
    assert till.ledger.account(ASHA).outbox == ()


def test_who_loses_a_race_decides_again(till: TillHouse) -> None:
    conflicting = Conflicting(till.client, conflicts=2)
    second = TillHouse(conflicting.client, TABLE)
    assert second.reserve(60).refusal is None
    assert second.pauses == list(PAUSES[:2])
    assert till.account().on_hold == 60


def test_who_loses_every_race_is_asked_to_come_again(till: TillHouse) -> None:
    second = TillHouse(Conflicting(till.client, conflicts=99).client, TABLE)
    with pytest.raises(RetryLaterError):
        second.reserve(60)
    assert till.account().on_hold == 0


class _Torn:
    """DynamoDB reads the items of one request one after the other; `between` happens meanwhile, once."""

    def __init__(self, client: Any, between: Callable[[], object]) -> None:
        self._client, self._between = client, [between]

    def batch_get_item(self, RequestItems: dict[str, Any]) -> Any:  # noqa: N803 - as boto3 spells it
        ((table, asked),) = RequestItems.items()
        found = []
        for key in sorted(asked["Keys"], key=lambda key: key["record_id"]["S"] == "account"):
            if key["record_id"]["S"] == "account" and self._between:
                self._between.pop()()
            answer = self._client.batch_get_item(RequestItems={table: asked | {"Keys": [key]}})
            found += answer["Responses"][table]
        return {"Responses": {table: found}, "UnprocessedKeys": {}}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def test_of_two_same_requests_at_once_none_is_refused_for_what_the_other_took(till: TillHouse) -> None:
    torn = TillHouse(_Torn(till.client, lambda: till.reserve(100)))
    assert torn.reserve(100).refusal is None
    torn = TillHouse(_Torn(till.client, till.commit))
    assert torn.commit().refusal is None
    assert [entry.points for entry in till.redemptions()] == [-100]


def test_a_reservation_that_ended_is_not_taken_anew_for_another_order(till: TillHouse) -> None:
    till.reserve(60, order_id="order-1")
    assert till.reserve(10, order_id="order-2", now=LATER).refusal is Refusal.ANOTHER
    assert till.reserve(60, order_id="order-1", now=LATER).refusal is None


def test_an_order_whose_id_is_known_late_is_named_with_the_commit(till: TillHouse) -> None:
    till.hear(order_paid(amount=rupees(900)))
    till.reserve(60)
    committed = till.spending.commit(ASHA, "checkout-1", NOW, "order-77")
    assert committed.refusal is None
    assert till.spending.commit(ASHA, "checkout-1", NOW, "order-77").refusal is None
    till.hear(order_refunded(amount=rupees(450)))
    (back,) = [fact for fact in till.bus.told if isinstance(fact, PointsGivenBack)]
    assert (back.points, back.order_id) == (30, "order-77")


def test_points_reserved_for_one_order_do_not_pay_for_another(till: TillHouse) -> None:
    till.reserve(60, order_id="order-1")
    assert till.spending.commit(ASHA, "checkout-1", NOW, "order-2").refusal is Refusal.ANOTHER
