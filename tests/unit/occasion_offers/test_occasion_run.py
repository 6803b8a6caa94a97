"""The run, tick by tick: each zone's days are ordered once, when its clocks say so."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from engagement.plan import EngagementPlan, engagement_plan
from occasion_house import (
    ANNIVERSARY_OFFER,
    BIRTHDAY_OFFER,
    FIRST_ANNIVERSARY_OFFER,
    InhabitedZones,
    ProcessDiedError,
    RememberingQueue,
    RunsInMemory,
    birthday_settings,
    birthdays_alone,
    disabled_plan,
    zones,
)
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.pages import CelebratePage
from occasion_offers.rules import days_due
from occasion_offers.running import OccasionRun
from occasion_offers.runs_table import CampaignZone
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
    def __init__(self, *where: ZoneInfo, plan: EngagementPlan | None = None, shards: int = 1) -> None:
        self.runs = RunsInMemory()
        self.queue = RememberingQueue(CelebratePage)
        self.zones = InhabitedZones(*where, shards=shards)
        self.plan = plan or birthdays_alone()
        self.occasions = self.a_cold_run()

    def a_cold_run(self) -> OccasionRun:
        return OccasionRun(self.runs, self.queue, self.zones, self.plan)

    def pages_at(self, now: datetime) -> list[CelebratePage]:
        self.occasions.run(now)
        return self.queue.take_all()

    def orders_at(self, now: datetime) -> list[tuple[str, date]]:
        return [(page.time_zone, page.local_date) for page in self.pages_at(now) if page.month_day != "02-29"]


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
                (tick,) = ordered[day]
                first_shown = first_quarter_hour_showing(hour, day, zone)
                # Where the clocks skip the hour, what they show then is later; in Troll they skip two at once.
                skipped = hours(first_shown.astimezone(zone).hour - hour)
                assert first_shown <= tick <= first_shown + skipped, (zone.key, day)
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
    zone: ZoneInfo, settings: OccasionOfferSettings, first: datetime, last: datetime
) -> dict[date, list[datetime]]:
    ordered: dict[date, list[datetime]] = {}
    last_day: date | None = None
    for now in ticks(first, last):
        for day in days_due(now, zone, last_day, settings):
            last_day = day
            ordered.setdefault(day, []).append(now)
    return ordered


def test_ticks_missed_for_hours_are_caught_up_by_the_next() -> None:
    house = House(*KATHMANDU)
    house.orders_at(NINE_IN_KATHMANDU - QUARTER_HOUR)
    assert house.orders_at(NINE_IN_KATHMANDU + hours(5)) == [("Asia/Kathmandu", date(2027, 3, 1))]


def test_days_that_were_missed_altogether_are_ordered_too_so_that_each_customer_is_told_apart() -> None:
    house = House(*KATHMANDU)
    house.orders_at(NINE_IN_KATHMANDU)
    house.occasions = house.a_cold_run()
    assert house.orders_at(NINE_IN_KATHMANDU + 3 * DAY) == [
        ("Asia/Kathmandu", date(2027, 3, 2)),
        ("Asia/Kathmandu", date(2027, 3, 3)),
        ("Asia/Kathmandu", date(2027, 3, 4)),
    ]
    assert house.orders_at(NINE_IN_KATHMANDU + 3 * DAY + QUARTER_HOUR) == []


def test_a_zone_that_is_new_begins_with_the_days_that_are_still_in_time() -> None:
    house = House(*KATHMANDU)
    assert house.orders_at(NINE_IN_KATHMANDU + hours(11)) == []
    assert house.orders_at(NINE_IN_KATHMANDU + hours(24)) == [("Asia/Kathmandu", date(2027, 3, 2))]


def test_a_repeated_tick_does_nothing_new() -> None:
    house = House(*zones())
    assert len(house.orders_at(NINE_IN_KATHMANDU)) > 100
    assert house.orders_at(NINE_IN_KATHMANDU) == []
    house.occasions = house.a_cold_run()
    assert house.orders_at(NINE_IN_KATHMANDU) == []


def test_a_warm_run_asks_the_table_only_about_zones_whose_day_has_just_come() -> None:
    house = House(*zones())
    house.orders_at(NINE_IN_KATHMANDU)
    assert len(house.runs.asked) == len(zones())
    house.runs.asked.clear()
    house.orders_at(NINE_IN_KATHMANDU + QUARTER_HOUR)
    assert 0 < len(house.runs.asked) < 60
    assert CampaignZone(BIRTHDAY_OFFER, "Asia/Kathmandu") not in house.runs.asked


def test_a_late_tick_of_yesterday_does_not_go_back() -> None:
    house = House(*zones())
    house.orders_at(NINE_IN_KATHMANDU)
    known = dict(house.runs.dates)
    house.orders_at(NINE_IN_KATHMANDU - DAY)
    assert all(house.runs.dates[where] == day for where, day in known.items())


def test_a_run_killed_between_order_and_record_orders_those_pages_again_and_no_others() -> None:
    house, now = House(*zones()), NINE_IN_KATHMANDU + DAY
    house.queue.dies_after = 25
    with pytest.raises(ProcessDiedError):
        house.occasions.run(now)
    before = {(page.time_zone, page.local_date) for page in house.queue.take_all()}
    assert len(house.runs.dates) == 20
    house.queue.dies_after = None
    house.occasions = house.a_cold_run()
    after = house.orders_at(now)
    assert len(before & set(after)) == 5
    assert len(before | set(after)) == len(house.runs.dates)


def test_a_page_is_ordered_for_each_date_that_is_kept_and_each_shard() -> None:
    house = House(*KATHMANDU, shards=2)
    assert house.occasions.run(NINE_IN_KATHMANDU - DAY) == 4
    assert house.queue.messages == [
        CelebratePage(
            campaign=BIRTHDAY_OFFER,
            time_zone="Asia/Kathmandu",
            local_date=date(2027, 2, 28),
            occasion_day=date(2027, 2, 28),
            month_day=month_day,
            shard=shard,
        )
        for month_day in ("02-28", "02-29")
        for shard in (0, 1)
    ]


def test_shards_that_were_added_are_looked_at_from_the_next_day_on() -> None:
    house = House(*KATHMANDU, shards=2)
    assert [page.shard for page in house.pages_at(NINE_IN_KATHMANDU)] == [0, 1]
    house.zones.shards["Asia/Kathmandu"] = 5
    assert [page.shard for page in house.pages_at(NINE_IN_KATHMANDU + DAY)] == [0, 1, 2, 3, 4]


def test_with_a_lead_the_pages_are_those_of_the_day_ahead() -> None:
    early = birthdays_alone(("days_before: 0", "days_before: 7"))
    house = House(*KATHMANDU, plan=early)
    (page,) = house.pages_at(NINE_IN_KATHMANDU)
    assert (page.local_date, page.occasion_day, page.month_day) == (
        date(2027, 3, 1),
        date(2027, 3, 8),
        "03-08",
    )


def test_every_campaign_has_its_own_hour_and_its_own_record() -> None:
    house = House(*KATHMANDU, plan=engagement_plan())
    house.orders_at(NINE_IN_KATHMANDU - DAY + hours(1))
    assert [page.campaign for page in house.pages_at(NINE_IN_KATHMANDU)] == [BIRTHDAY_OFFER]
    assert [page.campaign for page in house.pages_at(NINE_IN_KATHMANDU + hours(1))] == [
        FIRST_ANNIVERSARY_OFFER,
        ANNIVERSARY_OFFER,
    ]
    assert len(house.runs.dates) == 3


def test_a_disabled_campaign_orders_nothing_and_notes_nothing() -> None:
    house = House(*zones(), plan=disabled_plan())
    assert house.occasions.run(NINE_IN_KATHMANDU) == 0
    assert (house.queue.messages, house.runs.dates, house.runs.asked) == ([], {}, [])


def test_a_page_leads_to_the_next_until_everybody_was_read() -> None:
    page = CelebratePage(
        campaign=BIRTHDAY_OFFER,
        time_zone="Asia/Kolkata",
        local_date=date(2027, 2, 28),
        occasion_day=date(2027, 2, 28),
        month_day="02-29",
        shard=3,
    )
    second = page.next_page("cust-100")
    assert second is not None
    assert (second.month_day, second.shard, second.cursor) == ("02-29", 3, "cust-100")
    assert second.next_page(None) is None
