"""Keeping dates: the zone is noted first, races are run again, and what is no news costs no write."""

from datetime import timedelta

import pytest

from date_house import DatesInMemory, ZonesInMemory
from engagement.errors import RetryLaterError
from engagement.plan import engagement_plan
from engagement.races import PAUSES
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.keeping import DateKeeping
from occasion_offers.pages import CelebratePage
from recording_queue import RecordingQueue
from shop_facts import NOW, days, erased, profile_updated, registered


def a_page(time_zone: str) -> CelebratePage:
    return CelebratePage(
        campaign="birthday_offer",
        time_zone=time_zone,
        local_date=NOW.date(),
        occasion_day=NOW.date(),
        month_day="03-01",
        customer_id="cust-asha",
    )


class House:
    def __init__(self, *, lost_races: int = 0) -> None:
        self.dates = DatesInMemory(lost_races=lost_races)
        self.zones = ZonesInMemory(self.dates)
        self.paused: list[float] = []
        self.pages = RecordingQueue()
        plan = engagement_plan()
        self.keeping = DateKeeping(
            self.dates,
            self.zones,
            plan.shop,
            shards=4,
            pages_queue=self.pages,
            campaigns=plan.all_settings(OccasionOfferSettings, enabled=True),
            pause=self.paused.append,
        )


def test_a_zone_is_noted_before_anyone_in_it_is_kept() -> None:
    house = House()
    house.keeping.apply(registered(), NOW)
    house.keeping.apply(profile_updated(time_zone="Asia/Tokyo", occurred_at=NOW + days(1)), NOW)
    assert house.zones.noted == [("Asia/Kolkata", 4, 0), ("Asia/Tokyo", 4, 1)]


def test_what_is_no_news_is_not_written() -> None:
    house = House()
    for fact in (registered(), registered(), profile_updated(occurred_at=NOW - days(1))):
        house.keeping.apply(fact, NOW)
    assert len(house.dates.kept) == len(house.zones.noted) == 1


def test_an_erasure_notes_no_zone() -> None:
    house = House()
    house.keeping.apply(erased(), NOW)
    assert house.zones.noted == []
    assert len(house.dates.kept) == 1


def test_a_lost_race_is_run_again_after_a_short_pause() -> None:
    house = House(lost_races=2)
    house.keeping.apply(registered(birthday="1991-03-02"), NOW)
    assert house.dates.known("cust-asha").dates.keys() == {"birthday", "joining"}
    assert house.paused == list(PAUSES[:2])


def test_who_loses_every_race_asks_the_queue_to_come_again() -> None:
    house = House(lost_races=len(PAUSES))
    with pytest.raises(RetryLaterError, match=r"^CustomerRegistered: others tell"):
        house.keeping.apply(registered(), NOW)
    assert house.dates.kept == []
    assert sum(PAUSES) < 1, "the function has 30 seconds for ten facts"


def test_a_page_for_a_customer_who_moved_is_ordered_before_the_move_is_kept_and_comes_after_it() -> None:
    """Killed between the two, the fact comes again, and with it the page."""
    house = House()
    house.keeping.apply(registered(birthday="1991-03-01", occurred_at=NOW - days(60)), NOW)
    house.pages.later.clear()
    house.dates.lost_races = len(PAUSES)
    moved = profile_updated(birthday="1991-03-01", time_zone="Asia/Kathmandu", occurred_at=NOW)
    with pytest.raises(RetryLaterError):
        house.keeping.apply(moved, NOW)
    assert len(house.pages.later) == len(PAUSES)
    house.keeping.apply(moved, NOW)
    assert {after for _, after in house.pages.later} == {timedelta(minutes=1)}
    assert {page.model_dump_json() for page, _ in house.pages.later} == {
        a_page("Asia/Kathmandu").model_dump_json()
    }
