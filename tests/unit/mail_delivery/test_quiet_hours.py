"""Quiet hours are those of the customer's own clock, across midnight and every change of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.plan_sections import QuietHours
from mail_delivery.quiet_hours import end_of_quiet_hours

NIGHT, NOON = QuietHours(from_hour=21, to_hour=8), QuietHours(from_hour=12, to_hour=14)
ZONES = (
    *("Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "Pacific/Chatham"),
    *("Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Africa/Casablanca"),
)


def end_at(quiet: QuietHours, zone: str, local: str) -> str | None:
    """All in local time, `2027-03-01 21:00`."""
    now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    end = end_of_quiet_hours(quiet, ZoneInfo(zone), now.astimezone(UTC))
    return end.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if end else None


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2027-03-01 20:59:59", None),
        ("2027-03-01 21:00", "2027-03-02 08:00"),
        ("2027-03-01 23:59", "2027-03-02 08:00"),
        ("2027-03-02 00:00", "2027-03-02 08:00"),
        ("2027-03-02 07:59:59", "2027-03-02 08:00"),
        ("2027-03-02 08:00", None),
        ("2027-12-31 22:00", "2028-01-01 08:00"),
        ("2028-02-28 22:00", "2028-02-29 08:00"),
    ],
)
def test_the_night_ends_in_the_morning(now: str, end: str | None) -> None:
    assert end_at(NIGHT, "Asia/Kolkata", now) == end


def test_quiet_hours_may_lie_within_a_day() -> None:
    assert end_at(NOON, "Asia/Kolkata", "2027-03-01 12:30") == "2027-03-01 14:00"
    assert end_at(NOON, "Asia/Kolkata", "2027-03-01 14:00") is None


@pytest.mark.parametrize(("from_hour", "to_hour"), [(8, 8), (0, 24), (24, 0)])
def test_a_day_without_an_hour_for_mail_is_a_mistake_in_the_plan(from_hour: int, to_hour: int) -> None:
    with pytest.raises(ValueError, match="same hour"):
        QuietHours(from_hour=from_hour, to_hour=to_hour)


def test_a_night_that_the_clocks_shorten_or_lengthen_ends_at_the_same_local_hour() -> None:
    for evening, morning in (("2027-03-27", "2027-03-28"), ("2027-10-30", "2027-10-31")):
        assert end_at(NIGHT, "Europe/Berlin", f"{evening} 22:00") == f"{morning} 08:00"


@given(
    zone=st.sampled_from(ZONES),
    now=st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    hours=st.tuples(st.integers(0, 24), st.integers(0, 24)).filter(lambda each: (each[1] - each[0]) % 24),
)
def test_a_held_mail_leaves_soon_and_outside_the_quiet_hours(
    zone: str, now: datetime, hours: tuple[int, int]
) -> None:
    quiet = QuietHours(from_hour=hours[0], to_hour=hours[1])
    end = end_of_quiet_hours(quiet, ZoneInfo(zone), now)
    if end is not None:
        assert now < end <= now + timedelta(hours=26)
        assert end_of_quiet_hours(quiet, ZoneInfo(zone), end) is None


@given(
    zone=st.sampled_from(ZONES),
    now=st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_mail_is_held_exactly_at_night(zone: str, now: datetime) -> None:
    hour = now.astimezone(ZoneInfo(zone)).hour
    assert (end_of_quiet_hours(NIGHT, ZoneInfo(zone), now) is not None) == (hour >= 21 or hour < 8)
