"""What a booking means for the customer's tier."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.errors import RetryLaterError
from engagement.events.benefits import Benefit
from engagement.events.loyalty import PointsEarned, TierChanged
from ledger_in_memory import TIERS, Loyalty, offer_given_back
from loyalty_accrual.rules import tier_of
from shop_facts import NOW, days, offer_redeemed, order_paid, order_refunded, points_redeemed, rupees

ASHA = "cust-asha"
SILVER_ORDER = rupees(60_000)


def test_an_order_that_brings_the_customer_to_another_tier_tells_so_beside_its_points() -> None:
    loyalty = Loyalty().told(order_paid(amount=SILVER_ORDER), now=NOW + days(1))
    earned, changed = loyalty.bus.told
    assert isinstance(earned, PointsEarned)
    assert isinstance(changed, TierChanged)
    assert (changed.customer_id, changed.tier, changed.occurred_at) == (ASHA, "silver", NOW + days(1))


def test_nothing_is_told_of_a_tier_until_a_higher_one_is_reached_and_then_once() -> None:
    loyalty = Loyalty().told(order_paid("order-1", amount=rupees(49_900)))
    assert loyalty.tiers_told == []
    loyalty.told(*(order_paid(f"order-{number}", amount=rupees(100)) for number in range(2, 9)))
    assert loyalty.tiers_told == ["silver"]


def test_a_refund_that_leaves_too_little_takes_the_tier_back() -> None:
    loyalty = Loyalty().told(order_paid(amount=SILVER_ORDER), order_refunded(amount=rupees(20_000)))
    assert loyalty.tiers_told == ["silver", "bronze"]


def test_points_that_were_spent_take_the_tier_back_too() -> None:
    assert Loyalty().told(order_paid(amount=SILVER_ORDER), points_redeemed(points=200)).tiers_told == [
        "silver",
        "bronze",
    ]


def test_two_tiers_at_once_are_one_change() -> None:
    assert Loyalty().told(order_paid(amount=rupees(500_000))).tiers_told == ["gold"]


def test_the_shops_past_gives_a_tier_too_and_it_is_told() -> None:
    loyalty = Loyalty().told(order_paid(amount=SILVER_ORDER, imported=True))
    assert [type(news) for news in loyalty.bus.told] == [TierChanged]


def test_a_tier_that_was_not_told_is_told_when_the_fact_comes_again_and_then_no_more() -> None:
    loyalty = Loyalty()
    loyalty.bus.refusals = 1
    with pytest.raises(RetryLaterError):
        loyalty.told(order_paid(amount=SILVER_ORDER))
    loyalty.told(order_paid(amount=SILVER_ORDER), order_paid(amount=SILVER_ORDER), now=NOW + days(1))
    assert loyalty.tiers_told == ["silver"]
    assert loyalty.bus.told[1].occurred_at == NOW


def test_a_tier_that_was_not_told_is_told_by_the_next_booking_as_the_same_news() -> None:
    loyalty = Loyalty()
    loyalty.bus.refusals = 1
    with pytest.raises(RetryLaterError):
        loyalty.told(order_paid(amount=SILVER_ORDER))
    loyalty.told(order_paid("order-78"), now=NOW + days(1))
    (news,) = [fact for fact in loyalty.bus.told if isinstance(fact, TierChanged)]
    assert (news.tier, news.occurred_at) == ("silver", NOW)


def test_who_fell_back_before_the_higher_tier_was_told_for_sure_is_told_to_have_fallen_back() -> None:
    loyalty = Loyalty()
    loyalty.ledger.lost_tellings = 1
    loyalty.told(order_paid(amount=SILVER_ORDER), order_refunded(amount=SILVER_ORDER))
    assert loyalty.tiers_told == ["silver", "bronze"]


def test_who_loses_the_race_for_a_tier_leaves_the_news_to_the_other() -> None:
    loyalty = Loyalty()
    loyalty.ledger.lost_tiers = 1
    loyalty.told(order_paid(amount=SILVER_ORDER))
    assert [type(news) for news in loyalty.bus.told] == [PointsEarned]
    assert loyalty.told(order_paid("order-78")).tiers_told == ["silver"]


@given(
    st.lists(
        st.one_of(
            st.integers(1, 300_000).map(lambda amount: order_paid(f"order-{amount}", amount=rupees(amount))),
            st.integers(1, 900).map(lambda points: points_redeemed(f"redemption-{points}", points=points)),
            st.just(order_paid(amount=rupees(1))),
            st.integers(890, 900).map(lambda n: offer_redeemed(f"CODE{n}", benefit=Benefit(points=n))),
            st.integers(890, 900).map(lambda n: offer_given_back(f"CODE{n}", benefit=Benefit(points=n))),
        ),
        max_size=8,
    )
)
def test_the_tier_told_last_is_always_the_one_that_the_balance_reaches(facts: list[Any]) -> None:
    loyalty = Loyalty()
    for fact in facts:
        loyalty.told(fact)
        assert (loyalty.tiers_told or ["bronze"])[-1] == tier_of(loyalty.ledger.balance(ASHA), TIERS).name
