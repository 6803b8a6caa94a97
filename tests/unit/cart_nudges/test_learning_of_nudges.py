"""What became of a nudge that was handed over, and what changes about it while it waits."""

from datetime import UTC, datetime, timedelta

import pytest

from cart_house import CartHouse
from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.steps.assigning import assigned
from cart_nudges.steps.fates import Fate, fate
from engagement.contacts import RecentMail
from engagement.events.base import Event
from engagement.events.carts import CartNudged
from engagement.events.offers import OfferIssued
from engagement.mail_log import Entry, Status
from engagement.mail_orders import CancelMail, SendMail
from engagement.plan import engagement_plan
from shop_facts import (
    NOW,
    a_line,
    cart_deleted,
    cart_updated,
    carts_merged,
    days,
    hours,
    order_placed,
    product_changed,
    rupees,
)

MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE
STEPS = [f"cart_nudge:cart-9:step-{number}" for number in (1, 2, 3)]
SECOND_STEP = engagement_plan().settings(CartNudgeSettings).steps[1]
# In Kolkata, where quiet hours begin at nine in the evening: it is half past eight.
EVENING = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
EIGHT_IN_THE_MORNING = datetime(2027, 3, 2, 2, 30, tzinfo=UTC)
TWO_LINES = (a_line(), a_line("Ilam tea"))


@pytest.fixture
def house() -> CartHouse:
    house = CartHouse()
    house.welcome()
    return house


@pytest.fixture
def night(house: CartHouse) -> CartHouse:
    """A nudge waits for the end of the quiet hours."""
    house.now = EVENING
    house.tell(cart_updated(lines=TWO_LINES, occurred_at=EVENING))
    house.pass_time(hours(2))
    assert house.cart().handed is not None
    assert house.steps == []
    return house


def sent(house: CartHouse) -> list[SendMail]:
    return [order for order in house.orders if isinstance(order, SendMail)]


def who_is(variant: str) -> str:
    experiment = SECOND_STEP.experiment
    assert experiment is not None
    ids = (f"cust-{number}" for number in range(1000))
    return next(customer_id for customer_id in ids if assigned(experiment, customer_id) == variant)


# What became of it.


def test_a_nudge_that_left_is_told_once_with_what_it_counts_under(house: CartHouse) -> None:
    house.tell(cart_updated(lines=TWO_LINES))
    house.pass_time(days(6), every=QUARTER)
    first, second, third = house.told(CartNudged)
    assert (first.cart_id, first.customer_id, first.step) == ("cart-9", "cust-asha", 1)
    assert (first.experiment, first.variant, first.withheld) == ("step-1", "standard", False)
    assert NOW + hours(1) <= first.occurred_at < NOW + hours(1) + MINUTE
    assert first.counts_until == first.occurred_at + days(3)
    assert first.product_ids == ("assam-tea", "ilam-tea")
    assert (second.experiment, third.experiment) == ("second_reminder_subject", "step-3")
    assert house.cart().handed is None


@pytest.mark.parametrize("variant", ["statement", "question"])
def test_a_variant_has_its_subject_and_its_name_in_the_mail_path(variant: str) -> None:
    house, customer_id = CartHouse(), who_is(variant)
    house.welcome(customer_id)
    house.tell(cart_updated(customer_id=customer_id))
    house.pass_time(days(2), every=QUARTER)
    assert house.mailed[1].variant == f"step-2-{variant}"
    assert house.mailed[1].subject.endswith("?") == (variant == "question")
    assert house.told(CartNudged)[1].variant == variant


def test_the_holdout_gets_nothing_and_counts(house: CartHouse) -> None:
    customer_id = who_is("holdout")
    house.welcome(customer_id)
    house.tell(cart_updated(customer_id=customer_id))
    house.pass_time(days(6), every=QUARTER)
    assert house.steps == [STEPS[0], STEPS[2]]
    assert house.reasons() == {STEPS[1]: "withheld"}
    held = house.told(CartNudged)[1]
    assert (held.step, held.variant, held.withheld) == (2, "holdout", True)


def test_who_had_too_many_mails_is_not_nudged_is_not_counted_and_may_have_the_offer_another_time(
    house: CartHouse,
) -> None:
    house.tell(cart_updated(lines=(a_line(price=rupees(2000)),)))
    house.pass_time(hours(60), every=QUARTER)
    contact = house.mail_path.contacts.get("cust-asha")
    others = (RecentMail("birthday_offer:cust-asha:2027", house.now), RecentMail("other:1", house.now))
    assert house.mail_path.contacts.keep_recent(contact, (*contact.recent, *others))
    house.pass_time(days(3), every=QUARTER)
    assert house.reasons() == {STEPS[2]: "frequency_cap"}
    assert [fact.step for fact in house.told(CartNudged)] == [1, 2]
    assert len(house.told(OfferIssued)) == 1
    assert house.shopper().incentive_key is None


def test_an_offer_that_its_customer_saw_stays_theirs(house: CartHouse) -> None:
    house.tell(cart_updated(lines=(a_line(price=rupees(2000)),)))
    house.pass_time(days(5), every=QUARTER)
    assert house.shopper().incentive_key == STEPS[2]


