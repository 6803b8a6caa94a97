"""Of those whose day it is, who is celebrated, and why each of the others is not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.contacts import Contact
from engagement.profiles import Profile
from occasion_house import ANNIVERSARY_OFFER, FIRST_ANNIVERSARY_OFFER, birthday_settings, settings_of
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.dates import OccasionDate
from occasion_offers.rules import MailingDay, occasion_day, why_not_by_customer, why_not_by_date, years_since
from shop_facts import a_profile, days, hours

BIRTHDAYS = birthday_settings()
FIRST, LATER = settings_of(FIRST_ANNIVERSARY_OFFER), settings_of(ANNIVERSARY_OFFER)
FIRST_OF_MARCH = date(2027, 3, 1)
NINE = datetime(2027, 3, 1, 3, 30, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
AGREED = Contact("cust-asha", granted={"offers": True})


def the_first_of_march(settings: OccasionOfferSettings = BIRTHDAYS) -> MailingDay:
    day = FIRST_OF_MARCH
    return MailingDay(settings, ZoneInfo("Asia/Kolkata"), day, occasion_day(day, settings))


def a_date(told: str = "1990-03-01", **changes: Any) -> OccasionDate:
    known: dict[str, Any] = {"occasion": "birthday", "since": LONG_AGO, "time_zone": "Asia/Kolkata"}
    return OccasionDate(customer_id="cust-asha", date=told, **known | changes)


def why_not(
    profile: Profile | None = None,
    contact: Contact = AGREED,
    *,
    decided: bool = False,
    minimum_age: int = 16,
    now: datetime = NINE,
) -> str | None:
    return why_not_by_customer(
        profile,
        contact,
        the_first_of_march(),
        decided=decided,
        topic="offers",
        minimum_age=minimum_age,
        now=now,
    )


@pytest.mark.parametrize("told", ["1990-03-01", "--03-01"])
def test_a_date_is_celebrated_with_or_without_its_year(told: str) -> None:
    assert why_not_by_date(a_date(told), the_first_of_march()) is None


@pytest.mark.parametrize("reason", ["placeholder", "in_the_future", "too_long_ago"])
def test_a_date_that_is_not_believed_is_never_celebrated_and_says_why(reason: str) -> None:
    assert why_not_by_date(a_date(refused=reason), the_first_of_march()) == f"date_{reason}"


def test_a_date_entered_or_changed_within_the_last_thirty_days_earns_nothing_this_year() -> None:
    just_in_time = a_date(since=NINE - days(30))
    assert why_not_by_date(just_in_time, the_first_of_march()) is None
    too_late = a_date(since=NINE - days(30) + timedelta(seconds=1))
    assert why_not_by_date(too_late, the_first_of_march()) == "date_too_new"


@given(st.integers(0, 60))
def test_whether_a_date_is_too_new_does_not_depend_on_the_lead_beyond_the_mailing_day(lead: int) -> None:
    settings = birthday_settings(("days_before: 0", f"days_before: {lead}"))
    assert why_not_by_date(a_date(since=NINE - days(30)), the_first_of_march(settings)) is None
    assert why_not_by_date(a_date(since=NINE - days(29)), the_first_of_march(settings)) == "date_too_new"


@pytest.mark.parametrize(
    ("joined", "first", "later"),
    [
        ("2027-03-01", "not_this_year", "not_this_year"),
        ("2026-03-01", None, "not_this_year"),
        ("2025-03-01", "not_this_year", None),
        ("1998-03-01", "not_this_year", None),
        # Which anniversary it is nobody can tell.
        ("--03-01", "not_this_year", "not_this_year"),
    ],
)
def test_the_first_anniversary_and_the_later_ones_each_have_their_years(
    joined: str, first: str | None, later: str | None
) -> None:
    kept = a_date(joined, occasion="joining")
    assert why_not_by_date(kept, the_first_of_march(FIRST)) == first
    assert why_not_by_date(kept, the_first_of_march(LATER)) == later


def test_years_are_counted_to_the_occasion_and_not_to_the_day_of_its_mail() -> None:
    """Joined on 4 January 2026, mailed on 30 December 2026 about 4 January 2027: that is the first anniversary."""
    kept = a_date("2026-01-04", occasion="joining")
    assert years_since(kept, date(2027, 1, 4)) == 1
    mailing = MailingDay(FIRST, ZoneInfo("Asia/Kolkata"), date(2026, 12, 30), date(2027, 1, 4))
    assert why_not_by_date(kept, mailing) is None


def test_the_leap_days_anniversary_is_its_first_in_the_next_common_year() -> None:
    mailing = MailingDay(FIRST, ZoneInfo("Asia/Kolkata"), date(2029, 2, 28), date(2029, 2, 28))
    assert why_not_by_date(a_date("2028-02-29", occasion="joining"), mailing) is None


def test_whoever_agreed_is_celebrated() -> None:
    assert why_not(a_profile()) is None


def test_a_customer_who_is_gone_is_not_celebrated() -> None:
    assert why_not(None) == "no_profile"


@pytest.mark.parametrize(
    ("birthday", "reason"),
    [
        ("2011-03-01", None),  # sixteen today
        ("2011-03-02", "too_young"),
        ("--03-02", None),
        (None, None),
    ],
)
def test_children_get_nothing_where_their_year_is_known(birthday: str | None, reason: str | None) -> None:
    assert why_not(a_profile(birthday=birthday)) == reason


def test_without_a_least_age_children_are_celebrated_too() -> None:
    assert why_not(a_profile(birthday="2020-03-01"), minimum_age=0) is None


@pytest.mark.parametrize(
    ("contact", "reason"),
    [
        (Contact("cust-asha"), "no_consent"),
        (Contact("cust-asha", granted={"offers": False}), "unsubscribed"),
        (Contact("cust-asha", granted={"offers": True}, paused_until=NINE + hours(1)), "paused"),
        (Contact("cust-asha", granted={"offers": True}, paused_until=NINE), None),
    ],
)
def test_nobody_is_celebrated_against_their_will(contact: Contact, reason: str | None) -> None:
    assert why_not(a_profile(), contact) == reason


def test_whose_mail_of_this_year_is_decided_gets_no_offer_that_nobody_would_hear_of() -> None:
    assert why_not(a_profile(), decided=True) == "already_decided"
    assert why_not(a_profile()) is None
