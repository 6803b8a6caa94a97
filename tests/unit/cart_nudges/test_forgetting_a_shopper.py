"""Whoever is erased leaves no cart, no purchase and no incentive behind; who came back since keeps what is newer."""

import pytest

from cart_nudges.carts.rules import Handed
from engagement.mail_orders import CancelMail
from shop_facts import NOW, a_line, a_profile, cart_updated, days, erased, hours, order_placed
from tracking_house import Death, Killed, TrackingHouse, hashed

ASHA = "customer:cust-asha"
EMAIL = "cust-asha@mail.example.com"
LATER = NOW + hours(1)


@pytest.fixture
def house() -> TrackingHouse:
    house = TrackingHouse.in_memory()
    house.welcome(a_profile())
    return house


def shop(house: TrackingHouse) -> None:
    """Two carts, one of them as a guest, another customer's, and an order of something else."""
    house.tell(
        cart_updated(),
        cart_updated("cart-guest", customer_id=None, email=EMAIL),
        cart_updated("cart-ravi", customer_id="cust-ravi"),
        order_placed(cart_id=None, lines=(a_line("Darjeeling"),)),
    )


def test_an_erased_customers_carts_and_purchases_are_deleted_and_nobody_elses(house: TrackingHouse) -> None:
    shop(house)
    house.tell(erased(occurred_at=LATER))
    assert house.find("cart-9") is None
    assert house.find("cart-guest") is None
    assert house.find("cart-ravi") is not None
    for shopper in (ASHA, f"address:{hashed(EMAIL)}"):
        assert house.shopper(shopper).purchases == ()


def test_a_mail_that_waits_is_called_off(house: TrackingHouse) -> None:
    shop(house)
    handed = Handed(1, NOW, "digest", "cust-asha", "step-1", "standard", ("assam-tea",))
    house.carts.settle(house.cart(), steps_over=0, handed=handed, abandoned_at=NOW, timer_at=LATER)
    house.tell(erased(occurred_at=LATER))
    assert house.queue.messages == [CancelMail(send_key="cart_nudge:cart-9:step-1", reason="erased")]


def test_an_old_erasure_that_is_told_late_takes_nothing_from_who_came_back(house: TrackingHouse) -> None:
    house.tell(cart_updated(occurred_at=NOW + days(1)), order_placed(occurred_at=NOW + days(1), cart_id=None))
    house.tell(order_placed("order-78", occurred_at=NOW + days(1), cart_id=None, lines=(a_line(),)))
    house.tell(erased(occurred_at=NOW))
    assert house.find("cart-9") is not None
    assert [purchase.order_id for purchase in house.shopper(ASHA).purchases] == ["order-78"]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("at", range(1, 10))
def test_a_worker_killed_anywhere_leaves_only_what_the_facts_return_ends(
    house: TrackingHouse, at: int, moment: str
) -> None:
    shop(house)
    try:
        house.deliver(erased(occurred_at=LATER), Death(at, moment))  # type: ignore[arg-type]
    except Killed:
        # Its profile may be gone when the fact returns: what was found by the address went with the cart's or stays
        # under a keyed hash until it expires.
        house.tell(erased(occurred_at=LATER))
    assert house.find("cart-9") is None
    assert house.shopper(ASHA).purchases == ()


def test_erased_without_a_profile_a_guests_cart_stays_under_a_hash_until_it_expires(
    house: TrackingHouse,
) -> None:
    shop(house)
    stranger = TrackingHouse(house.client, house.tables)
    stranger.client.delete_item(TableName="CustomersTable", Key={"customer_id": {"S": "cust-asha"}})
    stranger.tell(erased(occurred_at=LATER))
    guest = stranger.cart("cart-guest")
    assert (guest.customer_id, guest.address_hash) == (None, hashed(EMAIL))
