"""Which birthdays are believed, why the others are not, and who is known to be too young."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.birthdays import LONGEST_LIFE_YEARS, PLACEHOLDERS, is_younger_than, why_refused
from shop_facts import NOW

TODAY = NOW.date()
births = st.dates(min_value=date(1905, 1, 1), max_value=date(2027, 3, 1))


@pytest.mark.parametrize("birthday", ["1900-01-01", "1970-01-01"])
def test_a_forms_placeholder_is_nobodys_birthday(birthday: str) -> None:
    assert why_refused(birthday, NOW, "Asia/Kolkata") == "placeholder"


@pytest.mark.parametrize("birthday", ["0001-01-01", "1899-12-30", "1753-01-01", "1904-12-31"])
def test_other_systems_zeros_and_what_nobody_lived_to_see_are_too_long_ago(birthday: str) -> None:
    assert why_refused(birthday, NOW, "Asia/Kolkata") == "too_long_ago"


@pytest.mark.parametrize("birthday", ["1988-01-01", "1970-01-02", "2000-02-29", "--01-01", "--02-29"])
def test_a_birthday_that_somebody_has_is_believed(birthday: str) -> None:
    assert why_refused(birthday, NOW, "Asia/Kolkata") is None


def test_nobody_is_born_tomorrow() -> None:
    assert why_refused((TODAY + timedelta(days=1)).isoformat(), NOW, "UTC") == "in_the_future"
    assert why_refused(TODAY.isoformat(), NOW, "UTC") is None


def test_what_is_today_is_a_matter_of_the_customers_calendar() -> None:
    late = datetime(2027, 3, 1, 22, 0, tzinfo=UTC)
    assert why_refused("2027-03-02", late, "Asia/Kolkata") is None
    assert why_refused("2027-03-02", late, "America/St_Johns") == "in_the_future"


@given(st.dates(min_value=date(1, 1, 1)))
def test_what_is_believed_is_neither_ahead_nor_older_than_anybody_nor_a_placeholder(born: date) -> None:
    possible = born <= TODAY and TODAY.year - born.year <= LONGEST_LIFE_YEARS
    believed = possible and born.isoformat() not in PLACEHOLDERS
    assert (why_refused(born.isoformat(), NOW, "UTC") is None) == believed


def test_who_comes_of_age_does_so_on_the_birthday() -> None:
    assert is_younger_than(16, "2011-03-01", date(2027, 2, 28))
    assert not is_younger_than(16, "2011-03-01", date(2027, 3, 1))


def test_who_was_born_on_29_february_comes_of_age_on_1_march_in_common_years() -> None:
    assert is_younger_than(15, "2012-02-29", date(2027, 2, 28))
    assert not is_younger_than(15, "2012-02-29", date(2027, 3, 1))
    assert is_younger_than(16, "2012-02-29", date(2028, 2, 28))
    assert not is_younger_than(16, "2012-02-29", date(2028, 2, 29))


@pytest.mark.parametrize("birthday", [None, "--03-02"])
def test_of_whom_no_year_is_known_nobody_knows_that_they_are_too_young(birthday: str | None) -> None:
    assert not is_younger_than(25, birthday, TODAY)


@given(births)
def test_a_shop_without_a_minimum_age_finds_nobody_too_young(born: date) -> None:
    assert not is_younger_than(0, born.isoformat(), TODAY)


@given(births, st.integers(1, 25))
def test_there_is_one_day_from_which_on_a_customer_is_old_enough(born: date, years: int) -> None:
    in_that_year = born.year + years
    leap_day = (born.month, born.day) == (2, 29)
    common = not (in_that_year % 4 == 0 and (in_that_year % 100 or in_that_year % 400 == 0))
    of_age = date(in_that_year, 3, 1) if leap_day and common else born.replace(year=in_that_year)
    assert is_younger_than(years, born.isoformat(), of_age - timedelta(days=1))
    assert not is_younger_than(years, born.isoformat(), of_age)
