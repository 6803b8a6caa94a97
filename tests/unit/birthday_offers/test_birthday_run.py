"""The run, tick by tick: each zone's birthdays are ordered once a day, when its clocks say so."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from birthday_house import (
    InhabitedZones,
    ProcessDiedError,
    RememberingQueue,
    RunsInMemory,
    birthday_settings,
    disabled_plan,
    zones,
)
from birthday_offers.campaign import BirthdayOfferSettings
from birthday_offers.pages import CelebratePage
from birthday_offers.rules import day_to_celebrate
from birthday_offers.running import BirthdayRun
from engagement.plan import engagement_plan
from shop_facts import hours

QUARTER_HOUR = timedelta(minutes=15)
DAY = timedelta(days=1)
ODD_ZONES = tuple(
    ZoneInfo(name)
    for name in (
        "Africa/Cairo",  # goes back to 23:00 at midnight
        "America/Havana",  # has no midnight on one day and two on another
        "America/St_Johns",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Australia/Eucla",
        "Australia/Lord_Howe",  # half an hour of summer time
        "Etc/GMT+12",
        "Europe/Berlin",
        "Pacific/Chatham",
        "Pacific/Kiritimati",
        "Pacific/Marquesas",
    )
)
KATHMANDU = (ZoneInfo("Asia/Kathmandu"),)
NINE_IN_KATHMANDU = datetime(2027, 3, 1, 9, tzinfo=KATHMANDU[0]).astimezone(UTC)


class House:
    def __init__(self, *where: ZoneInfo) -> None:
        self.runs = RunsInMemory()
        self.queue = RememberingQueue(CelebratePage)
        self.where = where
        self.birthdays = self.a_cold_run()

    def a_cold_run(self) -> BirthdayRun:
        return BirthdayRun(
            self.runs, self.queue, InhabitedZones(*self.where), engagement_plan(), birthday_settings()
        )

    def orders_at(self, now: datetime) -> list[tuple[str, date]]:
        self.birthdays.run(now)
        return [(page.time_zone, page.local_date) for page in self.queue.take_all()]


def ticks(first: datetime, last: datetime) -> Iterator[datetime]:
    while first < last:
        yield first
        first += QUARTER_HOUR


def first_quarter_hour_showing(hour: int, day: date, zone: ZoneInfo) -> datetime:
    """Found the slow way, by looking at the zone's clock every quarter of an hour."""
    start = datetime.combine(day - DAY, time(0), tzinfo=UTC)
    shown = ((tick, tick.astimezone(zone)) for tick in ticks(start, start + 3 * DAY))
    return next(tick for tick, local in shown if local.date() == day and local.hour >= hour)


def whole_days(first: datetime, last: datetime) -> Iterable[date]:
    return [first.date() + number * DAY for number in range(2, (last - first).days - 2)]


@pytest.mark.parametrize("year", [2027, 2028], ids=["common_year", "leap_year"])
def test_each_zone_gets_one_order_a_day_at_the_first_quarter_hour_of_its_hour(year: int) -> None:
    house = House(*ODD_ZONES)
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    ordered: dict[tuple[str, date], list[datetime]] = {}
    for now in ticks(first, last):
        for order in house.orders_at(now):
            ordered.setdefault(order, []).append(now)
    for zone in ODD_ZONES:
        for day in whole_days(first, last):
            assert ordered[zone.key, day] == [first_quarter_hour_showing(9, day, zone)], (zone.key, day)
    assert sum(map(len, ordered.values())) == len(ordered)


@pytest.mark.parametrize("hour", [0, 2, 9])
def test_no_zone_of_the_world_misses_or_repeats_a_day_when_its_clocks_change(hour: int) -> None:
    settings = birthday_settings(("local_hour: 9\n", f"local_hour: {hour}\n"))
    changes = 0
    for zone in zones():
        for change in _days_of_change(zone, 2027):
            changes += 1
            first, last = change - 4 * DAY, change + 4 * DAY
            ordered = _orders(zone, settings, first, last)
            for day in whole_days(first, last):
                assert ordered[day] == [first_quarter_hour_showing(hour, day, zone)], (zone.key, day)
    assert changes > 200


def _days_of_change(zone: ZoneInfo, year: int) -> list[datetime]:
    start = datetime(year, 1, 5, tzinfo=UTC)
    noons = [start + number * DAY for number in range(355)]
    return [
        noon
        for noon in noons
        if noon.astimezone(zone).utcoffset() != (noon + DAY).astimezone(zone).utcoffset()
    ]


