"""When an occasion is celebrated, and how long its offer lasts."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.errors import InvalidPlanError
from occasion_house import birthday_settings, zones
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.rules import MailingDay, dates_kept_on, days_due, occasion_day, offer_key
from shop_facts import hours

SETTINGS = birthday_settings()
DAY = timedelta(days=1)
KOLKATA = ZoneInfo("Asia/Kolkata")
FIRST_OF_MARCH = date(2027, 3, 1)
YESTERDAY = date(2027, 2, 28)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2037, 12, 31))
# Some ten years of hours.
instants = st.integers(0, 90_000).map(lambda number: datetime(2026, 1, 1, tzinfo=UTC) + hours(number))
observances = st.sampled_from(["02-28", "03-01"])
any_zone = st.sampled_from(zones())


def kept_on(day: date, observed_on: str) -> tuple[str, ...]:
    return dates_kept_on(day, "02-28" if observed_on == "02-28" else "03-01")


def in_kolkata(hour: int, minute: int = 0, *, day: date = FIRST_OF_MARCH) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=KOLKATA).astimezone(UTC)


def the_day(day: date, zone: ZoneInfo = KOLKATA, settings: OccasionOfferSettings = SETTINGS) -> MailingDay:
    return MailingDay(settings, zone, day, occasion_day(day, settings))


def test_a_day_is_due_from_the_plans_hour_on_the_customers_clock() -> None:
    assert days_due(in_kolkata(8, 59), KOLKATA, YESTERDAY, SETTINGS) == []
    assert days_due(in_kolkata(9, 0), KOLKATA, YESTERDAY, SETTINGS) == [FIRST_OF_MARCH]


def test_a_day_that_is_done_is_done_and_so_is_one_before_it() -> None:
    assert days_due(in_kolkata(9), KOLKATA, FIRST_OF_MARCH, SETTINGS) == []
    assert days_due(in_kolkata(9), KOLKATA, FIRST_OF_MARCH + DAY, SETTINGS) == []


def test_a_mail_is_in_time_for_as_long_as_the_plan_says() -> None:
    assert the_day(FIRST_OF_MARCH).begins == in_kolkata(9)
    assert the_day(FIRST_OF_MARCH).ends == in_kolkata(20)


def test_where_nothing_was_ever_done_only_days_still_in_time_are_due() -> None:
    assert days_due(in_kolkata(19, 59), KOLKATA, None, SETTINGS) == [FIRST_OF_MARCH]
    assert days_due(in_kolkata(20, 0), KOLKATA, None, SETTINGS) == []


def test_days_missed_in_an_outage_are_due_too_the_oldest_first() -> None:
    three_days_ago = FIRST_OF_MARCH - 3 * DAY
    assert days_due(in_kolkata(9), KOLKATA, three_days_ago, SETTINGS) == [
        FIRST_OF_MARCH - 2 * DAY,
        FIRST_OF_MARCH - DAY,
        FIRST_OF_MARCH,
    ]


def test_of_an_outage_of_a_month_the_last_week_is_looked_at() -> None:
    due = days_due(in_kolkata(9), KOLKATA, date(2027, 2, 1), SETTINGS)
    assert due == [FIRST_OF_MARCH - number * DAY for number in range(7, -1, -1)]


def test_several_days_are_open_where_the_plan_lets_mails_be_days_late() -> None:
    patient = birthday_settings(("at_most_late: 11h", "at_most_late: 10d"))
    due = days_due(in_kolkata(9), KOLKATA, None, patient)
    assert due == [FIRST_OF_MARCH - number * DAY for number in range(9, -1, -1)]
    assert days_due(in_kolkata(9), KOLKATA, date(2027, 2, 1), patient)[1:] == due


@given(
    instants,
    any_zone,
    st.integers(0, 23),
)
def test_ticks_however_far_apart_make_each_day_due_once_and_never_before_its_hour(
    start: datetime, zone: ZoneInfo, hour: int
) -> None:
    settings = birthday_settings(("local_hour: 9\n", f"local_hour: {hour}\n"))
    done, ordered = start.astimezone(zone).date(), []
    now = start
    for minutes in (15, 15, 45, 600, 1500, 15, 3000, 4321, 15, 720):
        now += timedelta(minutes=minutes)
        due = days_due(now, zone, done, settings)
        for day in due:
            local = now.astimezone(zone)
            assert (local.date(), local.hour) >= (day, hour)
        ordered += due
        done = max([done, *due])
    assert ordered == [ordered[0] + number * DAY for number in range(len(ordered))] if ordered else True
    assert done >= now.astimezone(zone).date() - DAY


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Asia/Kathmandu", FIRST_OF_MARCH, datetime(2027, 3, 1, 3, 15, tzinfo=UTC)),
        ("Pacific/Chatham", FIRST_OF_MARCH, datetime(2027, 2, 28, 19, 15, tzinfo=UTC)),
        # Chatham's and Lord Howe's clocks go back on 4 April 2027: the latter by half an hour.
        ("Pacific/Chatham", date(2027, 4, 4), datetime(2027, 4, 3, 20, 15, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2027, 4, 3), datetime(2027, 4, 2, 22, 0, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2027, 4, 4), datetime(2027, 4, 3, 22, 30, tzinfo=UTC)),
    ],
)
def test_odd_offsets_and_half_hours_of_summer_time(zone: str, day: date, begins: datetime) -> None:
    assert the_day(day, ZoneInfo(zone)).begins == begins


@pytest.mark.parametrize(
    ("hour", "zone", "day", "begins"),
    [
        # 02:00 on 28 March 2027 is skipped in Berlin: it begins when the change is over, at 03:00.
        (2, "Europe/Berlin", date(2027, 3, 28), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        # 02:00 on 31 October 2027 comes twice: the first counts.
        (2, "Europe/Berlin", date(2027, 10, 31), datetime(2027, 10, 31, 0, 0, tzinfo=UTC)),
        # Havana has no midnight on 14 March 2027, and two on 7 November.
        (0, "America/Havana", date(2027, 3, 14), datetime(2027, 3, 14, 5, 0, tzinfo=UTC)),
        (0, "America/Havana", date(2027, 11, 7), datetime(2027, 11, 7, 4, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice_begins_once(
    hour: int, zone: str, day: date, begins: datetime
) -> None:
    settings = birthday_settings(("local_hour: 9\n", f"local_hour: {hour}\n"))
    assert the_day(day, ZoneInfo(zone), settings).begins == begins
    assert days_due(begins - timedelta(seconds=1), ZoneInfo(zone), day - DAY, settings) == []
    assert days_due(begins, ZoneInfo(zone), day - DAY, settings) == [day]
    assert days_due(begins + hours(1), ZoneInfo(zone), day, settings) == []


def test_a_day_that_samoa_left_out_is_celebrated_on_the_next() -> None:
    """Apia went from 29 to 31 December 2011: those of the 30th have their morning together with those of the 31st."""
    apia = ZoneInfo("Pacific/Apia")
    nine = datetime(2011, 12, 31, 9, tzinfo=apia).astimezone(UTC)
    last_done = date(2011, 12, 29)
    assert days_due(nine - timedelta(seconds=1), apia, last_done, SETTINGS) == []
    assert days_due(nine, apia, last_done, SETTINGS) == [date(2011, 12, 30), date(2011, 12, 31)]


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


@given(days, any_zone)
def test_an_offer_ends_when_the_customers_day_does(day: date, zone: ZoneInfo) -> None:
    expires_at = the_day(day, zone).offer_expires_at
    last_day = day + timedelta(days=14)
    assert expires_at.tzinfo is UTC
    assert (expires_at - timedelta(seconds=1)).astimezone(zone).date() == last_day
    assert expires_at.astimezone(zone).date() == last_day + timedelta(days=1)


def test_a_lead_across_new_year_is_for_the_new_years_day_and_has_its_key() -> None:
    early = birthday_settings(("days_before: 0", "days_before: 5"))
    mailing = the_day(date(2026, 12, 30), settings=early)
    assert mailing.occasion_day == date(2027, 1, 4)
    assert offer_key("birthday_offer", "cust-3", mailing.occasion_day) == "birthday_offer:cust-3:2027"
    # The offer is good for two weeks after the occasion itself.
    assert mailing.offer_expires_at == in_kolkata(0, day=date(2027, 1, 19))
    assert dates_kept_on(mailing.occasion_day, "02-28") == ("01-04",)


def test_a_lead_finds_the_leap_day_where_the_plan_keeps_it() -> None:
    early = birthday_settings(("days_before: 0", "days_before: 5"))
    assert kept_on(occasion_day(date(2027, 2, 23), early), "02-28") == ("02-28", "02-29")
    assert kept_on(occasion_day(date(2028, 2, 24), early), "02-28") == ("02-29",)


@given(days, st.integers(0, 60), observances)
def test_with_any_lead_every_date_is_mailed_once_for_each_year(
    first: date, lead: int, observed_on: str
) -> None:
    settings = birthday_settings(("days_before: 0", f"days_before: {lead}"))
    kept: list[tuple[int, str]] = []
    for number in range(365 * 2):
        celebrated = occasion_day(first + number * DAY, settings)
        kept += [(celebrated.year, month_day) for month_day in kept_on(celebrated, observed_on)]
    assert len(kept) == len(set(kept))


def test_the_reminder_comes_so_many_days_before_the_offers_last_one_at_the_plans_hour() -> None:
    # Good through 15 March; three days before that is the 12th.
    assert the_day(FIRST_OF_MARCH).remind_at == in_kolkata(9, day=date(2027, 3, 12))
    silent = birthday_settings(("      follow_up: {days_before_end: 3}\n", ""))
    assert the_day(FIRST_OF_MARCH, settings=silent).remind_at is None


@given(days, any_zone)
def test_a_reminder_comes_after_the_mail_is_over_and_before_the_offer_is(day: date, zone: ZoneInfo) -> None:
    mailing = the_day(day, zone)
    assert mailing.remind_at is not None
    assert mailing.ends < mailing.remind_at < mailing.offer_expires_at


def test_one_key_a_customer_and_year() -> None:
    assert offer_key("birthday_offer", "cust-3", date(2026, 12, 31)) == "birthday_offer:cust-3:2026"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("leap_day_observed_on: 02-28", "leap_day_observed_on: 02-29", "'02-28' or '03-01'"),
        ("at_most_late: 11h", "at_most_late: 0h", "at_most_late"),
        ("valid_for: 14d", "valid_for: 36h", "whole days"),
        ("unchanged_for: 30d", "unchanged_for: 20h", "whole days"),
        ("percent: 15", "percent: 150", "offer.percent"),
        ("days_before_end: 3", "days_before_end: 14", "less than offer.valid_for"),
        ("at_most_late: 11h", "at_most_late: 12d", "after its follow_up"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(old: str, new: str, complaint: str) -> None:
    with pytest.raises(InvalidPlanError, match=complaint):
        birthday_settings((old, new))
