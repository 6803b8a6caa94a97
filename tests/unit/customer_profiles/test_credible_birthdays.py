"""Which birthdays are believed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_profiles.rules import profile_told
from engagement.birthdays import LONGEST_LIFE_YEARS, PLACEHOLDERS, credible_birthday
from engagement.plan import engagement_plan
from shop_facts import NOW, profile_updated, registered

SHOP = engagement_plan().shop
TODAY = NOW.date()


@pytest.mark.parametrize("birthday", ["1900-01-01", "1970-01-01"])
def test_a_forms_placeholder_is_nobodys_birthday(birthday: str) -> None:
    assert credible_birthday(birthday, NOW, "Asia/Kolkata") is None


@pytest.mark.parametrize("birthday", ["0001-01-01", "1899-12-30", "1753-01-01"])
def test_other_systems_zeros_are_nobodys_birthday(birthday: str) -> None:
    assert credible_birthday(birthday, NOW, "Asia/Kolkata") is None


@pytest.mark.parametrize("birthday", ["1988-01-01", "1970-01-02", "2000-02-29", "--01-01", "--02-29"])
def test_a_birthday_that_somebody_has_is_believed(birthday: str) -> None:
    assert credible_birthday(birthday, NOW, "Asia/Kolkata") == birthday


def test_nobody_is_born_tomorrow() -> None:
    assert credible_birthday((TODAY + timedelta(days=1)).isoformat(), NOW, "UTC") is None
    assert credible_birthday(TODAY.isoformat(), NOW, "UTC") == TODAY.isoformat()


def test_what_is_today_is_a_matter_of_the_customers_calendar() -> None:
    late = datetime(2027, 3, 1, 22, 0, tzinfo=UTC)
    assert credible_birthday("2027-03-02", late, "Asia/Kolkata") == "2027-03-02"
    assert credible_birthday("2027-03-02", late, "America/St_Johns") is None


@given(st.dates(min_value=date(1, 1, 1)))
def test_what_is_believed_is_neither_ahead_nor_older_than_anybody_nor_a_placeholder(born: date) -> None:
    believed = credible_birthday(born.isoformat(), NOW, "UTC")
    possible = born <= TODAY and TODAY.year - born.year <= LONGEST_LIFE_YEARS
    assert (believed == born.isoformat()) == (possible and born.isoformat() not in PLACEHOLDERS)


def test_only_the_birthday_is_refused_and_the_customer_kept() -> None:
    profile = profile_told(registered(birthday="1900-01-01"), SHOP)
    assert profile.birthday is None
    assert profile.email == "cust-asha@mail.example.com"


def test_the_shops_language_and_zone_stand_in_for_unknown_ones() -> None:
    profile = profile_told(profile_updated(locale=None, time_zone=None, birthday="--03-01"), SHOP)
    assert (profile.locale, profile.time_zone, profile.birthday) == ("en-IN", "Asia/Kolkata", "--03-01")


def test_the_customers_own_language_and_zone_are_kept() -> None:
    profile = profile_told(registered(locale="hi-IN", time_zone="America/St_Johns"), SHOP)
    assert (profile.locale, profile.time_zone) == ("hi-IN", "America/St_Johns")
