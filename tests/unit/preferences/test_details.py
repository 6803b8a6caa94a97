"""What a customer says of themselves: which of it can be true, and what is left as it is."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.birthdays import why_refused
from preferences.details import Details, Judgement, WrongDetailError, birthday_typed, in_language, judge
from preferences.telling import profile_changed
from shop_facts import NOW, a_profile

LANGUAGES = frozenset({"en", "hi"})
ZONES = frozenset(available_timezones())
SEEN = Details("en", "Asia/Kolkata", "28", "2", "1990")
PROFILE = a_profile(birthday="1990-02-28")


def birthday(day: str, month: str, year: str = "", zone: str = "Asia/Kolkata") -> str | None:
    return birthday_typed(Details("en", zone, day, month, year), zone, NOW)


def judged(profile: Any = PROFILE, **typed: str) -> Judgement:
    return judge(profile, replace(SEEN, **typed), SEEN, languages=LANGUAGES, time_zones=ZONES, now=NOW)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("", "", ""), None),
        (("28", "2", "1990"), "1990-02-28"),
        (("29", "2", ""), "--02-29"),
        (("29", "2", "2000"), "2000-02-29"),
        (("०२", "3", "१९९०"), "1990-03-02"),
    ],
)
def test_a_birthday_is_kept_as_it_was_typed(typed: tuple[str, str, str], kept: str | None) -> None:
    assert birthday(*typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("31", "2", "1990"), "birthday_no_such_day"),
        (("29", "2", "1990"), "birthday_no_such_day"),
        (("31", "4", ""), "birthday_no_such_day"),
        (("0", "1", ""), "birthday_no_such_day"),
        (("1", "13", ""), "birthday_no_such_day"),
        (("1", "1", "0000"), "birthday_no_such_day"),
        (("28", "", ""), "birthday_incomplete"),
        (("", "", "1990"), "birthday_incomplete"),
        (("9" * 5000, "2", ""), "birthday_no_such_day"),
        (("1", "9" * 5000, ""), "birthday_no_such_day"),
        (("1", "1", "9" * 5000), "birthday_year_too_short"),
        (("second", "2", ""), "birthday_not_in_digits"),
        (("2²", "2", ""), "birthday_not_in_digits"),
        (("28", "2", "90"), "birthday_year_too_short"),
        (("2", "3", "2027"), "birthday_ahead"),
        (("31", "12", "2027"), "birthday_ahead"),
        (("1", "1", "2090"), "birthday_ahead"),
        (("31", "12", "1904"), "birthday_too_long_ago"),
        (("1", "1", "1800"), "birthday_too_long_ago"),
    ],
)
def test_a_birthday_that_cannot_be_is_refused_with_its_reason(typed: tuple[str, str, str], why: str) -> None:
    with pytest.raises(WrongDetailError, match=why):
        birthday(*typed)


@pytest.mark.parametrize("year", ["1900", "1970"])
def test_who_was_born_on_a_day_that_forms_fill_in_has_a_birthday_all_the_same(year: str) -> None:
    assert birthday("1", "1", year) == "--01-01"


@given(st.text(max_size=4), st.text(max_size=3), st.text(max_size=5))
def test_whatever_is_typed_is_a_reason_or_a_birthday_that_is_believed(
    day: str, month: str, year: str
) -> None:
    try:
        kept = birthday(day.strip(), month.strip(), year.strip())
    except WrongDetailError:
        return
    assert kept is None or why_refused(kept, NOW, "Asia/Kolkata") is None


@given(st.dates(min_value=date(1910, 1, 1), max_value=NOW.date()))
def test_a_birthday_that_is_shown_and_sent_back_stays(born: date) -> None:
    profile = a_profile(birthday=born.isoformat())
    shown = Details.of(profile, "en")
    expected = f"--{born:%m-%d}" if born.isoformat() == "1970-01-01" else born.isoformat()
    assert birthday_typed(shown, "UTC", NOW) == expected


def test_a_birthday_without_its_year_is_shown_without_one() -> None:
    shown = Details.of(a_profile(birthday="--02-29"), "hi")
    assert (shown.day, shown.month, shown.year) == ("29", "2", "")


def test_what_the_customer_left_as_they_saw_it_stays_as_it_is_kept_now() -> None:
    since = a_profile(locale="hi-IN", time_zone="America/St_Johns", birthday=None)
    assert judged(since) == Judgement(since, {})
    assert judged(since, year="1991").profile == replace(since, birthday="1991-02-28")


def test_what_the_page_does_not_show_stays_whatever_the_customer_changes() -> None:
    """Further dates are the shop's: told without them, the profile would lose them."""
    dates = {"wedding_day": "2014-11-23", "name_day": "--06-13"}
    profile = replace(PROFILE, dates=dates)
    changes: list[dict[str, str]] = [
        *(
            {"language": "hi"},
            {"time_zone": "Asia/Dubai"},
            {"day": "27"},
            {"day": "", "month": "", "year": ""},
        ),
        {"day": "31"},
    ]
    for typed in changes:
        told = profile_changed(judged(profile, **typed).profile, NOW)
        assert told.dates == dates
        assert (told.email, told.name) == (profile.email, profile.name)


def test_every_field_that_is_wrong_is_named_and_the_others_are_taken_over() -> None:
    judgement = judged(language="xx", time_zone="Mars/Base", day="31")
    assert judgement.wrong == {
        "language": "wrong_language",
        "time_zone": "wrong_time_zone",
        "birthday": "birthday_no_such_day",
    }
    assert judgement.profile == PROFILE
    judgement = judged(language="hi", day="31")
    assert judgement.profile == replace(PROFILE, locale="hi-IN")


def test_a_birthday_is_judged_by_the_calendar_of_the_zone_that_was_chosen_with_it() -> None:
    typed = replace(SEEN, time_zone="Pacific/Kiritimati", day="2", month="3", year="2027")
    late = datetime(2027, 3, 1, 12, tzinfo=UTC)
    there = judge(PROFILE, typed, SEEN, languages=LANGUAGES, time_zones=ZONES, now=late)
    assert there.profile.birthday == "2027-03-02"


@pytest.mark.parametrize(
    ("locale", "language", "becomes"),
    [
        ("en-IN", "hi", "hi-IN"),
        ("hi-IN", "en", "en-IN"),
        ("en-GB", "en", "en-GB"),
        ("en", "hi", "hi"),
        ("zh-Hant-TW", "en", "en-TW"),
        ("zh-Hant", "en", "en"),
    ],
)
def test_another_language_keeps_the_region(locale: str, language: str, becomes: str) -> None:
    assert in_language(locale, language) == becomes
