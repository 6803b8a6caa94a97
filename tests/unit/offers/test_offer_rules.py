"""Why an offer cannot be redeemed, and what its falling due means."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.offers import Offer, expiry_due
from engagement.plan import engagement_plan
from offer_facts import CODE, an_offer, order_with
from offers.announcing import expired, neared_expiry, redeemed, refused, released
from offers.rules import Due, what_is_due, why_refused
from shop_facts import NOW, days

RULES = engagement_plan().offers
END = NOW + days(14)
REMIND_AT = NOW + days(11)
MOMENT = timedelta(microseconds=1)
USED = an_offer(redeemed_by="order-77", redeemed_at=NOW)
INSTANTS = st.datetimes(NOW.replace(tzinfo=None), (END + days(30)).replace(tzinfo=None)).map(
    lambda instant: instant.replace(tzinfo=NOW.tzinfo)
)


@pytest.mark.parametrize(
    ("offer", "customer_id", "at", "reason"),
    [
        (None, "cust-asha", NOW, "unknown"),
        (None, None, NOW, "unknown"),
        (an_offer(), "cust-asha", NOW, None),
        (an_offer(), None, NOW, None),
        (an_offer(), "cust-noah", NOW, "another_customers"),
        (an_offer(), "cust-asha", END - MOMENT, None),
        (an_offer(), "cust-asha", END, "ended"),
        # Whose it is comes first: what became of it is nobody else's business.
        (an_offer(), "cust-noah", END, "another_customers"),
        (USED, "cust-noah", NOW, "another_customers"),
        (USED, "cust-asha", NOW, "already_redeemed"),
        (USED, "cust-asha", END + days(1), "already_redeemed"),
    ],
)
def test_an_offer_is_refused_for_the_first_reason_that_holds(
    offer: Offer | None, customer_id: str | None, at: datetime, reason: str | None
) -> None:
    assert why_refused(offer, customer_id=customer_id, at=at) == reason


@given(INSTANTS)
def test_the_order_that_redeemed_an_offer_is_never_refused_it_afterwards(at: datetime) -> None:
    assert why_refused(USED, customer_id="cust-asha", at=at, order_id="order-77") is None
    assert why_refused(USED, customer_id="cust-asha", at=at, order_id="order-78") == "already_redeemed"


def due_for(now: datetime, *, reminded: bool = False, remind_at: datetime | None = REMIND_AT) -> Due:
    return what_is_due(an_offer(remind_at=remind_at), reminded=reminded, now=now, rules=RULES)


def test_a_reminder_is_for_who_can_still_use_the_offer() -> None:
    assert due_for(REMIND_AT) is Due.REMINDER
    assert due_for(END - MOMENT) is Due.REMINDER
    assert due_for(END) is Due.LATER
    assert due_for(REMIND_AT, reminded=True) is Due.LATER
    assert due_for(REMIND_AT, remind_at=None) is Due.LATER


@given(now=INSTANTS, reminded=st.booleans(), remind_at=st.none() | INSTANTS)
def test_an_offer_expires_once_its_last_orders_have_had_their_time_and_not_before(
    now: datetime, reminded: bool, remind_at: datetime | None
) -> None:
    is_over = now >= expiry_due(an_offer(), RULES)
    assert (due_for(now, reminded=reminded, remind_at=remind_at) is Due.EXPIRY) == is_over


@given(now=INSTANTS, reminded=st.booleans())
def test_a_redeemed_offer_is_due_for_nothing(now: datetime, reminded: bool) -> None:
    assert what_is_due(USED, reminded=reminded, now=now, rules=RULES) is Due.NOTHING


def test_each_fact_about_an_offer_has_an_identity_of_its_own_and_always_the_same() -> None:
    offer = an_offer("ACDEF34679", remind_at=REMIND_AT)
    facts = [
        redeemed(offer, order_id="order-77", at=NOW),
        released(offer, order_id="order-77", at=NOW),
        neared_expiry(offer),
        expired(offer),
    ]
    assert [fact.event_id for fact in facts] == [
        "offer-ACDEF34679-redeemed-018c8cc64d525519",
        "offer-ACDEF34679-released-018c8cc64d525519",
        "offer-ACDEF34679-neared-expiry",
        "offer-ACDEF34679-expired",
    ]
    assert [fact.occurred_at for fact in facts] == [NOW, NOW, REMIND_AT, END]
    assert {(fact.offer_key, fact.campaign, fact.benefit, fact.expires_at) for fact in facts} == {
        (offer.offer_key, offer.campaign, offer.benefit, offer.expires_at)
    }


def test_two_orders_that_redeem_one_offer_after_each_other_are_two_facts_however_long_their_ids_are() -> None:
    ids = ["A" * 99 + "1", "A" * 99 + "2"]
    facts = [redeemed(an_offer(), order_id=order_id, at=NOW) for order_id in ids]
    assert facts[0].event_id != facts[1].event_id
    long = order_with(CODE, order_id=ids[0])
    assert refused(an_offer(), long, "another_customers").event_id != refused(USED, long, "ended").event_id
