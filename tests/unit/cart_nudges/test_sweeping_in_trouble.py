"""Sweeps that have too little time, a cart that cannot be read, and a bus that is away."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cart_house import CartHouse
from engagement.errors import RetryLaterError
from engagement.events.carts import CartAbandoned, CartNudged
from engagement.mail_orders import SendMail
from shop_facts import NOW, a_line, cart_updated, days, hours, order_placed

MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE
STEPS = [f"cart_nudge:cart-9:step-{number}" for number in (1, 2, 3)]
# In Kolkata, where quiet hours begin at nine in the evening: it is half past ten.
NIGHT = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)


@pytest.fixture
def house() -> CartHouse:
    house = CartHouse()
    house.welcome()
    return house


def test_when_time_is_short_the_longest_due_are_looked_at_whichever_shard_they_lie_in() -> None:
    house = CartHouse()
    for number in range(12):
        house.welcome(f"cust-{number}")
        at = NOW + number * timedelta(seconds=1)
        house.tell(cart_updated(f"cart-{number}", customer_id=f"cust-{number}", occurred_at=at))
    house.now += hours(1) + MINUTE
    looks = iter([QUARTER] * 6 + [timedelta()])
    assert house.new_sweep().sweep(house.now, lambda: next(looks)) == 6
    assert [order.send_key for order in house.waiting] == [f"cart_nudge:cart-{n}:step-1" for n in range(6)]


def test_a_cart_that_cannot_be_read_costs_no_other_its_nudge_and_keeps_its_timer(house: CartHouse) -> None:
    house.tell(cart_updated("odd", customer_id="cust-odd"), cart_updated())
    carts: Any = house.client.tables["CartsTable"]
    carts["odd",] |= {"activity_at": {"S": "yesterday"}}
    house.now += hours(1)
    for expected in (1, 0):
        before = len(house.waiting)
        with pytest.raises(RetryLaterError, match="1 carts"):
            house.sweep()
        assert len(house.waiting) - before == expected
    assert ("odd", house.now) in house.timers()


# Away.


def away(moment: str, call: str) -> None:
    """The bus takes nothing."""
    if (moment, call) == ("before", "put_events"):
        raise ConnectionError


def without_the_bus(house: CartHouse, by: timedelta) -> None:
    """So much time passes while the bus is away."""
    house.watch = away
    until = house.now + by
    while house.now < until:
        house.now += 5 * MINUTE
        with suppress(RetryLaterError):
            house.sweep()
        house.deliver()
    house.watch = lambda _moment, _call: None


def test_while_the_bus_is_away_a_mail_is_handed_over_once_and_all_is_told_when_it_is_back(
    house: CartHouse,
) -> None:
    house.now = NIGHT
    house.tell(cart_updated(occurred_at=NIGHT))
    without_the_bus(house, hours(8))
    assert [type(order) for order in house.orders].count(SendMail) == len(house.orders)
    assert len({order.send_key for order in house.orders}) == 1
    handed = house.cart().handed
    assert handed is not None
    assert handed.at == NIGHT + hours(1)
    without_the_bus(house, hours(4))
    house.pass_time(days(6), every=QUARTER)
    assert house.steps == STEPS
    assert [fact.step for fact in house.told(CartNudged)] == [1, 2, 3]
    assert [fact.occurred_at for fact in house.told(CartAbandoned)] == [NIGHT + hours(1)]


def test_a_sweep_that_could_not_tell_says_so(house: CartHouse) -> None:
    house.tell(cart_updated())
    house.now += hours(1)
    house.watch = away
    with pytest.raises(RetryLaterError, match="1 carts"):
        house.sweep()
    assert house.cart().handed is not None


def test_that_it_was_left_is_told_later_though_no_step_follows(house: CartHouse) -> None:
    house.tell(cart_updated())
    house.pass_time(days(4), every=QUARTER)
    house.tell(cart_updated(occurred_at=house.now))
    touched = house.now
    without_the_bus(house, hours(5))
    house.pass_time(hours(1))
    assert house.told(CartAbandoned)[-1].occurred_at == touched + hours(1)
    assert house.timers() == []


# That a cart was left is told at any look.


@pytest.mark.parametrize(
    ("touched_after", "told_after"),
    [(hours(2), hours(24)), (hours(23.5), hours(24.5))],
    ids=["by the look that was due", "an hour later, at a look of its own"],
)
def test_that_a_cart_was_left_again_is_told_before_its_next_step_is_due(
    house: CartHouse, touched_after: timedelta, told_after: timedelta
) -> None:
    house.tell(cart_updated())
    house.pass_time(touched_after)
    house.tell(cart_updated(occurred_at=house.now))
    house.pass_time(NOW + told_after - MINUTE - house.now)
    assert len(house.told(CartAbandoned)) == 1
    house.pass_time(6 * MINUTE)
    assert [fact.occurred_at - NOW for fact in house.told(CartAbandoned)] == [
        hours(1),
        touched_after + hours(1),
    ]
    assert house.steps == STEPS[:1]


def test_that_it_was_left_again_is_told_though_all_its_steps_are_over(house: CartHouse) -> None:
    house.tell(cart_updated())
    house.pass_time(days(6), every=QUARTER)
    house.tell(cart_updated(occurred_at=house.now))
    house.pass_time(hours(2))
    assert house.steps == STEPS
    assert len(house.told(CartAbandoned)) == 2
    assert house.timers() == []


def test_a_cart_that_was_bought_some_other_way_since_was_not_left_again(house: CartHouse) -> None:
    house.tell(cart_updated())
    house.pass_time(hours(2))
    house.tell(cart_updated(occurred_at=house.now))
    house.tell(order_placed(cart_id=None, lines=(a_line(),), occurred_at=house.now))
    house.pass_time(days(6), every=QUARTER)
    assert len(house.told(CartAbandoned)) == 1
