"""What the shop's facts mean for a cart, one after the other, and what each of them costs."""

import json
from itertools import permutations

import pytest

from cart_nudges.carts.carts_table import Written
from cart_nudges.carts.rules import Cart, CartStatus, Handed
from cart_nudges.carts.shoppers_table import Purchase
from engagement.clock import to_text
from engagement.errors import RetryLaterError
from engagement.items import from_item
from engagement.mail_orders import CancelMail
from shop_facts import (
    NOW,
    a_line,
    a_profile,
    cart_deleted,
    cart_updated,
    carts_merged,
    days,
    hours,
    order_placed,
    product_changed,
)
from tracking_house import CartFact, Death, Killed, TrackingHouse, hashed

HOUR = hours(1)
LATER = NOW + HOUR
EMAIL = "Asha@Mail.example.com"


@pytest.fixture
def house() -> TrackingHouse:
    return TrackingHouse.in_memory()


def hand_over(house: TrackingHouse, step: int, cart_id: str = "cart-9") -> None:
    """As a sweep does, which looks again a little later."""
    handed = Handed(step, LATER, "digest", "cust-asha", f"step-{step}", "standard", ("assam-tea",))
    assert house.carts.settle(
        house.cart(cart_id),
        steps_over=step - 1,
        handed=handed,
        abandoned_at=NOW,
        timer_at=LATER + HOUR,
    )


def test_the_first_update_of_a_known_cart_sets_its_timer_and_each_further_one_is_one_write(
    house: TrackingHouse,
) -> None:
    house.tell(cart_updated())
    assert house.calls == ["update_item", "put_item"]
    for minute in range(1, 5):
        house.tell(cart_updated(occurred_at=NOW + minute * HOUR / 60))
        assert house.calls == ["update_item"]
    house.tell(cart_updated(lines=(), occurred_at=LATER))
    assert house.calls == ["update_item"]
    assert house.rows() == [("cart-9", to_text(LATER))]


def test_nobodys_cart_is_one_write_and_has_no_timer_until_somebody_is_known(house: TrackingHouse) -> None:
    house.tell(cart_updated(customer_id=None))
    house.tell(cart_updated(customer_id=None, occurred_at=NOW + HOUR / 2))
    assert (house.calls, house.rows()) == (["update_item"], [])
    house.tell(cart_updated(occurred_at=LATER))
    assert house.calls == ["update_item", "put_item"]
    assert house.rows() == [("cart-9", to_text(LATER + HOUR))]


def test_an_update_that_comes_late_or_again_costs_little_more(house: TrackingHouse) -> None:
    house.tell(cart_updated(occurred_at=LATER), cart_updated())
    # When the cart was begun was not known.
    assert house.calls == ["update_item", "update_item"]
    assert house.cart().begun_at == NOW
    house.tell(cart_updated(occurred_at=NOW + HOUR / 2))
    assert house.calls == ["update_item"]
    # Whoever set the timer cannot know whether its row was put, the first time.
    house.tell(cart_updated(occurred_at=LATER))
    assert house.calls == ["update_item", "put_item"]
    assert house.rows() == [("cart-9", to_text(LATER + HOUR))]


def test_a_cart_whose_timer_nobody_put_is_not_forgotten_for_ever(house: TrackingHouse) -> None:
    house.watch = Death(2, "before")
    with pytest.raises(Killed):
        house.tell(cart_updated())
    # The fact never comes again. While the timer is not due, nobody can know that it is not there.
    house.watch = lambda _moment, _call: None
    house.tell(cart_updated(occurred_at=NOW + HOUR / 2))
    assert (house.calls, house.rows()) == (["update_item"], [])
    house.tell(cart_updated(occurred_at=LATER))
    assert house.rows() == [("cart-9", to_text(LATER))]
    house.tell(cart_updated(lines=(), occurred_at=LATER + HOUR))
    assert house.calls == ["update_item"]


