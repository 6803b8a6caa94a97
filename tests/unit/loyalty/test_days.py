"""The shop's days: when each begins, and the same day in another year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.days import Days, a_year_after, a_year_before, month_after, month_of
from loyalty_facts import Book, plain_terms
from shop_facts import order_paid, rupees

ZONES = [
    "Asia/Kolkata",
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Africa/Cairo",
]
_DAYS = st.dates(date(2010, 1, 1), date(2040, 1, 1))


@given(st.sampled_from(ZONES), _DAYS)
def test_a_day_begins_with_its_first_instant(zone: str, day: date) -> None:
    days = Days(ZoneInfo(zone))
    begins = days.begin(day)
    assert days.day_of(begins - timedelta.resolution) < day <= days.day_of(begins)
    assert begins < days.begin(day + timedelta(days=1)) or zone == "Pacific/Apia"


@pytest.mark.parametrize(
    ("zone", "day", "begins", "length"),
    [
        ("Europe/Berlin", "2027-03-28", "2027-03-27T23:00:00+00:00", 23),
        ("Europe/Berlin", "2027-10-31", "2027-10-30T22:00:00+00:00", 25),
        ("America/New_York", "2027-03-14", "2027-03-14T05:00:00+00:00", 23),
        ("America/New_York", "2027-11-07", "2027-11-07T04:00:00+00:00", 25),
        ("Asia/Kolkata", "2027-03-28", "2027-03-27T18:30:00+00:00", 24),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(zone: str, day: str, begins: str, length: int) -> None:
    days, the_day = Days(ZoneInfo(zone)), date.fromisoformat(day)
    assert days.begin(the_day).isoformat() == begins
    assert days.begin(the_day + timedelta(days=1)) - days.begin(the_day) == timedelta(hours=length)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_points_mature_and_end_as_the_day_begins_whatever_the_clocks_do_in_between(zone: str) -> None:
    ten_days = {"after": "10d", "counted_from": "earning", "ends_with": "day"}
    terms = plain_terms(zone=zone, pending_for="14d", expiry=ten_days)
    paid_at = datetime(2027, 3, 7, 16, 0, tzinfo=UTC)
    book = Book(terms, now=paid_at).tell(order_paid(amount=rupees(100), occurred_at=paid_at))
    matures, ends = terms.days.begin(date(2027, 3, 21)), terms.days.begin(date(2027, 3, 31))
    assert book.look(matures - timedelta.resolution).account.available == 0
    assert book.look(matures).account.available == 100
    assert book.look(ends - timedelta.resolution).account.available == 100
    assert book.look(ends).account.available == 0


def test_a_year_on_from_the_leap_day_is_the_28th() -> None:
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert a_year_after(date(2027, 2, 28)) == date(2028, 2, 28)
    assert a_year_after(date(2027, 12, 31)) == date(2028, 12, 31)


def test_the_calendar_has_a_first_year() -> None:
    assert a_year_before(date.min) == date.min


@given(_DAYS)
def test_the_next_month_begins_after_every_day_of_this_one(day: date) -> None:
    first = month_after(day)
    assert (first.day, first > day) == (1, True)
    assert month_of(first - timedelta(days=1)) == month_of(day) != month_of(first)
