"""Four years, hour by hour: which days the run orders in every zone of the tz database, for every birthday there is.

Zones whose clocks agree throughout are walked as one: the run cannot tell them apart. What is expected is found without
the code under test, by looking at calendars and clocks. Customers, and the mails to them, walk next door.
"""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from engagement.queues import MessageQueue
from four_years import DAY, EVERY_BIRTHDAY, FIRST, HOUR, LAST, TICKS, YEARS, mornings, shown, the_day
from occasion_house import InhabitedZones, RunsInMemory, birthdays_alone, zones
from occasion_offers.pages import CelebratePage
from occasion_offers.running import OccasionRun

type Mails = dict[tuple[str, int], list[date]]


class PlainQueue(MessageQueue):
    def __init__(self) -> None:
        self.messages: list[BaseModel] = []

    def put(self, messages: Iterable[BaseModel]) -> None:
        self.messages.extend(messages)


def zones_that_differ() -> list[ZoneInfo]:
    """One zone for each way in which clocks go during the walk."""
    noons = [FIRST + 12 * HOUR + number * DAY for number in range((LAST - FIRST).days)]
    alike: dict[tuple[object, ...], ZoneInfo] = {}
    for zone in zones():
        offsets = [zone.utcoffset(noon.replace(tzinfo=zone)) for noon in noons]
        ways: list[object] = [offsets[0]]
        for before, after, noon in zip(offsets, offsets[1:], noons[1:], strict=False):
            if before != after:
                ways.append((noon, *(shown(noon - number * HOUR, zone) for number in range(-24, 49))))
        alike.setdefault(tuple(ways), zone)
    return list(alike.values())


def walk(observed_on: str, *where: ZoneInfo) -> dict[str, Mails]:
    """For each zone, birthday and year the instants' local dates on which the run ordered to celebrate it."""
    plan = birthdays_alone(("leap_day_observed_on: 02-28", f"leap_day_observed_on: {observed_on}"))
    queue = PlainQueue()
    run = OccasionRun(RunsInMemory(), queue, InhabitedZones(*where), plan)
    morning = {zone.key: {tick: day for day, tick in mornings(zone).items()} for zone in where}
    mailed: dict[str, Mails] = {zone.key: {} for zone in where}
    for now in TICKS:
        run.run(now)
        for page in queue.messages:
            assert isinstance(page, CelebratePage)
            # The first tick of the zone's day at or after the hour, and that day's date.
            assert morning[page.time_zone].get(now) == page.local_date, (page, now)
            days = mailed[page.time_zone].setdefault((page.month_day, page.occasion_day.year), [])
            days.append(page.local_date)
        queue.messages.clear()
    return mailed


def hold_to_the_calendar(mailed: dict[str, Mails], observed_on: str) -> None:
    for time_zone, mails in mailed.items():
        for year in YEARS:
            for month_day in EVERY_BIRTHDAY:
                expected = [the_day(month_day, year, observed_on)]
                assert mails.get((month_day, year)) == expected, (time_zone, month_day, year)


def test_everybody_in_the_world_is_celebrated_once_a_year_on_their_own_day_at_nine() -> None:
    hold_to_the_calendar(walk("02-28", *zones_that_differ()), "02-28")


def test_so_they_are_where_the_leap_day_is_kept_on_1_march() -> None:
    odd = ("America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati")
    hold_to_the_calendar(walk("03-01", *map(ZoneInfo, odd)), "03-01")
