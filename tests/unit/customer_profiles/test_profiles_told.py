"""What is taken over of a profile that the shop tells, what stands in, and what is refused with its reason."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_profiles.rules import profile_told
from engagement.birthdays import why_refused
from engagement.plan import engagement_plan
from engagement.profiles import PROFILE_ATTRIBUTES, Profile, profile_attributes
from shop_facts import NOW, profile_updated, registered

SHOP = engagement_plan().shop


def told(**changes: Any) -> Profile:
    return profile_told(registered(**changes), SHOP)[0]


def refused(**changes: Any) -> dict[str, str]:
    return dict(profile_told(registered(**changes), SHOP)[1])


def test_only_the_birthday_is_refused_and_the_customer_kept() -> None:
    profile = told(birthday="1900-01-01")
    assert profile.birthday is None
    assert profile.email == "cust-asha@mail.example.com"
    assert refused(birthday="1900-01-01") == {"birthday": "placeholder"}


@pytest.mark.parametrize(
    ("birthday", "reason"),
    [("1970-01-01", "placeholder"), ("2027-03-02", "in_the_future"), ("1753-01-01", "too_long_ago")],
)
def test_a_date_is_refused_with_its_reason_under_its_own_name(birthday: str, reason: str) -> None:
    assert refused(birthday=birthday) == {"birthday": reason}
    assert refused(birthday="--03-02", dates={"wedding_day": birthday}) == {"wedding_day": reason}


def test_the_dates_that_are_believed_stay_beside_those_that_are_not() -> None:
    dates = {"wedding_day": "2014-11-23", "name_day": "--06-13", "shop_day": "1970-01-01"}
    profile = told(birthday="1991-03-02", dates=dates)
    assert profile.birthday == "1991-03-02"
    assert profile.dates == {"wedding_day": "2014-11-23", "name_day": "--06-13"}
    assert refused(birthday="1991-03-02", dates=dates) == {"shop_day": "placeholder"}


def test_what_lies_ahead_is_asked_of_the_calendar_that_the_customer_lives_by() -> None:
    """NOW is 12:00 UTC, on Kiritimati 2 o'clock in the morning after."""
    tomorrow = {"dates": {"wedding_day": "2027-03-02"}}
    assert refused(time_zone="Pacific/Kiritimati", **tomorrow) == {}
    assert refused(time_zone=None, **tomorrow) == {"wedding_day": "in_the_future"}


def test_the_shops_language_and_zone_stand_in_for_unknown_ones() -> None:
    profile, _ = profile_told(profile_updated(locale=None, time_zone=None, birthday="--03-01"), SHOP)
    assert (profile.locale, profile.time_zone, profile.birthday) == ("en-IN", "Asia/Kolkata", "--03-01")


def test_the_customers_own_language_and_zone_are_kept() -> None:
    profile = told(locale="hi-IN", time_zone="America/St_Johns")
    assert (profile.locale, profile.time_zone) == ("hi-IN", "America/St_Johns")


days = st.dates().map(lambda day: day.isoformat())


@given(
    st.one_of(st.none(), days),
    st.dictionaries(st.sampled_from(["wedding_day", "name_day", "first_order"]), days),
)
def test_every_date_told_is_either_kept_as_it_is_or_refused_with_a_reason(
    birthday: str | None, dates: dict[str, str]
) -> None:
    profile, reasons = profile_told(registered(birthday=birthday, dates=dates), SHOP)
    kept = dict(profile.dates) | ({"birthday": profile.birthday} if profile.birthday else {})
    everything = dates | ({"birthday": birthday} if birthday else {})
    assert kept | {name: everything[name] for name in reasons} == everything
    assert kept.keys().isdisjoint(reasons)
    assert all(why_refused(everything[name], NOW, "Asia/Kolkata") == why for name, why in reasons.items())


def test_a_profile_without_dates_has_no_attribute_for_them_in_the_table() -> None:
    assert "dates" not in profile_attributes(told())
    assert profile_attributes(told(dates={"name_day": "--06-13"}))["dates"] == {"name_day": "--06-13"}
    assert "dates" in PROFILE_ATTRIBUTES
