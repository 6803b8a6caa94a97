"""The statistics, against what is published of them, and against a plain calculation."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rishta_cli.experiments.figures import Arm, Interval, currencies, difference, sample_ratio
from rishta_cli.experiments.words import Shown, money, percent, points, share


def an_arm(customers: int, recovered: int = 0, **more: int) -> Arm:
    return Arm("standard", {"customers": customers, "recovered": recovered, **more})


def those_who_paid(paid: list[int]) -> Arm:
    """Each customer's sum, in paise."""
    payers = sum(each > 0 for each in paid)
    squares = sum(each**2 for each in paid)
    return an_arm(len(paid), payers, payers_INR=payers, revenue_INR=sum(paid), squares_INR=squares)


def test_a_rate_has_wilsons_interval() -> None:
    """Newcombe (1998), Interval estimation for the single proportion, table I: 81 of 263."""
    rate = an_arm(263, 81).rate
    assert rate
    assert (round(rate.low, 4), round(rate.high, 4)) == (0.2553, 0.3662)


def test_a_difference_has_newcombes_interval() -> None:
    """Newcombe (1998), Interval estimation for the difference: 56 of 70 against 48 of 80, method 10."""
    found = difference(an_arm(70, 56), an_arm(80, 48))
    assert found
    assert [round(each, 4) for each in (found.estimate, found.low, found.high)] == [0.2, 0.0524, 0.3339]
    assert difference(an_arm(0), an_arm(80, 48)) is None


def test_revenue_is_of_all_customers_and_its_interval_is_students() -> None:
    paid = [0, 0, 0, 0, 500, 700, 0, 1200, 0, 100] * 10
    arm = those_who_paid(paid)
    mean = sum(paid) / 100
    spread = sqrt(sum((each - mean) ** 2 for each in paid) / 99)
    found = arm.revenue("INR")
    assert found
    assert found.estimate == mean
    assert found.high == pytest.approx(mean + 1.9842 * spread / sqrt(100), abs=0.01)
    assert found.low == pytest.approx(mean - 1.9842 * spread / sqrt(100), abs=0.01)
    one_paid_it_all = those_who_paid([1] * 19 + [10_000]).revenue("INR")
    assert one_paid_it_all
    assert one_paid_it_all.low == 0.0  # nobody pays less than nothing


@given(st.lists(st.integers(1, 10**12), min_size=20, max_size=50))
def test_any_revenue_has_an_interval_around_its_mean(paid: list[int]) -> None:
    found = those_who_paid(paid).revenue("INR")
    assert found
    assert 0 <= found.low <= found.estimate <= found.high


def test_few_who_paid_have_no_spread() -> None:
    assert those_who_paid([5] * 19 + [0] * 1000).revenue("INR") is None
    assert those_who_paid([5] * 20 + [0] * 1000).revenue("INR")
    assert an_arm(1000, 30).revenue("INR") is None


def test_counters_that_are_read_while_others_write_are_shown_all_the_same() -> None:
    """A customer's order is counted in one shard and taken out in another: for a moment there may be less than none."""
    torn = an_arm(3, -1, orders=-1, exposures=2, payers_INR=25, revenue_INR=-50, squares_INR=-7500)
    assert torn.rate
    assert torn.rate.estimate == 0
    assert torn.bought == 0
    assert an_arm(3, 4).recovered == 3
    revenue = an_arm(30, 25, payers_INR=25, revenue_INR=900, squares_INR=-7500).revenue("INR")
    assert revenue == Interval(30, 30, 30)


def test_of_nudged_carts_so_many_were_bought() -> None:
    assert share(an_arm(10, 2, exposures=24, orders=2).bought) == "8.3 %"
    assert share(an_arm(0).bought) == "–"


def test_the_split_is_checked_by_chi_square() -> None:
    even = {"one": 50, "other": 50}
    # 60 of 100 where 50 were planned: chi-square 4, one degree of freedom.
    sixty = [Arm("one", {"customers": 60}), Arm("other", {"customers": 40})]
    assert sample_ratio(sixty, even) == pytest.approx(0.0455, abs=0.0001)
    assert sample_ratio([Arm("one", {"customers": 9})], even) is None
    assert sample_ratio(sixty[:1], {"one": 1}) is None
    assert (sample_ratio([Arm("one", {"customers": 60})], even) or 0) < 0.001


def test_currencies_are_those_that_were_paid() -> None:
    arms = [an_arm(1, revenue_USD=5, squares_USD=25), an_arm(1, revenue_INR=5, revenue_EUR=0)]
    assert currencies(arms) == ["INR", "USD"]


def test_intervals_in_words() -> None:
    interval = Interval(0.0834, 0.069, 0.1)
    assert percent(interval) == Shown("8.3 %", "6.9 to 10.0")
    assert str(percent(interval)) == "8.3 % (6.9 to 10.0)"
    assert str(points(Interval(0.01, -0.004, 0.0245))) == "+1.0 (−0.4 to +2.5)"
    assert str(money(Interval(8320.4, 0, 9900.0), "INR")) == "₹83.20 (₹0 to ₹99)"
    assert [str(shown) for shown in (percent(None), points(None), money(None, "INR"))] == ["–", "–", "–"]
