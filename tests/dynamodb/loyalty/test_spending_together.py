"""Spending on the real engine: many checkouts of one customer at once, their repetitions, and trouble among them."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from engagement.errors import RetryLaterError
from engagement.events.loyalty import PointsRedeemed
from engine_meter import Meter
from loyalty.records import ReservationState
from loyalty.spending import Answer, Refusal
from shop_facts import NOW, hours, order_paid, order_refunded, rupees
from till_house import ASHA, LATER, TillHouse

if TYPE_CHECKING:
    from dynamodb_local import DynamoDBLocal

THREADS = 20


@pytest.fixture
def till(dynamodb_engine: "DynamoDBLocal", dynamodb_table: Callable[[str], str]) -> TillHouse:
    """Where Asha has 100 points."""
    client = boto3.client(
        "dynamodb", endpoint_url=dynamodb_engine.endpoint, config=Config(max_pool_connections=THREADS)
    )
    return TillHouse(client, dynamodb_table("LoyaltyTable")).with_points(100)


def together[T](*requests: Callable[[], T]) -> list[T]:
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(lambda request: request(), requests))


def repeated(request: Callable[[], Answer]) -> Answer:
    """As the shop does that is told to come again."""
    for _ in range(100):
        try:
            return request()
        except RetryLaterError:
            continue
    raise AssertionError("nobody ever won")


def a_checkout(till: TillHouse, number: int, points: int) -> Callable[[], Refusal | None]:
    def shop() -> Refusal | None:
        name = f"checkout-{number}"
        held = repeated(lambda: till.reserve(points, name))
        return held.refusal or repeated(lambda: till.commit(name)).refusal

    return shop


def test_of_many_checkouts_at_once_as_many_spend_as_there_are_points(till: TillHouse) -> None:
    answers = Counter(together(*(a_checkout(till, number, 30) for number in range(THREADS))))
    assert answers == {None: 3, Refusal.NOT_ENOUGH: THREADS - 3}
    assert (till.account().available, till.account().on_hold, till.account().balance) == (10, 0, 10)
    told = Counter(fact.redemption_id for fact in till.bus.told if isinstance(fact, PointsRedeemed))
    assert set(told) == {entry.redemption_id for entry in till.redemptions()}
    assert len(told) == 3


def test_one_reservation_asked_for_by_many_at_once_holds_its_points_once(till: TillHouse) -> None:
    answers = together(*([lambda: repeated(lambda: till.reserve(60))] * THREADS))
    assert {answer.refusal for answer in answers} == {None}
    assert till.account().on_hold == 60
    answers = together(*([lambda: repeated(till.commit)] * THREADS))
    assert {answer.refusal for answer in answers} == {None}
    assert [entry.points for entry in till.redemptions()] == [-60]


def test_a_commit_and_a_release_at_once_have_one_winner(till: TillHouse) -> None:
    for number in range(5):
        name = f"checkout-{number}"
        till.reserve(10, name)
        commit, release = together(
            partial(repeated, partial(till.commit, name)), partial(repeated, partial(till.release, name))
        )
        assert (commit.refusal, release.refusal) in {
            (None, Refusal.COMMITTED),
            (Refusal.RELEASED, None),
        }
    spent = sum(-entry.points for entry in till.redemptions())
    assert (till.account().balance, till.account().on_hold) == (100 - spent, 0)


def test_at_no_moment_is_more_spent_than_there_is(till: TillHouse) -> None:
    """Checkouts of all sizes that reserve, repeat, let go, and come late, some of them while the customer earns."""
    chances = random.Random(11)
    plans = [(number, chances.randint(1, 60), chances.choice("ccrl")) for number in range(60)]

    def shop(plan: tuple[int, int, str]) -> None:
        number, points, fate = plan
        name = f"checkout-{number}"
        for _ in range(1 + number % 2):
            repeated(lambda: till.reserve(points, name))
        if fate == "c":
            repeated(lambda: till.commit(name))
        elif fate == "r":
            repeated(lambda: till.release(name))
        else:
            repeated(lambda: till.commit(name, now=LATER))

    together(*(partial(shop, plan) for plan in plans))
    records = till.ledger.records(ASHA)
    balance, lowest = 0, 0
    for entry in records.entries:
        balance += entry.points
        lowest = min(lowest, balance)
    assert lowest == 0
    end = till.account(LATER + hours(1))
    assert (end.balance, end.on_hold) == (balance, 0)
    spent = Counter(entry.redemption_id for entry in records.entries if entry.redemption_id)
    committed = {
        each.reservation_id for each in records.reservations if each.state is ReservationState.COMMITTED
    }
    assert set(spent) == committed
    assert set(spent.values()) <= {1}
    assert spent


def test_a_refund_and_a_commit_at_once_leave_no_points_behind(till: TillHouse) -> None:
    """Whichever is first, what paid for an order that was refunded comes back, and once."""
    for number in range(5):
        order_id, name = f"order-{number}", f"checkout-{number}"
        till.hear(order_paid(order_id, amount=rupees(10)))
        till.reserve(100, name, order_id=order_id)
        requests: list[Callable[[], Any]] = [
            partial(repeated, partial(till.commit, name)),
            partial(till.hear, order_refunded(order_id, refund_id=order_id, amount=rupees(10))),
        ]
        together(*requests)
        assert (till.account(NOW).available, till.account(NOW).on_hold) == (100, 0)


def test_a_reservation_that_nobody_settles_ends_by_itself_and_can_still_be_paid_for(till: TillHouse) -> None:
    till.reserve(70)
    till.reserve(30, "checkout-2")
    assert till.reserve(1, "checkout-3").refusal is Refusal.NOT_ENOUGH
    assert till.commit(now=LATER).refusal is None
    assert till.reserve(30, "checkout-3", now=LATER).refusal is None
    assert till.commit("checkout-2", now=LATER).refusal is Refusal.NOT_ENOUGH
    assert till.commit("checkout-3", now=LATER).refusal is None
    assert till.account(LATER).balance == 0


def test_what_a_checkout_costs(till: TillHouse) -> None:
    """Held by one read and one transaction; spent by those, a look at the order, and keeping that it was told."""
    meter = Meter()
    meter.watch(till.client)
    till.reserve(60, order_id="order-77")
    assert meter.requests == {"BatchGetItem": 1, "TransactWriteItems": 1}
    till.reserve(60, order_id="order-77")
    assert meter.requests == {"BatchGetItem": 2, "TransactWriteItems": 1}
    meter.requests.clear()
    till.commit()
    assert meter.requests == {"BatchGetItem": 2, "TransactWriteItems": 1, "PutItem": 1}
    meter.requests.clear()
    till.reserve(40, "checkout-2")
    till.commit("checkout-2")
    assert meter.requests == {"BatchGetItem": 2, "TransactWriteItems": 2, "PutItem": 1}