def test_an_update_that_others_keep_overtaking_comes_again_later(
    house: TrackingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard_of = Written(done=False, cart=Cart("cart-9", CartStatus.OPEN))
    monkeypatch.setattr("cart_nudges.carts.carts_table.Carts.keep", lambda *_, **__: unheard_of)
    with pytest.raises(RetryLaterError):
        house.tell(cart_updated())


def test_a_timer_outlives_a_cart_that_nobody_touches(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    keep = house.settings.keep_cart_for
    (row,) = house.client.tables["CartTimersTable"].values()
    assert from_item(row)["expires_at"] == int((LATER + keep).timestamp())
    cart = from_item(house.item("CartsTable", cart_id="cart-9"))
    assert cart["expires_at"] == int((NOW + keep).timestamp())


def test_everything_that_is_kept_of_a_cart_expires(house: TrackingHouse) -> None:
    house.tell(
        cart_updated(customer_id=None),
        cart_deleted("cart-deleted"),
        carts_merged("cart-guest", "cart-hers"),
        order_placed(cart_id="cart-bought", lines=(a_line(),), email=EMAIL),
    )
    tables = ("CartsTable", "CartTimersTable", "CartShoppersTable")
    items = [from_item(item) for table in tables for item in house.client.tables[table].values()]
    assert len(items) == 7
    assert all(item["expires_at"] >= int((NOW + days(30)).timestamp()) for item in items)


def test_of_the_address_typed_at_the_checkout_only_its_hash_is_kept(house: TrackingHouse) -> None:
    house.tell(cart_updated(customer_id=None, email=EMAIL), order_placed("order-1", email=EMAIL))
    house.tell(cart_updated("cart-10", customer_id=None, email=EMAIL.lower()))
    cart = house.cart("cart-10")
    assert (cart.shopper, cart.customer_id) == (f"address:{hashed(EMAIL)}", None)
    everything = json.dumps([list(table.values()) for table in house.client.tables.values()]).lower()
    assert "asha@" not in everything
    assert hashed(EMAIL) in everything


def test_an_update_that_names_nobody_leaves_a_cart_whose_it_was(house: TrackingHouse) -> None:
    house.tell(cart_updated(), cart_updated(customer_id=None, occurred_at=LATER))
    assert house.cart().customer_id == "cust-asha"


def test_a_guest_who_logs_in_is_the_customer_from_then_on(house: TrackingHouse) -> None:
    house.tell(cart_updated(customer_id=None, email=EMAIL), cart_updated(occurred_at=LATER))
    assert (house.cart().shopper, house.cart().address_hash) == ("customer:cust-asha", None)


def test_a_deleted_cart_is_an_empty_one_and_may_be_filled_again(house: TrackingHouse) -> None:
    house.tell(cart_updated(), cart_deleted(occurred_at=LATER))
    cart = house.cart()
    assert (cart.status, cart.lines, cart.activity_at) == (CartStatus.OPEN, (), LATER)
    house.tell(cart_updated(occurred_at=LATER + HOUR))
    assert house.cart().lines == (a_line(),)


def test_who_empties_the_cart_calls_no_mail_off_for_the_step_may_still_be_due(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    hand_over(house, 1)
    house.tell(cart_updated(lines=(), occurred_at=LATER))
    assert house.queue.messages == []
    assert house.cart().handed


def test_a_guests_cart_that_became_part_of_anothers_takes_its_steps_along(house: TrackingHouse) -> None:
    house.tell(cart_updated("cart-guest"), cart_updated("cart-hers", occurred_at=LATER))
    hand_over(house, 2, "cart-guest")
    house.tell(carts_merged("cart-guest", "cart-hers", occurred_at=LATER))
    guests, hers = house.cart("cart-guest"), house.cart("cart-hers")
    assert (guests.lines, guests.merged_into) == ((), "cart-hers")
    # The mail of step 2 may have left already.
    assert (hers.steps_over, hers.begun_at, hers.activity_at) == (2, NOW, LATER)


def test_what_a_guests_cart_inherits_after_its_merger_is_passed_on(house: TrackingHouse) -> None:
    house.tell(cart_updated("cart-1"))
    hand_over(house, 1, "cart-1")
    house.tell(carts_merged("cart-2", "cart-3", occurred_at=LATER), carts_merged("cart-1", "cart-2"))
    assert (house.cart("cart-3").steps_over, house.cart("cart-3").begun_at) == (1, NOW)


def test_carts_that_were_merged_into_each_other_go_round_once(house: TrackingHouse) -> None:
    house.tell(carts_merged("cart-1", "cart-2"), carts_merged("cart-2", "cart-1", occurred_at=LATER))
    assert house.cart("cart-2").merged_into == "cart-1"


def test_an_order_calls_off_the_step_that_was_handed_over(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    hand_over(house, 3)
    house.tell(order_placed(occurred_at=LATER))
    assert house.queue.messages == [CancelMail(send_key="cart_nudge:cart-9:step-3", reason="bought")]
    assert house.cart().status is CartStatus.BOUGHT


def test_an_order_that_was_killed_before_it_called_a_step_off_does_so_when_it_comes_again(
    house: TrackingHouse,
) -> None:
    house.tell(cart_updated())
    hand_over(house, 1)
    house.queue.refusals = 1
    with pytest.raises(RetryLaterError):
        house.tell(order_placed())
    house.tell(order_placed())
    assert len(house.queue.messages) == 1


def test_an_order_of_a_cart_is_one_of_what_the_cart_became_part_of(house: TrackingHouse) -> None:
    """The shop may name the guest's cart, or tell late what became of it."""
    facts: list[CartFact] = [
        carts_merged("cart-guest", "cart-hers"),
        carts_merged("cart-hers", "cart-joint"),
        order_placed(cart_id="cart-guest", occurred_at=LATER),
    ]
    for way in permutations(facts):
        house = TrackingHouse.in_memory()
        house.tell(cart_updated("cart-guest"), cart_updated("cart-hers"), cart_updated("cart-joint"))
        hand_over(house, 1, "cart-joint")
        house.tell(*way)
        for cart_id in ("cart-guest", "cart-hers", "cart-joint"):
            assert house.cart(cart_id).status is CartStatus.BOUGHT
        assert CancelMail(send_key="cart_nudge:cart-joint:step-1", reason="bought") in house.queue.messages


def test_a_cart_that_was_bought_before_it_became_part_of_another_leaves_that_one_open(
    house: TrackingHouse,
) -> None:
    facts: list[CartFact] = [
        order_placed(cart_id="cart-guest"),
        carts_merged("cart-guest", "cart-hers", occurred_at=LATER),
    ]
    for way in permutations(facts):
        house.tell(cart_updated("cart-hers", occurred_at=LATER), *way, *way)
        assert house.cart("cart-guest").status is CartStatus.BOUGHT
        assert house.cart("cart-hers").status is CartStatus.OPEN


def test_an_order_of_carts_that_were_merged_into_each_other_closes_each_once(house: TrackingHouse) -> None:
    house.tell(carts_merged("cart-1", "cart-2"), carts_merged("cart-2", "cart-1"))
    house.tell(order_placed(cart_id="cart-1"))
    assert house.calls == ["update_item", "update_item"]


def test_an_order_closes_its_cart_even_where_it_cannot_be_noted(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    house.watch = Death(2, "before")
    with pytest.raises(Killed):
        house.tell(order_placed(lines=(a_line(),)))
    assert house.cart().status is CartStatus.BOUGHT


def test_an_order_calls_off_nothing_where_nothing_was_handed_over(house: TrackingHouse) -> None:
    house.tell(cart_updated(), order_placed(), order_placed(cart_id="cart-unheard-of"))
    assert house.queue.messages == []


def test_an_order_is_noted_for_its_customer_and_for_its_address(house: TrackingHouse) -> None:
    lines = (a_line("Assam tea"), a_line("Clay cups"))
    house.tell(order_placed(customer_id="guest-77", email=EMAIL, cart_id=None, lines=lines))
    assert house.calls == ["update_item", "update_item"]
    for shopper in ("customer:guest-77", f"address:{hashed(EMAIL)}"):
        known = house.shopper(shopper)
        assert known.purchases == (Purchase("order-77", NOW, ("assam-tea", "clay-cups")),)
        assert known.latest_order == "order-77"


def test_the_address_of_an_order_that_tells_none_is_its_customers(house: TrackingHouse) -> None:
    house.welcome(a_profile(email=EMAIL))
    house.tell(order_placed(lines=(a_line(),)), order_placed("order-78", customer_id="x", lines=(a_line(),)))
    assert house.shopper(f"address:{hashed(EMAIL)}").latest_order == "order-77"
    assert house.shopper("customer:x").latest_order == "order-78"


def test_an_order_whose_lines_nobody_tells_closes_its_cart_alone(house: TrackingHouse) -> None:
    house.tell(cart_updated(), order_placed(email=EMAIL))
    assert house.calls == ["update_item"]
    assert house.shopper("customer:cust-asha").latest_order is None
    assert house.cart().status is CartStatus.BOUGHT


def test_a_product_is_kept_as_it_was_told(house: TrackingHouse) -> None:
    house.tell(product_changed())
    assert house.calls == ["put_item"]
    assert house.item("ProductsTable", product_id="assam-tea")["name"] == {"S": "Assam tea"}
