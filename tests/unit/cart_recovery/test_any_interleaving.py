"""Whatever comes when, twice, late, at the same time as others or to a worker that is killed: the count is the same."""

from contextlib import suppress
from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.money import Money
from shop_facts import NOW, hours, order_cancelled, order_paid, order_placed, order_refunded
from tests.unit.cart_recovery.house import Room, cart_nudged
from tests.unit.cart_recovery.stories import CUSTOMERS, expected, stories

# A busy machine is no fault.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Killed(BaseException):
    """The worker is gone."""


@_patient
@given(stories())
def test_any_order_of_the_facts_and_any_number_of_each(story: list[Any]) -> None:
    room = Room(*CUSTOMERS).told(*story)
    assert room.books.counters.groups() == expected(story)
    keys = [news.event_id for news in room.news]
    assert len(keys) == len(set(keys))


@_patient
@given(stories(), st.data())
def test_killed_at_any_step_and_others_at_the_same_time_between_any_two(
    story: list[Any], data: st.DataObject
) -> None:
    """What was killed comes again at the end, as from the queue; what came between was handled whole."""
    room = Room(*CUSTOMERS)
    waiting, coming_again = list(story), []

    def kill() -> None:
        raise Killed

    def meanwhile() -> None:
        if waiting:
            deliver(waiting.pop())

    def deliver(fact: Any) -> None:
        coming_again.append(fact)
        room.told(fact)
        coming_again.remove(fact)

    for number in data.draw(st.lists(st.integers(1, 60), max_size=12, unique=True)):
        room.steps.happens[number] = data.draw(st.sampled_from([kill, meanwhile, meanwhile]))
    while waiting:
        with suppress(Killed):
            deliver(waiting.pop())
    room.steps.happens.clear()
    room.told(*coming_again)
    assert room.books.counters.groups() == expected(story)
    owed = {
        order.order_id
        for order in room.books.orders.known.values()
        if any(recovery.group.is_of_step for recovery in order.counted)
    }
    assert owed <= {news.order_id for news in room.news}


# Each of the two may be who an order counts for: at the steps, or in an experiment.
A_LIFE = (
    cart_nudged("cart-1", 3, customer_id="cust-a.rao", experiment="coupon", variant="yes"),
    cart_nudged("cart-1", 2, customer_id="cust-b.rao", occurred_at=NOW + hours(2)),
    order_placed("order-1", customer_id="cust-a.rao", cart_id="cart-1", occurred_at=NOW + hours(3)),
    order_paid("order-1", customer_id="cust-a.rao"),
    order_refunded("order-1", customer_id="cust-a.rao", amount=Money(amount_minor=300, currency="INR")),
    order_cancelled("order-1", customer_id="cust-a.rao"),
    order_placed("order-2", customer_id="cust-b.rao", cart_id="cart-1", occurred_at=NOW + hours(4)),
    order_paid("order-2", customer_id="cust-b.rao", amount=Money(amount_minor=700, currency="INR")),
)


@pytest.mark.parametrize("known", range(len(A_LIFE) - 1))
def test_every_fact_between_any_two_steps_of_every_other(known: int) -> None:
    """`known`: how many of the others were there before."""
    for one, other in permutations(A_LIFE, 2):
        before = [fact for fact in A_LIFE if fact not in (one, other)][:known]
        for step in count(1):
            room = Room(*CUSTOMERS).told(*before)
            begun = room.steps.number
            room.steps.happens[begun + step] = lambda room=room, other=other: room.told(other)  # type: ignore[misc]
            room.told(one)
            if room.steps.happens:
                break
            assert room.books.counters.groups() == expected([*before, one, other]), (step, one, other)
