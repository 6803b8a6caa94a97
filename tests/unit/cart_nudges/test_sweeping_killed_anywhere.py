"""A sweep that is killed at any call of its own, and facts that come between any two of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from operator import methodcaller
from typing import Any

import pytest

from cart_house import CartHouse, Death, Killed, Moment
from engagement.events.carts import CartAbandoned, CartNudged
from engagement.events.offers import OfferIssued
from engagement.mail_orders import SendMail
from shop_facts import (
    a_line,
    cart_updated,
    hours,
    order_placed,
    rupees,
)

MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)
DEAR = a_line("Silver needle", price=rupees(1500))


CARTS = ("first", "last", "learn", "refuses", "early")
REFUSES = "refuses"


@cache
def _in_the_middle() -> CartHouse:
    house = CartHouse()
    for name in CARTS:
        house.welcome(f"cust-{name}", "offers" if name == REFUSES else "reminders")
    house.tell(cart_updated("last", customer_id="cust-last", lines=(DEAR,)))
    house.pass_time(hours(71), every=hours(1))
    for name in ("first", REFUSES, "early"):
        house.tell(cart_updated(name, customer_id=f"cust-{name}", occurred_at=house.now))
    house.tell(cart_updated("learn", customer_id="cust-learn", occurred_at=house.now - hours(1)))
    house.sweep()
    house.deliver()
    house.tell(cart_updated("early", customer_id="cust-early", occurred_at=house.now + MINUTE))
    house.now += hours(1)
    return house


def in_the_middle() -> CartHouse:
    """A house whose next sweep does all that there is: takes a first step, and a last one with an offer, learns of a
    mail that left, passes over the cart of somebody who did not agree, and lets one wait that was touched again.
    """
    return _in_the_middle().copy()


def story(house: CartHouse) -> dict[str, Any]:
    """All that anybody hears of; the times of sweeps are not among it."""
    handed = {(order.send_key, order.html) for order in house.orders if isinstance(order, SendMail)}
    return {
        "mails": sorted((mail.send_key, mail.text) for mail in house.mailed),
        "contents": sorted(key for key, _ in handed),
        "reasons": house.reasons(),
        "nudged": sorted(
            {(fact.event_id, fact.variant, fact.product_ids) for fact in house.told(CartNudged)}
        ),
        "abandoned": sorted({fact.event_id for fact in house.told(CartAbandoned)}),
        "offers": sorted({fact.code for fact in house.told(OfferIssued)}),
        "over": {name: house.cart(name).steps_over for name in CARTS},
        "timers": house.timers()
        == sorted(timer_of(house, name) for name in CARTS if house.cart(name).timer_at),
    }


def timer_of(house: CartHouse, cart_id: str) -> tuple[str, datetime]:
    timer_at = house.cart(cart_id).timer_at
    assert timer_at is not None
    return cart_id, timer_at


def goes_on(house: CartHouse) -> dict[str, Any]:
    house.watch = lambda _moment, _call: None
    house.deliver()
    house.pass_time(hours(1), every=QUARTER)
    return story(house)


@cache
def undisturbed() -> tuple[int, dict[str, Any]]:
    """How many calls the sweep makes, and what comes of it."""
    house = in_the_middle()
    house.watch = counting = Death()
    house.sweep()
    return len(counting.calls), goes_on(house)


def test_the_sweep_does_all_that_there_is_to_do() -> None:
    calls, ended = undisturbed()
    assert calls > 40
    assert ended["over"] == {"first": 1, "last": 3, "learn": 1, REFUSES: 1, "early": 1}
    assert len(ended["mails"]) == len(ended["contents"]) == 6
    assert len(ended["offers"]) == 1
    assert ended["reasons"] == {"cart_nudge:refuses:step-1": "no_consent"}
    assert ended["timers"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_call_it_ends_as_if_nothing_had_been(moment: Moment) -> None:
    calls, expected = undisturbed()
    for at in range(1, calls + 1):
        house = in_the_middle()
        house.watch = Death(at, moment)
        with pytest.raises(Killed):
            house.sweep()
        assert goes_on(house) == expected, f"killed {moment} call {at}"


def test_two_sweeps_at_once_do_what_one_does() -> None:
    """The second does all of its work while the first is at its nth call."""
    calls, expected = undisturbed()
    for at in range(1, calls + 1):
        house = in_the_middle()
        house.watch = Meanwhile(at, house, CartHouse.sweep)
        house.sweep()
        assert goes_on(house) == expected, f"at call {at}"


@pytest.mark.parametrize("cart_id", ["cart-of-the-phone", "last"], ids=["in another cart", "by its id"])
def test_what_is_bought_between_any_two_calls_of_the_sweep_is_never_mailed_about(cart_id: str) -> None:
    calls, _ = undisturbed()
    for at in range(1, calls + 1):
        house = in_the_middle()
        order = order_placed(cart_id=cart_id, customer_id="cust-last", lines=(DEAR,), occurred_at=house.now)
        house.watch = Meanwhile(at, house, methodcaller("tell", order))
        house.sweep()
        ended = goes_on(house)
        assert "cart_nudge:last:step-3" not in dict(ended["mails"]), f"bought before call {at}"
        assert len(ended["mails"]) == 5


class Meanwhile:
    """Something happens before the call of this number, of a house that then goes on."""

    def __init__(self, at: int, house: CartHouse, happens: Callable[[CartHouse], object]) -> None:
        self._at, self._house, self._happens = at, house, happens
        self._calls = 0

    def __call__(self, moment: Moment, call: str) -> None:
        self._calls += moment == "before"
        if (self._calls, moment) == (self._at, "before"):
            self._house.watch = lambda _moment, _call: None
            self._happens(self._house)
