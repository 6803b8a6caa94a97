"""Counting recoveries on the real engine: killed anywhere, everybody at once, and losing races."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from conflicting_client import Conflicting
from engagement.errors import RetryLaterError
from engagement.events.carts import CartRecovered
from mail_house import Kill, Trouble, broken, throttled, unanswered
from shop_facts import (
    NOW,
    a_line,
    days,
    hours,
    order_cancelled,
    order_paid,
    order_placed,
    order_refunded,
    rupees,
)
from tests.dynamodb.cart_recovery.house import House
from tests.unit.cart_recovery.house import EXPERIMENT, LATER, cart_nudged
from tests.unit.cart_recovery.stories import CUSTOMERS, expected, stories

NUDGED = cart_nudged()
PLACED = order_placed(occurred_at=NOW + hours(1))
PAID = order_paid(occurred_at=NOW + hours(2))
REFUNDED = order_refunded(amount=rupees(400))
EVERYTHING = (NUDGED, PLACED, PAID, REFUNDED)
ONE = {
    "customers": 1,
    "exposures": 1,
    "recovered": 1,
    "orders": 1,
    "revenue_INR": 60_000,
    "refunded_INR": 40_000,
    "payers_INR": 1,
    "squares_INR": 60_000**2,
}


# Killed after a call is killed before the next.
TROUBLE = [
    *((last, Kill, "after") for last in EVERYTHING),
    *((PAID, error, "before") for error in (throttled, broken, unanswered)),
]


@pytest.mark.parametrize(("last", "error", "moment"), TROUBLE)
def test_trouble_at_any_call_and_then_the_same_fact_again_counts_once(
    house: House, last: Any, error: Any, moment: Any
) -> None:
    """`last` comes when all the others are known: there it has most to do."""
    met: set[str] = set()
    for at in range(1, 20):
        about = {"customer_id": f"cust-{at}", "order_id": f"order-{at}", "cart_id": f"cart-{at}"}
        about["variant"] = f"variant_{at}"
        *others, last_one = (
            fact.model_copy(update={name: value for name, value in about.items() if hasattr(fact, name)})
            for fact in [*(each for each in EVERYTHING if each is not last), last]
        )
        house.hear(*others)
        trouble = Trouble(at=at, moment=moment, error=error)
        with suppress(Exception, Kill):
            house.hear(last_one, trouble=trouble)
        if not trouble.struck:
            break
        met |= set(trouble.calls)
        house.hear(last_one)
        for name in (EXPERIMENT, "step-2"):
            assert house.counted(f"variant_{at}", experiment=name) == ONE, f"call {at}: {trouble.calls}"
        news = [fact for fact in house.bus.told if isinstance(fact, CartRecovered)]
        assert f"order-{at}" in {fact.order_id for fact in news}
    else:
        pytest.fail("there are more calls than were tried")
    assert {"update_item", "query", "batch_get_item", "transact_write_items"} <= met
    assert ("put_item" in met) is (
        last in (NUDGED, PLACED)
    )  # by which the order is known as following a nudge


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stories())
def test_any_story_in_any_order(house: House, story: list[Any]) -> None:
    for customer in CUSTOMERS:
        house.welcome(customer, f"{customer.partition('.')[2]}@mail.example.com")
    for table, key in (
        ("NudgedOrdersTable", ("order_id",)),
        ("NudgeExposuresTable", ("customer_id", "entry")),
        ("ExperimentCountersTable", ("experiment_shard", "variant")),
    ):
        for item in house.items(table):
            names = {name: {"S": item[name]} for name in key}
            house.dynamodb.delete_item(TableName=house.tables[table], Key=names)
    house.hear(*story)
    assert house.groups() == expected(story)


def test_eight_functions_at_once_told_everything_twice_count_everything_once(house: House) -> None:
    story: list[Any] = []
    for number in range(12):
        customer: dict[str, Any] = {"customer_id": f"cust-{number % 6}"}
        variant = "question" if number % 3 else "statement"
        cart, order = f"cart-{number}", f"order-{number}"
        moment = NOW + hours(number)
        story += [
            cart_nudged(cart, variant=variant, occurred_at=moment, product_ids=[f"tea-{number}"], **customer),
            order_placed(
                order, cart_id=None, lines=(a_line(f"Tea {number}"),), occurred_at=moment, **customer
            ),
            order_paid(order, amount=rupees(100 + number), **customer),
            order_refunded(order, amount=rupees(number), **customer),
        ]
    story.append(order_cancelled("order-3", customer_id="cust-3"))
    told = story * 2
    random.Random(7).shuffle(told)

    def work(share: list[Any]) -> None:
        worker = house.worker()
        left = share
        while left:  # what gives up comes back, as from the queue
            again = []
            for fact in left:
                try:
                    house.hear(fact, by=worker)
                except RetryLaterError:
                    again.append(fact)
            left = again

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(work, told[number::8]) for number in range(8)]:
            future.result()
    counted = {
        (group.experiment, group.variant): (counts["customers"], counts["recovered"], counts["orders"])
        for group, counts in house.groups().items()
    }
    assert counted == {
        (name, variant): numbers
        for name in ("step-2", EXPERIMENT)
        for variant, numbers in (("question", (4, 4, 8)), ("statement", (2, 2, 3)))
    }
    kept = sum(100 + number - number for number in range(12) if number != 3) * 100
    assert sum(counts["revenue_INR"] for counts in house.groups().values()) == 2 * kept


def test_a_lost_race_for_a_counter_is_run_again(house: House) -> None:
    conflicting = Conflicting(house.dynamodb, conflicts=2)
    waited: list[float] = []
    house.hear(*EVERYTHING, by=house.worker(conflicting.client, pause=waited.append))
    assert house.counted() == ONE
    assert len(waited) == 2


def test_who_loses_every_race_leaves_it_to_the_queue(house: House) -> None:
    conflicting = Conflicting(house.dynamodb, conflicts=100)
    with pytest.raises(RetryLaterError, match="others count"):
        house.hear(NUDGED, by=house.worker(conflicting.client))
    house.hear(NUDGED)
    assert house.counted() == {"customers": 1, "exposures": 1}


def test_a_throttled_transaction_is_left_to_the_queue_with_its_reason(house: House) -> None:
    conflicting = Conflicting(house.dynamodb, conflicts=1, code="ThrottlingError")
    with pytest.raises(RetryLaterError, match="ThrottlingError"):
        house.hear(NUDGED, by=house.worker(conflicting.client))


def test_who_bought_with_the_same_address_was_recovered(house: House) -> None:
    house.welcome("cust-asha", "asha@mail.example.com")
    house.hear(NUDGED)
    bought = {"lines": (a_line(),), "cart_id": None, "occurred_at": NOW + hours(1)}
    house.hear(
        order_placed("order-1", customer_id="guest-1", email=" Asha@mail.example.com".strip(), **bought)
    )
    house.hear(order_paid("order-1", customer_id="guest-1"))
    assert house.counted()["recovered"] == 1
    # And who is known under two ids.
    house.welcome("cust-asha-2", "ASHA@mail.example.com")
    house.hear(cart_nudged("cart-10", occurred_at=NOW + hours(5)))
    house.hear(
        order_placed("order-2", customer_id="cust-asha-2", cart_id="cart-10", occurred_at=NOW + hours(6)),
        order_paid("order-2", customer_id="cust-asha-2"),
    )
    assert house.counted()["orders"] == 2


def kept_until(house: House) -> dict[str, set[float]]:
    """By table, in days from NOW."""
    return {
        table: {(item["expires_at"] - NOW.timestamp()) / 86_400 for item in house.items(table)}
        for table in ("NudgedOrdersTable", "NudgeExposuresTable")
    }


def test_an_order_that_follows_no_nudge_is_soon_forgotten_and_one_that_does_is_not(house: House) -> None:
    house.hear(PLACED, REFUNDED)
    assert kept_until(house) == {"NudgedOrdersTable": {24}, "NudgeExposuresTable": {24}}
    house.hear(NUDGED)
    long = 270 + 1 / 24  # from when it was placed
    followed = {"NudgedOrdersTable": {long}, "NudgeExposuresTable": {long, 274}}
    assert kept_until(house) == followed
    house.hear(PAID, PLACED)
    assert kept_until(house) == followed


def test_only_digests_of_products_are_kept(house: House) -> None:
    """Else a customer of many and large carts would outgrow what an item holds."""
    products = tuple(f"{number:0100}" for number in range(200))
    house.hear(cart_nudged(product_ids=products), PLACED, PAID)
    (account,) = (item for item in house.items("NudgeExposuresTable") if item["entry"] == "account")
    assert sum(map(len, account["nudge#cart-9#2"]["products"])) == 200 * 11
    assert "assam" not in str(house.items("NudgedOrdersTable"))


def test_nothing_is_kept_longer_than_it_can_matter(house: House) -> None:
    house.hear(*EVERYTHING)
    worker = house.worker()
    much_later = LATER + days(300)
    worker.apply(cart_nudged("cart-10", occurred_at=much_later), much_later)
    (account,) = (item for item in house.items("NudgeExposuresTable") if item["entry"] == "account")
    assert [name for name in account if name.startswith("nudge#")] == ["nudge#cart-10#2"]
    assert house.counted() == ONE | {"exposures": 2}
