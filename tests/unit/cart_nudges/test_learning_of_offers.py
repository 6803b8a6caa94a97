"""What becomes of an offer while its mail waits: whoever gets the mail gets an offer that is theirs, and is good."""

from datetime import UTC, datetime, timedelta

import pytest

from cart_house import CartHouse
from engagement.events.base import Line
from engagement.events.offers import OfferIssued
from engagement.mail_orders import CancelMail
from shop_facts import a_line, cart_updated, days, hours, product_changed, rupees

MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE
STEP = "cart_nudge:cart-9:step-3"
# In Kolkata, where quiet hours begin at nine in the evening: it is half past ten.
NIGHT = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)
DEAR = (a_line(price=rupees(1500)),)


def left_at_night() -> CartHouse:
    """A cart with something dear in it. Whose it was last is known since a minute before its last activity."""
    house = CartHouse()
    house.welcome()
    house.welcome("cust-ravi")
    house.now = NIGHT
    house.tell(cart_updated(lines=DEAR, occurred_at=NIGHT - MINUTE))
    house.tell(cart_updated(lines=DEAR, occurred_at=NIGHT, customer_id=None))
    return house


@pytest.fixture
def house() -> CartHouse:
    """Whose last call about a cart waits with its offer for the morning."""
    house = left_at_night()
    house.pass_time(hours(73), every=QUARTER)
    assert house.shopper().incentive_key == STEP
    assert len(house.told(OfferIssued)) == 1
    return house


def in_the_mail(house: CartHouse) -> list[OfferIssued]:
    """The offers of which the last call tells."""
    (mail,) = (mail for mail in house.mailed if mail.send_key == STEP)
    offers = {offer.code: offer for offer in house.told(OfferIssued)}
    return [offer for offer in offers.values() if offer.code in mail.text]


def test_who_touches_the_cart_evening_after_evening_is_offered_at_last_what_is_still_good(
    house: CartHouse,
) -> None:
    for _ in range(2):
        house.tell(cart_updated(lines=DEAR, occurred_at=house.now))
        house.pass_time(hours(73), every=QUARTER)
    house.pass_time(hours(12), every=QUARTER)
    (offer,) = in_the_mail(house)
    assert offer.expires_at > house.now + days(4)


@pytest.mark.parametrize("at", [NIGHT - MINUTE / 2, NIGHT + hours(73)], ids=["told late", "of now"])
def test_a_cart_that_changes_hands_offers_nobody_what_is_anothers(house: CartHouse, at: datetime) -> None:
    house.tell(cart_updated(customer_id="cust-ravi", lines=DEAR, occurred_at=at))
    house.pass_time(hours(85), every=QUARTER)
    (offer,) = in_the_mail(house)
    assert offer.customer_id == "cust-ravi"
    assert [mail.customer_id for mail in house.mailed if mail.send_key == STEP] == ["cust-ravi"]
    assert house.shopper("cust-ravi").incentive_key == STEP
    assert house.shopper("cust-asha").incentive_key is None


def test_a_mail_that_cannot_be_made_anew_is_called_off_and_its_offer_is_free_again(
    house: CartHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.tell(product_changed(prices=(rupees(2000),), occurred_at=house.now))
    monkeypatch.setattr("cart_nudges.steps.composing.shown", cannot_be_shown)
    house.pass_time(hours(12), every=QUARTER)
    assert STEP not in house.steps
    assert CancelMail(send_key=STEP, reason="failed") in house.orders
    assert house.shopper().incentive_key is None


def test_of_a_mail_that_could_never_be_made_the_offer_is_free_again(monkeypatch: pytest.MonkeyPatch) -> None:
    house = left_at_night()
    house.pass_time(hours(71), every=QUARTER)
    monkeypatch.setattr("cart_nudges.steps.composing.shown", cannot_be_shown)
    house.pass_time(hours(2), every=QUARTER)
    assert house.reasons() == {STEP: "failed"}
    assert house.shopper().incentive_key is None


def cannot_be_shown(line: Line) -> None:
    raise ValueError("no words for this")
