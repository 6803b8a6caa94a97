"""Whether a step may be taken: with whom, about what, and with which offer."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_house import CartHouse
from cart_nudges.carts.products_table import Product
from cart_nudges.carts.shoppers_table import Purchase
from cart_nudges.steps.cart_lines import are_worth_one_of, lines_left, total
from cart_nudges.steps.composing import shown
from engagement.events.carts import CartAbandoned
from engagement.events.offers import OfferIssued
from engagement.mail_orders import SkipMail
from engagement.money import Money
from shop_facts import (
    NOW,
    a_line,
    cart_updated,
    days,
    dollars,
    hours,
    order_placed,
    product_changed,
    rupees,
)
from tests.unit.cart_nudges.test_steps_of_a_cart import a_cart

MINUTE = timedelta(minutes=1)
STEPS = [f"cart_nudge:cart-9:step-{number}" for number in (1, 2, 3)]
HOUSEHOLD = "home@mail.example.com"


@pytest.fixture
def house() -> CartHouse:
    return CartHouse()


def refuse(house: CartHouse, customer_id: str) -> None:
    house.mail_path.contacts.withdraw(customer_id, ("reminders",), now=house.now)


# With whom.


@pytest.mark.parametrize(
    ("topics", "profile", "reason"),
    [
        (("offers",), {}, "no_consent"),
        (("reminders",), {"birthday": "2015-01-01"}, "too_young"),
    ],
)
def test_who_does_not_want_it_or_must_not_have_it_gets_no_mail_and_the_log_says_why(
    house: CartHouse, topics: tuple[str, ...], profile: dict[str, Any], reason: str
) -> None:
    house.welcome("cust-asha", *topics, **profile)
    house.tell(cart_updated())
    house.now += hours(1)
    assert house.sweep() == 0
    assert [type(order) for order in house.waiting] == [SkipMail]
    house.pass_time(days(6), every=hours(1))
    assert (house.steps, house.timers()) == ([], [])
    assert house.reasons() == dict.fromkeys(STEPS, reason)


def test_who_refuses_after_the_first_mail_gets_no_second(house: CartHouse) -> None:
    house.welcome()
    house.tell(cart_updated())
    house.pass_time(hours(2))
    refuse(house, "cust-asha")
    house.pass_time(days(6), every=hours(1))
    assert house.steps == STEPS[:1]
    assert house.reasons() == dict.fromkeys(STEPS[1:], "unsubscribed")


def test_of_a_household_the_first_who_agreed_is_written_to(house: CartHouse) -> None:
    house.welcome("cust-a", "offers", email=HOUSEHOLD)
    house.welcome("cust-b", email=HOUSEHOLD)
    house.welcome("cust-c", email=HOUSEHOLD)
    house.tell(cart_updated(customer_id=None, email=HOUSEHOLD))
    house.pass_time(hours(2))
    assert [mail.customer_id for mail in house.mailed] == ["cust-b"]


def test_nobody_of_a_household_of_which_one_refused(house: CartHouse) -> None:
    house.welcome("cust-a", email=HOUSEHOLD)
    house.welcome("cust-b", email=HOUSEHOLD)
    refuse(house, "cust-b")
    house.tell(cart_updated(customer_id=None, email=HOUSEHOLD))
    house.pass_time(hours(2))
    assert house.steps == []
    assert house.reasons() == {STEPS[0]: "unsubscribed"}


def test_what_another_of_the_household_ordered_by_the_shared_address_is_left_out(house: CartHouse) -> None:
    house.welcome("cust-a", email=HOUSEHOLD)
    house.welcome("cust-b", email=HOUSEHOLD)
    house.tell(cart_updated(customer_id=None, email=HOUSEHOLD))
    house.tell(
        order_placed(
            customer_id="cust-b", cart_id=None, email=HOUSEHOLD, lines=(a_line(),), occurred_at=NOW + MINUTE
        )
    )
    house.pass_time(hours(2))
    assert (house.steps, house.told(CartAbandoned)) == ([], [])


def test_whoever_had_the_address_once_and_has_another_now_is_not_written_to(house: CartHouse) -> None:
    """The index of addresses lags behind."""
    house.welcome()
    moved = house.client.tables["CustomersTable"]["cust-asha",]
    moved["email"] = {"S": "asha@elsewhere.example.com"}
    house.tell(cart_updated(customer_id=None, email="cust-asha@mail.example.com"))
    house.pass_time(hours(2))
    assert house.steps == []


# About what.


def test_a_mail_shows_name_and_price_of_now_and_nothing_that_is_sold_out(house: CartHouse) -> None:
    house.welcome()
    lines = (a_line(), a_line("Ilam tea", quantity=2), a_line("Clay cup"))
    house.tell(
        cart_updated(lines=lines),
        product_changed(
            name="Assam tea, new harvest", prices=(dollars(7), rupees(390)), occurred_at=NOW + MINUTE
        ),
        product_changed("clay-cup", name="Clay cup", available=False, occurred_at=NOW - days(1)),
    )
    house.pass_time(hours(2))
    (mail,) = house.mailed
    assert "Assam tea, new harvest" in mail.text
    assert "₹390" in mail.text
    assert "₹1,290" in mail.text
    assert "Clay cup" not in mail.text


def test_a_cart_of_which_all_is_sold_out_brings_no_mail_until_something_is_there_again(
    house: CartHouse,
) -> None:
    house.welcome()
    house.tell(cart_updated(), product_changed(available=False))
    house.pass_time(hours(20), every=15 * MINUTE)
    assert (house.steps, house.reasons()) == ([], {STEPS[0]: "sold_out"})
    house.tell(product_changed(occurred_at=house.now))
    house.pass_time(hours(6), every=15 * MINUTE)
    assert house.steps == STEPS[1:2]


CART = a_cart(begun_at=NOW - hours(2), lines=(a_line(), a_line("Ilam tea")))


def a_product(**changes: Any) -> Product:
    known: dict[str, Any] = {"name": "Assam", "prices": (rupees(1),), "available": True, "image_url": None}
    told: dict[str, Any] = {"told_at": NOW + hours(1), "changed_at": NOW + MINUTE}
    return Product(**{"product_id": "assam-tea", **told, **known, **changes})


def left(*, bought_at: datetime | None = None, **product: Any) -> list[tuple[str, int]]:
    purchases = [Purchase("order-1", bought_at, ("ilam-tea",))] if bought_at else []
    found = lines_left(CART, purchases, {"assam-tea": a_product(**product)}).lines
    return [(line.name, line.unit_price.amount_minor) for line in found]


def test_what_changed_of_a_product_before_the_last_activity_is_what_the_customer_saw() -> None:
    """And if the shop told it again since, unchanged: it may be at a price of the customer's own."""
    assert left(changed_at=NOW)[0] == ("Assam tea", 45_000)
    assert left()[0] == ("Assam", 100)