def test_a_mail_that_got_lost_is_given_up_and_the_next_step_comes(house: CartHouse) -> None:
    house.tell(cart_updated())
    house.now += hours(1)
    house.sweep()
    house.waiting.clear()
    house.pass_time(days(6), every=QUARTER)
    assert house.steps == STEPS[1:]
    assert house.reasons() == {STEPS[0]: "lost"}


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        *(
            (status, None, Fate.EXPOSED)
            for status in ("sent", "delivered", "bounced", "complained", "rejected")
        ),
        ("unknown", None, Fate.EXPOSED),
        ("skipped", "withheld", Fate.EXPOSED),
        ("skipped", "frequency_cap", Fate.OVER),
        ("cancelled", "bought", Fate.OVER),
        ("sending", None, Fate.BEING_SENT),
    ],
)
def test_what_the_mail_logs_word_means(status: str, reason: str | None, expected: Fate) -> None:
    assert fate(Entry(Status(status), reason=reason, changed_at=NOW), lost=False) is expected


def test_what_is_still_being_sent_when_its_time_is_long_over_may_have_arrived() -> None:
    assert fate(Entry(Status.SENDING, changed_at=NOW), lost=True) is Fate.EXPOSED
    assert fate(None, lost=True) is Fate.NOT_DECIDED


# What changes while it waits.


def test_what_waits_unchanged_leaves_in_the_morning_and_was_handed_over_once(night: CartHouse) -> None:
    night.pass_time(EIGHT_IN_THE_MORNING - night.now - MINUTE)
    assert night.steps == []
    assert len({mail.text for mail in sent(night)}) == 1
    night.pass_time(hours(1))
    assert night.steps == STEPS[:1]
    assert night.told(CartNudged)[0].occurred_at >= EIGHT_IN_THE_MORNING


def test_the_mail_that_waited_shows_the_price_of_the_morning(night: CartHouse) -> None:
    for price in (399, 380):
        night.tell(product_changed(prices=(rupees(price),), occurred_at=night.now))
        night.pass_time(hours(2))
    night.pass_time(hours(8))
    (mail,) = night.mailed
    assert "₹380" in mail.text
    assert "₹399" not in mail.text


def test_what_is_bought_some_other_way_while_it_waits_is_left_out(night: CartHouse) -> None:
    night.tell(order_placed(cart_id=None, lines=(a_line(),), occurred_at=night.now))
    night.pass_time(hours(12))
    (mail,) = night.mailed
    assert "Ilam tea" in mail.text
    assert "Assam tea" not in mail.text
    assert night.told(CartNudged)[0].product_ids == ("ilam-tea",)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ((order_placed(),), "bought"),
        ((order_placed(cart_id="another", lines=TWO_LINES),), "bought_already"),
        ((product_changed(available=False), product_changed("ilam-tea", available=False)), "sold_out"),
        ((cart_updated("newer"),), "superseded"),
        ((carts_merged("cart-9", into="another"),), "merged"),
    ],
)
def test_what_is_not_to_be_said_any_more_is_called_off(
    night: CartHouse, facts: tuple[Event, ...], reason: str
) -> None:
    night.tell(*(fact.model_copy(update={"occurred_at": night.now}) for fact in facts))
    night.pass_time(hours(11))
    assert STEPS[0] not in night.steps
    assert night.reasons()[STEPS[0]] == reason
    assert CancelMail(send_key=STEPS[0], reason=reason) in night.orders
    assert night.cart().handed is None


def test_who_refuses_while_it_waits_is_not_mailed(night: CartHouse) -> None:
    night.mail_path.contacts.withdraw("cust-asha", ("reminders",), now=night.now)
    night.pass_time(hours(12))
    assert (night.steps, night.reasons()) == ([], {STEPS[0]: "unsubscribed"})


def test_who_has_another_address_by_now_is_not_mailed_there_about_what_was_left_under_the_old(
    house: CartHouse,
) -> None:
    house.now = EVENING
    house.tell(cart_updated(customer_id=None, email="cust-asha@mail.example.com", occurred_at=EVENING))
    house.pass_time(hours(2))
    house.welcome(email="asha@elsewhere.example.com")
    house.pass_time(hours(12))
    assert (house.steps, house.reasons()) == ([], {STEPS[0]: "nobody"})


def test_whose_cart_is_touched_while_the_mail_waits_gets_it_after_the_new_wait(night: CartHouse) -> None:
    night.pass_time(EIGHT_IN_THE_MORNING - QUARTER - night.now)
    night.tell(cart_updated(lines=(a_line("Sencha"),), occurred_at=night.now))
    night.pass_time(hours(1) - MINUTE)
    assert (night.steps, night.reasons()) == ([], {})
    night.pass_time(QUARTER)
    (mail,) = night.mailed
    assert "Sencha" in mail.text
    assert mail.send_key == STEPS[0]


def test_a_cart_that_is_emptied_at_night_and_filled_in_the_morning_gets_its_first_mail_then(
    night: CartHouse,
) -> None:
    night.tell(cart_deleted(occurred_at=night.now))
    night.pass_time(hours(10))
    assert (night.steps, night.timers()) == ([], [])
    night.tell(cart_updated(lines=(a_line("Sencha"),), occurred_at=night.now))
    night.pass_time(hours(3))
    assert ["Sencha" in mail.text for mail in night.mailed] == [True]


def test_an_offer_that_the_cart_is_not_worth_any_more_is_not_promised(house: CartHouse) -> None:
    """The last call waits for the morning with an offer; at night its product becomes cheaper."""
    house.now = EVENING + hours(1)
    house.tell(cart_updated(lines=(a_line(price=rupees(1500)),), occurred_at=house.now))
    house.pass_time(hours(73), every=QUARTER)
    assert house.shopper().incentive_key == STEPS[2]
    house.tell(product_changed(prices=(rupees(1400),), occurred_at=house.now))
    house.pass_time(hours(12), every=QUARTER)
    (offer,) = house.told(OfferIssued)
    assert house.steps == STEPS
    assert offer.code not in house.mailed[-1].text
    assert house.shopper().incentive_key is None
