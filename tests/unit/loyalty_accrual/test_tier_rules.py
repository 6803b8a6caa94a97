"""When a customer has another tier, and since when."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from engagement.events.loyalty import TierChanged
from ledger_in_memory import TIERS
from loyalty_accrual.announcing import tier_change
from loyalty_accrual.ledger import Standing
from loyalty_accrual.rules import reviewed, tier_of
from shop_facts import NOW, days

A_STRANGER = Standing("cust-asha")
SILVER = Standing("cust-asha", balance=600, tier="silver", since=NOW)


def test_a_new_customer_has_the_lowest_tier_and_that_is_no_change() -> None:
    assert reviewed(replace(A_STRANGER, balance=499), TIERS, NOW) == replace(A_STRANGER, balance=499)
    assert reviewed(replace(A_STRANGER, balance=-20), TIERS, NOW).told


def test_who_reaches_another_tier_has_it_since_the_booking_and_it_is_to_be_told() -> None:
    standing = reviewed(replace(A_STRANGER, balance=500), TIERS, NOW)
    assert standing == Standing("cust-asha", balance=500, tier="silver", since=NOW, told=False)


def test_who_falls_back_has_the_lower_tier_since_then() -> None:
    standing = reviewed(replace(SILVER, balance=10), TIERS, NOW + days(1))
    assert (standing.tier, standing.since, standing.told) == ("bronze", NOW + days(1), False)


def test_who_stays_in_a_tier_has_it_since_before_and_told_or_not_as_before() -> None:
    for told in (True, False):
        before = replace(SILVER, balance=1999, told=told)
        assert reviewed(before, TIERS, NOW + days(1)) is before


def test_a_tier_that_left_the_plan_gives_way_to_the_one_that_the_points_reach() -> None:
    assert reviewed(replace(SILVER, tier="platinum"), TIERS, NOW + days(1)).tier == "silver"


def test_a_change_is_newer_than_the_one_before_even_by_a_clock_that_is_behind() -> None:
    standing = reviewed(replace(SILVER, balance=0), TIERS, NOW - days(1))
    assert standing.since == NOW + timedelta.resolution


@given(st.lists(st.tuples(st.integers(-100, 3000), st.integers(-9, 9)), max_size=12))
def test_of_all_that_was_told_the_newest_is_the_tier_that_the_customer_has(
    bookings: list[tuple[int, int]],
) -> None:
    standing, told = A_STRANGER, dict[str, TierChanged]()
    for balance, minutes in bookings:
        standing = reviewed(replace(standing, balance=balance), TIERS, NOW + timedelta(minutes=minutes))
        if news := tier_change(standing):
            assert news.event_id not in told
            told[news.event_id] = news
            standing = replace(standing, told=True)
    newest = max(told.values(), key=lambda news: news.occurred_at, default=None)
    assert (newest.tier if newest else "bronze") == tier_of(standing.balance, TIERS).name


def test_the_news_of_a_change_is_always_the_same_and_names_the_customer_only_where_it_must() -> None:
    news = tier_change(replace(SILVER, told=False))
    assert news == tier_change(replace(SILVER, told=False, balance=700))
    assert news is not None
    assert (news.customer_id, news.tier, news.occurred_at) == ("cust-asha", "silver", NOW)
    assert "asha" not in news.event_id


def test_nothing_is_told_of_a_tier_that_is_known() -> None:
    assert tier_change(SILVER) is None
    assert tier_change(A_STRANGER) is None