def test_where_the_shop_tells_no_price_in_the_carts_currency_it_stays_as_it_was() -> None:
    assert left(prices=(dollars(1),))[0] == ("Assam", 45_000)


def test_what_was_ordered_since_the_cart_was_begun_is_left_out() -> None:
    assert [name for name, _ in left(bought_at=NOW - hours(2))] == ["Assam"]
    assert [name for name, _ in left(bought_at=NOW - hours(3))] == ["Assam", "Ilam tea"]


def test_the_clock_of_a_shops_orders_may_be_five_minutes_behind_that_of_its_carts() -> None:
    assert [name for name, _ in left(bought_at=NOW - hours(2) - 5 * MINUTE)] == ["Assam"]
    assert [name for name, _ in left(bought_at=NOW - hours(2) - 6 * MINUTE)] == ["Assam", "Ilam tea"]


def test_a_picture_is_the_one_of_now_and_the_old_one_where_there_is_no_new() -> None:
    line = a_line().model_copy(update={"image_url": "https://shop.example.com/old.png"})
    cart = a_cart(lines=(line,))
    for told, expected in (("https://shop.example.com/new.png", "new.png"), (None, "old.png")):
        (now,) = lines_left(cart, [], {"assam-tea": a_product(image_url=told)}).lines
        assert str(now.image_url).endswith(expected)


def test_a_line_shows_its_options_and_the_price_of_all_its_pieces() -> None:
    line = a_line(quantity=3).model_copy(update={"options": {"Size": "250 g", "Colour": "red"}})
    assert (shown(line).options, shown(line).price) == ("Size: 250 g · Colour: red", rupees(1350))


def test_a_total_is_not_shown_for_lines_in_several_currencies() -> None:
    assert total((a_line(), a_line("Sencha", price=dollars(18)))) is None
    assert total(()) is None


def test_the_largest_cart_that_can_be_told_has_a_total() -> None:
    line = a_line(quantity=100_000, price=Money(amount_minor=10**15, currency="IDR"))
    found = total((line,) * 200)
    assert found is not None
    assert found.amount_minor == 2 * 10**22


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 1000)), min_size=1, max_size=20))
def test_the_total_is_the_sum_of_its_lines(prices: list[tuple[int, int]]) -> None:
    lines = tuple(a_line(price=rupees(price), quantity=quantity) for price, quantity in prices)
    found = total(lines)
    assert found is not None
    assert found.amount_minor == sum(100 * price * quantity for price, quantity in prices)


def test_each_currency_of_a_cart_is_held_against_its_own_threshold() -> None:
    lines = (a_line(price=rupees(1499)), a_line(price=dollars(30)))
    assert are_worth_one_of(lines, (rupees(1500), dollars(30)))
    assert not are_worth_one_of(lines, (rupees(1500), dollars(31)))
    assert not are_worth_one_of((), (rupees(0),))


# With which offer.


def last_call(house: CartHouse, cart_id: str = "cart-9", *, price: int = 1500) -> str:
    """The last mail about a cart that is left for good, as text."""
    house.tell(cart_updated(cart_id, lines=(a_line(price=rupees(price)),), occurred_at=house.now))
    house.pass_time(days(5), every=hours(1))
    assert house.steps[-1] == f"cart_nudge:{cart_id}:step-3"
    return house.mailed[-1].text


def test_the_last_step_about_a_cart_that_is_worth_it_brings_an_offer_to_the_end_of_a_day(
    house: CartHouse,
) -> None:
    house.welcome()
    text = last_call(house)
    (issued,) = house.told(OfferIssued)
    assert issued.code in text
    assert issued.offer_key.startswith(f"{STEPS[2]}:")
    assert (issued.customer_id, issued.benefit.percent) == ("cust-asha", 10)
    assert issued.expires_at == datetime(2027, 3, 10, tzinfo=ZoneInfo("Asia/Kolkata"))


def test_a_cart_that_is_worth_less_brings_none(house: CartHouse) -> None:
    house.welcome()
    last_call(house, price=1499)
    assert house.told(OfferIssued) == []


def test_nobody_learns_to_leave_carts_for_offers(house: CartHouse) -> None:
    """Once in ninety days."""
    house.welcome()
    last_call(house)
    house.tell(order_placed(occurred_at=house.now))
    house.now += days(20)
    last_call(house, "cart-10")
    house.now += days(70)
    last_call(house, "cart-11")
    carts = [fact.offer_key.split(":")[1] for fact in house.told(OfferIssued)]
    assert carts == ["cart-9", "cart-11"]
