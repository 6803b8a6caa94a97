"""Running: which zones' birthdays are to be celebrated now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import batched
from zoneinfo import ZoneInfo

from birthday_offers.campaign import BirthdayOfferSettings
from birthday_offers.pages import CelebratePage
from birthday_offers.rules import birthdays_kept_on, day_to_celebrate
from birthday_offers.table import BirthdayRuns
from engagement.plan import EngagementPlan
from engagement.queues import MessageQueue
from engagement.time_zones import TimeZones

# As many as one call puts on the queue: a run that is killed repeats no more than these.
_ZONES_AT_ONCE = 10


@dataclass(frozen=True)
class BirthdayRun:
    runs: BirthdayRuns
    pages_queue: MessageQueue
    time_zones: TimeZones
    plan: EngagementPlan
    settings: BirthdayOfferSettings
    # Days that are done, as far as this execution environment knows. A done day stays done, so that a warm run asks
    # the table about the zones alone whose day has just come, and mostly about none.
    done: dict[str, date] = field(default_factory=dict)

    def run(self, now: datetime) -> int:
        """Order the first page of every zone whose day has come; returns how many were ordered.

        The order comes before the record: killed between the two, the next run orders the same page again, which the
        send keys make harmless. The other way round a zone would miss its day.
        """
        if not self.plan.campaign(self.settings.campaign).enabled:
            return 0
        ordered = 0
        for pages in batched(self._pages_due(now), _ZONES_AT_ONCE, strict=False):
            self.pages_queue.put(pages)
            for page in pages:
                self.runs.record(page.time_zone, page.local_date)
                self.done[page.time_zone] = page.local_date
            ordered += len(pages)
        return ordered

    def _pages_due(self, now: datetime) -> Iterator[CelebratePage]:
        zones = [_zone(name) for name in self.time_zones.inhabited()]
        self.done.update(self.runs.last_dates(zone.key for zone, _ in self._days_to_celebrate(zones, now)))
        for zone, day in self._days_to_celebrate(zones, now):
            yield CelebratePage(
                time_zone=zone.key,
                local_date=day,
                month_days=birthdays_kept_on(day, self.settings.leap_day_observed_on),
            )

    def _days_to_celebrate(self, zones: Iterable[ZoneInfo], now: datetime) -> list[tuple[ZoneInfo, date]]:
        days = ((zone, day_to_celebrate(now, zone, self.done.get(zone.key), self.settings)) for zone in zones)
        return [(zone, day) for zone, day in days if day is not None]


@cache
def _zone(name: str) -> ZoneInfo:
    # zoneinfo itself keeps only the last few that it built.
    return ZoneInfo(name)
