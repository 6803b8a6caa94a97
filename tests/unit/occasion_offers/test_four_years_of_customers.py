"""Four years, hour by hour, through the whole run: customers of every birthday there is, in zones with odd clocks.

They are found through the index, looked up, given their offers and mails, on tables in memory. When each mail is to be
handed over is found without the code under test, by looking at calendars and clocks.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dynamodb_in_memory import DynamoDBInMemory, once
from engagement.items import from_item
from four_years import DAY, EVERY_BIRTHDAY, TICKS, YEARS, mornings, the_day
from occasion_house import birthdays_alone
from occasion_world import TABLES, OccasionWorld

# By send key, each instant at which a mail was handed over under it.
type Handed = dict[str, list[datetime]]


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    from_item_once = once(from_item)
    for module in ("engagement.reading", "occasion_offers.dates_table", "occasion_offers.zones"):
        monkeypatch.setattr(f"{module}.from_item", from_item_once)


def customer_of(zone: str, month_day: str) -> str:
    return f"{zone.replace('/', '-')}-{month_day}"


def walk(world: OccasionWorld, zones: Sequence[str], ticks: Sequence[datetime], shards: int) -> Handed:
    for zone in zones:
        for number, month_day in enumerate(EVERY_BIRTHDAY):
            told = f"1988-{month_day}" if number % 2 else f"--{month_day}"
            where = {"time_zone": zone}
            world.welcome(
                customer_of(zone, month_day), told, now=ticks[0] - DAY, shards=shards, profile=where
            )
    handed: Handed = {}
    run, celebration = world.new_run(), world.celebration()
    for now in ticks:
        run.run(now)
        world.celebrate_all(now, celebration)
        for mail in map(json.loads, world.posted.mails):
            assert "reason" not in mail, mail
            handed.setdefault(mail["send_key"], []).append(now)
        world.posted.mails.clear()
        world.posted.facts.clear()
    return handed


def expected(
    zones: Sequence[str], ticks: Sequence[datetime], leap_day_observed_on: str, days_before: int = 0
) -> Handed:
    """One mail a year, at the first tick on the right date at or after nine."""
    found: Handed = {}
    for zone in zones:
        at = mornings(ZoneInfo(zone), ticks)
        for month_day in EVERY_BIRTHDAY:
            # The walk begins and ends a little outside of the years.
            for year in range(YEARS[0] - 1, YEARS[-1] + 2):
                day = the_day(month_day, year, leap_day_observed_on) - timedelta(days=days_before)
                if day in at:
                    found[f"birthday_offer:{customer_of(zone, month_day)}:{year}"] = [at[day]]
    return found


def differences(handed: Handed, wanted: Handed, since: datetime) -> list[str]:
    """Between what was handed over from then on and what should have been; the first few."""
    wrong = [
        f"{key}: {handed.get(key)} instead of {wanted.get(key)}"
        for key in sorted(handed.keys() | wanted.keys())
        if handed.get(key) != wanted.get(key) and min(handed.get(key, []) + wanted.get(key, [])) >= since
    ]
    return wrong[:5]


def hold_to_the_calendar(
    zones: Sequence[str], *, observed_on: str = "02-28", days_before: int = 0, shards: int = 1
) -> None:
    plan = birthdays_alone(
        ("days_before: 0", f"days_before: {days_before}"),
        ("leap_day_observed_on: 02-28", f"leap_day_observed_on: {observed_on}"),
    )
    world = OccasionWorld(DynamoDBInMemory(TABLES), {name: name for name in TABLES}, plan)
    ticks = [tick - timedelta(days=days_before) for tick in TICKS]
    wanted = expected(zones, ticks, observed_on, days_before)
    of_these_years = [key for key in wanted if int(key[-4:]) in YEARS]
    assert len(of_these_years) == len(zones) * len(EVERY_BIRTHDAY) * len(YEARS)
    handed = walk(world, zones, ticks, shards)
    # On its first day the run finds days whose hour was before it.
    assert differences(handed, wanted, ticks[0] + DAY) == []


def test_every_customer_gets_one_mail_a_year_on_their_own_day_at_nine() -> None:
    zones = ["America/Havana", "Antarctica/Troll", "Asia/Kathmandu", "Australia/Lord_Howe"]
    zones += ["Europe/London", "Pacific/Chatham", "Pacific/Kiritimati"]
    hold_to_the_calendar(zones)


def test_with_a_lead_they_get_it_a_week_ahead_across_new_year_too() -> None:
    zones = ["America/New_York", "Africa/Casablanca", "Pacific/Kiritimati"]
    hold_to_the_calendar(zones, observed_on="03-01", days_before=7, shards=2)
