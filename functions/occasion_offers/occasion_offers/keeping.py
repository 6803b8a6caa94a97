"""Keeping: what the facts about a customer mean for the days that we celebrate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engagement.plan_sections import Shop
from engagement.queues import MessageQueue
from engagement.races import until_won
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.catching_up import pages_to_catch_up
from occasion_offers.date_rules import DateFact, after_fact
from occasion_offers.dates_table import Dates
from occasion_offers.zones import Zones

# A page for one customer is ordered before the change is kept, and must find it kept.
_UNTIL_KEPT = timedelta(minutes=1)


@dataclass(frozen=True)
class DateKeeping:
    """Of `shards` there may be more or fewer than before: `zones` remembers the most there ever were. `campaigns` are
    those that are switched on, by name.
    """

    dates: Dates
    zones: Zones
    shop: Shop
    shards: int
    pages_queue: MessageQueue
    campaigns: Mapping[str, OccasionOfferSettings]
    pause: Callable[[float], None]

    def apply(self, fact: DateFact, now: datetime) -> None:
        """Any number of times, in any order. Raises RetryLaterError if others tell of this customer at the same time,
        or the table throttles.
        """
        lost = f"{type(fact).__name__}: others tell of this customer at the same time"
        until_won(lambda: self._attempt(fact, now), self.pause, lost=lost)

    def _attempt(self, fact: DateFact, now: datetime) -> bool:
        before = self.dates.known(fact.customer_id)
        after = after_fact(before, fact, self.shop)
        if after is before:
            return True
        # First: a run finds nobody in a zone, or in a shard of it, that was not noted.
        for time_zone in {row.time_zone for row in after.dates.values()}:
            self.zones.note(time_zone, self.shards)
        # Killed between the two, the fact comes again and orders them again; the other way round they would be lost. As
        # of then: a run in between may not find in the index yet what was kept just before it.
        for page in pages_to_catch_up(before, after, self.campaigns, now + _UNTIL_KEPT):
            self.pages_queue.put_later(page, _UNTIL_KEPT)
        return self.dates.keep(before, after, self.shards)
