"""Which of several carts of one customer brings mails, and what becomes of those that are nobody's yet."""

from datetime import timedelta

import pytest

from cart_house import CartHouse, Death
from cart_nudges.carts.carts_table import Carts
from engagement.events.base import Event
from engagement.events.carts import CartAbandoned
from shop_facts import NOW, a_line, cart_updated, days, hours, order_placed, product_changed

MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE
OLDER = "cart_nudge:older:step-1"


@pytest.fixture
def house() -> CartHouse:
    """Whose customer left a cart with a tea, and a minute later one with a mug."""
    house = CartHouse()
    house.welcome()
    house.tell(cart_updated("older"), cart_updated("newer", lines=(a_line("Mug"),), occurred_at=NOW + MINUTE))
    return house


@pytest.mark.parametrize(
    "fact",
    [order_placed(cart_id=None, lines=(a_line("Mug"),)), product_changed("mug", available=False)],
    ids=["bought some other way", "sold out"],
)
def test_a_newer_cart_of_which_nothing_is_left_does_not_silence_the_older(
    house: CartHouse, fact: Event
) -> None:
    house.tell(fact.model_copy(update={"occurred_at": NOW + 2 * MINUTE}))
    house.pass_time(hours(2))
    assert house.steps == [OLDER]


def test_a_newer_cart_of_which_something_is_left_does(house: CartHouse) -> None:
    lines = (a_line("Mug"), a_line("Cup"))
    house.tell(cart_updated("newer", lines=lines, occurred_at=NOW + 2 * MINUTE))
    house.tell(order_placed(cart_id=None, lines=(a_line("Mug"),), occurred_at=NOW + 3 * MINUTE))
    house.pass_time(hours(2))
    assert house.steps == ["cart_nudge:newer:step-1"]
    assert house.reasons() == {OLDER: "superseded"}


def test_who_has_more_carts_than_can_be_looked_at_is_not_reminded_of_any(
    house: CartHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Carts, "open_carts_of", lambda *_: None)
    house.pass_time(hours(2))
    assert house.steps == []
    assert set(house.reasons().values()) == {"superseded"}


# Nobody yet.


def test_a_cart_of_an_address_that_stays_nobodys_is_looked_at_ever_more_seldom_and_then_left_alone() -> None:
    house = CartHouse()
    house.tell(cart_updated(customer_id=None, email="guest@mail.example.com"))
    house.watch = looks = Death()
    house.pass_time(days(6))
    assert (house.steps, house.timers(), house.told(CartAbandoned)) == ([], [], [])
    assert looks.calls.count("update_item") <= 30


def test_whoever_turns_up_under_the_address_while_a_step_is_of_use_gets_it() -> None:
    """Between two looks, even the last ones of the step."""
    for after in (hours(2), hours(9)):
        house = CartHouse()
        house.tell(cart_updated(customer_id=None, email="cust-asha@mail.example.com"))
        house.pass_time(after)
        house.welcome()
        house.pass_time(hours(12))
        assert house.steps == ["cart_nudge:cart-9:step-1"]
        assert [fact.customer_id for fact in house.told(CartAbandoned)] == ["cust-asha"]
