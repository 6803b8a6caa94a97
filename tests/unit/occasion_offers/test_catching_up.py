"""Catching up: whoever comes into a zone that has celebrated the day already is celebrated all the same."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from date_house import NOTHING_KNOWN, known_after
from occasion_house import BIRTHDAY_OFFER, birthday_settings
from occasion_offers.catching_up import pages_to_catch_up
from occasion_offers.pages import CelebratePage
from shop_facts import days, hours, profile_updated, registered

# Nine in the morning of 1 March in Kolkata.
NINE = datetime(2027, 3, 1, 3, 30, tzinfo=UTC)
IN_NEW_YORK = known_after(
    registered(birthday="1991-03-01", time_zone="America/New_York", occurred_at=NINE - days(60))
)


def pages(
    now: datetime, *, time_zone: str = "Asia/Kolkata", birthday: str = "1991-03-01"
) -> list[CelebratePage]:
    """What a move on the day leads to."""
    moved = profile_updated(birthday=birthday, time_zone=time_zone, occurred_at=now)
    after = known_after(moved, before=IN_NEW_YORK)
    return list(pages_to_catch_up(IN_NEW_YORK, after, {BIRTHDAY_OFFER: birthday_settings()}, now))


def test_who_moves_east_after_the_hour_there_has_a_page_of_their_own() -> None:
    (page,) = pages(NINE + hours(2))
    assert (page.customer_id, page.campaign, page.time_zone) == ("cust-asha", BIRTHDAY_OFFER, "Asia/Kolkata")
    assert (page.local_date, page.occasion_day, page.month_day) == (
        date(2027, 3, 1),
        date(2027, 3, 1),
        "03-01",
    )


@pytest.mark.parametrize(
    "now",
    [NINE - timedelta(seconds=1), NINE + hours(11)],
    ids=["its run is still to come", "it is too late there"],
)
def test_before_the_hour_or_too_late_there_is_nothing_to_catch_up_with(now: datetime) -> None:
    assert pages(now) == []


def test_who_stays_in_the_zone_was_seen_by_its_run() -> None:
    assert pages(NINE + hours(12), time_zone="America/New_York") == []


def test_a_date_that_is_not_believed_is_not_caught_up_with() -> None:
    assert pages(datetime(2027, 1, 1, 12, tzinfo=UTC), birthday="1970-01-01") == []


def test_who_is_told_to_us_for_the_first_time_on_the_day_is_not_missed() -> None:
    told = known_after(registered(birthday="1991-03-01", occurred_at=NINE - days(60)))
    found = pages_to_catch_up(NOTHING_KNOWN, told, {BIRTHDAY_OFFER: birthday_settings()}, NINE + hours(1))
    assert [page.month_day for page in found] == ["03-01"]


def test_in_a_common_year_those_of_the_leap_day_are_caught_up_with_on_the_28th() -> None:
    told = known_after(registered(birthday="--02-29", occurred_at=NINE - days(60)))
    campaigns = {BIRTHDAY_OFFER: birthday_settings()}
    (page,) = pages_to_catch_up(NOTHING_KNOWN, told, campaigns, NINE - hours(23))
    assert (page.local_date, page.month_day) == (date(2027, 2, 28), "02-29")


@given(
    st.integers(0, 23),
    st.sampled_from(["Pacific/Kiritimati", "Asia/Kolkata", "Europe/London", "Pacific/Pago_Pago"]),
)
def test_whenever_one_moves_on_the_day_either_the_old_zones_run_or_the_new_ones_or_a_page_comes(
    hour: int, time_zone: str
) -> None:
    """Of those who move from New York: nobody falls between two runs."""
    now = datetime(2027, 3, 1, hour, 7, tzinfo=UTC)
    new = birthday_hour(time_zone)
    seen_by_old_run, seen_by_new_run = now >= birthday_hour("America/New_York"), now < new
    caught_up = bool(pages(now, time_zone=time_zone))
    too_late = now >= new + hours(11)
    assert seen_by_old_run or seen_by_new_run or caught_up or too_late
    assert not (caught_up and seen_by_new_run)


def birthday_hour(time_zone: str) -> datetime:
    return datetime(2027, 3, 1, 9, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
