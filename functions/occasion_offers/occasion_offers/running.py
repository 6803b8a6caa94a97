"""Running: which zones' days are to be celebrated now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from itertools import batched
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engagement.observability import logger
from engagement.plan import EngagementPlan
from engagement.queues import MessageQueue
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.pages import CelebratePage
from occasion_offers.rules import dates_kept_on, days_due, occasion_day
from occasion_offers.runs_table import CampaignZone, OccasionRuns
from occasion_offers.zones import Zones

# Days whose pages are ordered before the first of them is recorded: a run that is killed repeats no more than these.
_DAYS_AT_ONCE = 10


class _Day(NamedTuple):
    where: CampaignZone
    day: date
    pages: tuple[CelebratePage, ...]


@dataclass(frozen=True)
class OccasionRun:
    runs: OccasionRuns
    pages_queue: MessageQueue
    zones: Zones
    plan: EngagementPlan
    # Days that are done, as far as this execution environment knows; None where nothing ever was. A done day stays
    # done, so that a warm run asks the table about those alone whose day has just come, and mostly about none.
    done: dict[CampaignZone, date | None] = field(default_factory=dict)

    def run(self, now: datetime) -> int:
        """Order the first pages of every campaign's days that have come; returns how many were ordered.

        The order comes before the record: killed between the two, the next run orders the same pages again, which the
        send keys make harmless. The other way round a zone would miss its day.
        """
        ordered = 0
        for days in batched(self._days_to_order(now), _DAYS_AT_ONCE, strict=False):
            pages = [page for day in days for page in day.pages]
            self.pages_queue.put(pages)
            for day in days:
                self.runs.record(day.where, day.day)
                self.done[day.where] = day.day
            ordered += len(pages)
        return ordered

    @cached_property
    def _enabled(self) -> dict[str, OccasionOfferSettings]:
        return self.plan.all_settings(OccasionOfferSettings, enabled=True)

    def _days_to_order(self, now: datetime) -> Iterator[_Day]:
        shards = self.zones.inhabited() if self._enabled else {}
        shards = {time_zone: count for time_zone, count in shards.items() if _is_known(time_zone)}
        perhaps = list(self._perhaps_due(shards, now))
        found = self.runs.last_dates(where for where, _ in perhaps)
        for where, settings in perhaps:
            self.done[where] = found.get(where)
            for day in days_due(now, _zone(where.time_zone), self.done[where], settings):
                yield _Day(where, day, tuple(_first_pages(where, day, settings, shards[where.time_zone])))

    def _perhaps_due(
        self, time_zones: Iterable[str], now: datetime
    ) -> Iterator[tuple[CampaignZone, OccasionOfferSettings]]:
        """Of which this environment knows nothing, or that a day is due; another one may have done it meanwhile."""
        for campaign, settings in self._enabled.items():
            for time_zone in time_zones:
                where = CampaignZone(campaign, time_zone)
                if where not in self.done or days_due(now, _zone(time_zone), self.done[where], settings):
                    yield where, settings


def _first_pages(
    where: CampaignZone, day: date, settings: OccasionOfferSettings, shards: int
) -> Iterator[CelebratePage]:
    celebrated = occasion_day(day, settings)
    for month_day in dates_kept_on(celebrated, settings.leap_day_observed_on):
        for shard in range(shards):
            yield CelebratePage(
                campaign=where.campaign,
                time_zone=where.time_zone,
                local_date=day,
                occasion_day=celebrated,
                month_day=month_day,
                shard=shard,
            )


def _is_known(time_zone: str) -> bool:
    """A name that left the tz database must not keep all others waiting."""
    try:
        _zone(time_zone)
    except ZoneInfoNotFoundError:
        logger().error("a time zone that is none any more", time_zone=time_zone)
        return False
    return True


@cache
def _zone(name: str) -> ZoneInfo:
    # zoneinfo itself keeps only the last few that it built.
    return ZoneInfo(name)