def _orders(
    zone: ZoneInfo, settings: BirthdayOfferSettings, first: datetime, last: datetime
) -> dict[date, list[datetime]]:
    ordered: dict[date, list[datetime]] = {}
    last_day: date | None = None
    for now in ticks(first, last):
        day = day_to_celebrate(now, zone, last_day, settings)
        if day is not None:
            last_day = day
            ordered.setdefault(day, []).append(now)
    return ordered


def test_ticks_missed_for_hours_are_caught_up_by_the_next() -> None:
    house = House(*KATHMANDU)
    house.orders_at(NINE_IN_KATHMANDU - QUARTER_HOUR)
    assert house.orders_at(NINE_IN_KATHMANDU + hours(5)) == [("Asia/Kathmandu", date(2027, 3, 1))]


def test_a_day_that_was_missed_altogether_is_over_and_the_next_one_is_kept() -> None:
    house = House(*KATHMANDU)
    assert house.orders_at(NINE_IN_KATHMANDU + hours(11)) == []
    assert house.orders_at(NINE_IN_KATHMANDU + hours(24)) == [("Asia/Kathmandu", date(2027, 3, 2))]


def test_a_repeated_tick_does_nothing_new() -> None:
    house = House(*zones())
    assert len(house.orders_at(NINE_IN_KATHMANDU)) > 100
    assert house.orders_at(NINE_IN_KATHMANDU) == []
    house.birthdays = house.a_cold_run()
    assert house.orders_at(NINE_IN_KATHMANDU) == []


def test_a_warm_run_asks_the_table_only_about_zones_whose_day_has_just_come() -> None:
    house = House(*zones())
    house.orders_at(NINE_IN_KATHMANDU)
    house.runs.asked.clear()
    house.orders_at(NINE_IN_KATHMANDU + QUARTER_HOUR)
    assert 0 < len(house.runs.asked) < 60
    assert "Asia/Kathmandu" not in house.runs.asked


def test_a_late_tick_of_yesterday_does_not_go_back() -> None:
    house = House(*zones())
    house.orders_at(NINE_IN_KATHMANDU)
    known = dict(house.runs.dates)
    house.orders_at(NINE_IN_KATHMANDU - DAY)
    assert all(house.runs.dates[zone] == day for zone, day in known.items())


def test_a_run_killed_between_order_and_record_orders_those_pages_again_and_no_others() -> None:
    house = House(*zones())
    house.queue.dies_after = 25
    with pytest.raises(ProcessDiedError):
        house.birthdays.run(NINE_IN_KATHMANDU)
    before = {(page.time_zone, page.local_date) for page in house.queue.take_all()}
    assert len(house.runs.dates) == 20
    house.queue.dies_after = None
    after = house.orders_at(NINE_IN_KATHMANDU)
    assert len(before & set(after)) == 5
    assert len(before | set(after)) == len(house.runs.dates)


def test_a_page_order_names_the_birthdays_to_read() -> None:
    house = House(*KATHMANDU)
    house.birthdays.run(NINE_IN_KATHMANDU - DAY)
    assert house.queue.messages == [
        CelebratePage(
            time_zone="Asia/Kathmandu",
            local_date=date(2027, 2, 28),
            month_days=("02-28", "02-29"),
            cursor=None,
        )
    ]


def test_a_disabled_campaign_orders_nothing_and_notes_nothing() -> None:
    runs, queue = RunsInMemory(), RememberingQueue(CelebratePage)
    disabled = BirthdayRun(runs, queue, InhabitedZones(*zones()), disabled_plan(), birthday_settings())
    assert disabled.run(NINE_IN_KATHMANDU) == 0
    assert (queue.messages, runs.dates) == ([], {})


def test_a_page_leads_to_the_next_until_all_birthdays_are_read() -> None:
    page = CelebratePage(
        time_zone="Asia/Kolkata", local_date=date(2027, 2, 28), month_days=("02-28", "02-29")
    )
    second = page.next_page("cust-100")
    assert second is not None
    assert (second.month_days, second.cursor) == (("02-28", "02-29"), "cust-100")
    leap_day = second.next_page(None)
    assert leap_day is not None
    assert (leap_day.month_days, leap_day.cursor) == (("02-29",), None)
    assert leap_day.next_page(None) is None
