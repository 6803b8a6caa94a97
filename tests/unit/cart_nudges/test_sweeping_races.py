"""What comes while a sweep is at a cart, and timers that are not their cart's."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cart_house import CartHouse, Death, Killed, Moment
from cart_nudges.carts.timers import CartTimers
from engagement.events.carts import CartNudged
from engagement.mail_orders import SendMail
from shop_facts import NOW, a_line, cart_updated, days, hours, order_placed, rupees

MINUTE = timedelta(minutes=1)
STEP = "cart_nudge:cart-9:step-1"


@pytest.fixture
def house() -> CartHouse:
    """Whose cart is due."""
    house = CartHouse()
    house.welcome()
    house.tell(cart_updated())
    house.now += hours(1)
    return house


class BeforeSettling:
    """Something happens when all is done but to write it down on the cart."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self._happens = happens
        self.happened = False

    def __call__(self, moment: Moment, call: str) -> None:
        if call == "update_item" and not self.happened:
            self.happened = True
            self._happens()


def timers(house: CartHouse) -> CartTimers:
    return CartTimers(house.client, "CartTimersTable")


def test_a_timer_later_than_its_carts_own_may_be_about_to_become_it_and_is_left_alone(
    house: CartHouse,
) -> None:
    """Another sweep has put it, and names it on the cart in a moment."""
    house.now += 10 * MINUTE
    timers(house).put("cart-9", house.now, expires_at=house.now + days(30))
    assert house.sweep() == 1
    assert ("cart-9", house.now) in house.timers()
    assert [type(order) for order in house.waiting] == [SendMail]


def test_a_stray_timer_is_cleared_away_and_nothing_else_comes_of_it(house: CartHouse) -> None:
    timers(house).put("cart-9", NOW, expires_at=NOW + days(30))
    timers(house).put("cart-that-is-gone", NOW, expires_at=NOW + days(30))
    assert house.sweep() == 1
    assert house.timers() == [("cart-9", house.now + 10 * MINUTE)]


def test_a_cart_that_is_filled_again_while_the_sweep_lets_go_of_it_is_not_lost(house: CartHouse) -> None:
    house.tell(cart_updated(lines=(), occurred_at=NOW + MINUTE))
    house.watch = BeforeSettling(lambda: house.tell(cart_updated(occurred_at=house.now)))
    house.sweep()
    house.pass_time(hours(2))
    assert house.steps == [STEP]


def test_the_log_says_that_it_was_bought_though_the_order_came_before_the_cart_knew_of_its_mail(
    house: CartHouse,
) -> None:
    house.watch = BeforeSettling(lambda: house.tell(order_placed(occurred_at=house.now)))
    house.sweep()
    house.pass_time(hours(2))
    assert (house.steps, house.reasons(), house.timers()) == ([], {STEP: "bought"}, [])


def test_a_mail_that_left_though_its_sweep_died_counts_whatever_its_customer_did_since(
    house: CartHouse,
) -> None:
    house.watch = Death(at=calls_until_handed_over(house), moment="after")
    with pytest.raises(Killed):
        house.sweep()
    house.watch = lambda _moment, _call: None
    house.deliver()
    house.tell(order_placed(cart_id=None, lines=(a_line(),), occurred_at=house.now))
    house.pass_time(hours(2))
    assert [fact.step for fact in house.told(CartNudged)] == [1]


def calls_until_handed_over(house: CartHouse) -> int:
    other = house.copy()
    other.watch = counting = Death()
    other.sweep()
    return counting.calls.index("send_message_batch") + 1


def test_an_offer_that_waited_with_its_mail_is_free_again_when_the_cart_is_emptied() -> None:
    house = CartHouse()
    house.welcome()
    house.now += hours(5)  # half past ten in the evening
    house.tell(cart_updated(lines=(a_line(price=rupees(1500)),), occurred_at=house.now))
    house.pass_time(hours(73), every=15 * MINUTE)
    assert house.shopper().incentive_key == "cart_nudge:cart-9:step-3"
    house.tell(cart_updated(lines=(), occurred_at=house.now))
    house.pass_time(hours(2))
    assert house.shopper().incentive_key is None
