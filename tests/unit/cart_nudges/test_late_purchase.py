"""An order that comes between any two calls of the sweep and of the delivery keeps the nudge from leaving."""

from datetime import timedelta
from typing import Any

import pytest

from cart_world import CartWorld
from engagement.events.orders import OrderPlaced
from shop_facts import NOW, a_line, cart_updated, order_placed, registered
from watched_client import Moment

# Noon in India: no quiet hours.
BEGIN = NOW - timedelta(hours=5, minutes=30)
LATER = BEGIN + timedelta(hours=1)
ORDERS: dict[str, dict[str, Any]] = {
    "the cart itself": {"cart_id": "cart-9"},
    "the same things under another cart": {"cart_id": "cart-77", "lines": (a_line(),)},
    "the same things without a cart": {"cart_id": None, "lines": (a_line(),)},
    "the same things as a guest, by the address": {
        "cart_id": "cart-77",
        "customer_id": "guest-77",
        "email": "Cust-Asha@mail.example.com",
        "lines": (a_line(),),
    },
}


def the_hour_of_the_nudge(order: OrderPlaced | None, at_call: int) -> tuple[CartWorld, list[str]]:
    """A cart was left an hour ago; the order reaches us before the call of that number. The world, and its calls."""
    world, calls = CartWorld(BEGIN), list[str]()
    world.tell(registered(occurred_at=BEGIN))
    world.tell(cart_updated(occurred_at=BEGIN))

    def watch(moment: Moment, call: str) -> None:
        if moment == "before":
            calls.append(call)
            if order and len(calls) == at_call:
                world.watch = lambda _moment, _call: None
                world.tell(order)
                world.watch = watch

    world.watch, world.now = watch, LATER
    for _ in range(3):
        world.sweep()
        world.deliver()
        world.now += timedelta(minutes=10)
    return world, calls


CALLS = the_hour_of_the_nudge(None, 0)[1]
SES = CALLS.index("send_email") + 1


def test_without_an_order_the_nudge_leaves() -> None:
    assert len(the_hour_of_the_nudge(None, 0)[0].accepted) == 1


@pytest.mark.parametrize("bought", ORDERS)
def test_an_order_before_any_call_but_that_of_ses_keeps_the_nudge_from_leaving(bought: str) -> None:
    """Between the last look and SES's request there is no call, and nothing that anybody could ask."""
    order = order_placed(occurred_at=LATER, **ORDERS[bought])
    mailed = {}
    for number in range(1, SES + 1):
        world, calls = the_hour_of_the_nudge(order, number)
        assert len(calls) >= number
        if world.accepted:
            mailed[number] = calls[number - 1]
    assert mailed == {SES: "send_email"}


@pytest.mark.parametrize("bought", ORDERS)
def test_an_order_after_the_nudge_ends_the_sequence(bought: str) -> None:
    world, _ = the_hour_of_the_nudge(order_placed(occurred_at=LATER, **ORDERS[bought]), SES + 1)
    for _ in range(100):
        world.now += timedelta(hours=1)
        world.sweep()
        world.deliver()
    assert [mail.send_key for mail in world.accepted] == ["cart_nudge:cart-9:step-1"]
