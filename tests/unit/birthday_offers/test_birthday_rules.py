"""Whose birthday it is, when, and how long its offer lasts."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from birthday_house import birthday_settings, zones
from birthday_offers.rules import (
    birthdays_kept_on,
    day_to_celebrate,
    offer_expires_at,
    send_key,
    useful_until,
)
from engagement.errors import InvalidPlanError

SETTINGS = birthday_settings()
KOLKATA = ZoneInfo("Asia/Kolkata")
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2037, 12, 31))
observances = st.sampled_from(["02-28", "03-01"])


def kept_on(day: date, observed_on: str) -> tuple[str, ...]:
    return birthdays_kept_on(day, "02-28" if observed_on == "02-28" else "03-01")


def in_kolkata(hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, 1, hour, minute, tzinfo=KOLKATA).astimezone(UTC)


def test_a_birthday_begins_at_the_plans_hour_on_the_customers_clock() -> None:
    assert day_to_celebrate(in_kolkata(8, 59), KOLKATA, None, SETTINGS) is None
    assert day_to_celebrate(in_kolkata(9, 0), KOLKATA, None, SETTINGS) == date(2027, 3, 1)


def test_a_birthday_is_over_at_the_latest_hour() -> None:
    assert day_to_celebrate(in_kolkata(19, 59), KOLKATA, None, SETTINGS) == date(2027, 3, 1)
    assert day_to_celebrate(in_kolkata(20, 0), KOLKATA, None, SETTINGS) is None


def test_a_day_that_is_done_is_done() -> None:
    assert day_to_celebrate(in_kolkata(9), KOLKATA, date(2027, 3, 1), SETTINGS) is None


def test_a_day_before_one_that_is_done_is_not_gone_back_to() -> None:
    assert day_to_celebrate(in_kolkata(9), KOLKATA, date(2027, 3, 2), SETTINGS) is None


@given(st.integers(min_value=2026, max_value=2400), observances)
def test_everyone_has_exactly_one_birthday_in_every_year(year: int, observed_on: str) -> None:
    first = date(year, 1, 1)
    kept: list[str] = []
    for number in range((date(year + 1, 1, 1) - first).days):
        kept += kept_on(first + timedelta(days=number), observed_on)
    leap_year = [f"{date(2000, 1, 1) + timedelta(days=number):%m-%d}" for number in range(366)]
    assert sorted(kept) == leap_year


@given(days, observances)
def test_only_the_leap_day_is_ever_moved(day: date, observed_on: str) -> None:
    own, *moved = kept_on(day, observed_on)
    assert own == f"{day:%m-%d}"
    assert moved in ([], ["02-29"])


@pytest.mark.parametrize(
    ("day", "observed_on", "kept"),
    [
        (date(2027, 2, 28), "02-28", ("02-28", "02-29")),
        (date(2027, 3, 1), "02-28", ("03-01",)),
        (date(2027, 2, 28), "03-01", ("02-28",)),
        (date(2027, 3, 1), "03-01", ("03-01", "02-29")),
        (date(2028, 2, 28), "02-28", ("02-28",)),
        (date(2028, 2, 29), "02-28", ("02-29",)),
        (date(2100, 2, 28), "02-28", ("02-28", "02-29")),
    ],
)
def test_the_leap_day_in_leap_and_common_years(day: date, observed_on: str, kept: tuple[str, ...]) -> None:
    assert kept_on(day, observed_on) == kept


@given(days, st.sampled_from(zones()))
def test_an_offer_ends_when_the_customers_day_does(day: date, zone: ZoneInfo) -> None:
    expires_at = offer_expires_at(day, zone, SETTINGS)
    last_day = day + timedelta(days=14)
    assert expires_at.tzinfo is UTC
    assert (expires_at - timedelta(seconds=1)).astimezone(zone).date() == last_day
    assert expires_at.astimezone(zone).date() == last_day + timedelta(days=1)


@given(days, st.sampled_from(zones()))
def test_a_mail_is_of_use_until_the_latest_hour_of_the_day(day: date, zone: ZoneInfo) -> None:
    last = useful_until(day, zone, SETTINGS.latest_local_hour)
    assert day_to_celebrate(last - timedelta(seconds=1), zone, None, SETTINGS) == day
    assert day_to_celebrate(last, zone, None, SETTINGS) is None


def test_one_send_key_a_customer_and_year() -> None:
    assert send_key("cust-3", date(2026, 12, 31)) == "birthday_offer:cust-3:2026"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("leap_day_observed_on: 02-28", "leap_day_observed_on: 02-29", "'02-28' or '03-01'"),
        ("latest_local_hour: 20", "latest_local_hour: 9", "latest_local_hour must be after local_hour"),
        ("valid_for: 14d", "valid_for: 36h", "whole days"),
        ("value: 15", "value: 150", "offer.value"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(old: str, new: str, complaint: str) -> None:
    with pytest.raises(InvalidPlanError, match=complaint):
        birthday_settings((old, new))
