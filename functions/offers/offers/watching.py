"""Watching over the offers: the sweep over those that are due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engagement.bus import Bus
from engagement.clock import to_text
from engagement.metrics import count
from engagement.offers import expiry_due, offer_from
from engagement.plan_sections import OfferRules
from offers.announcing import expired, neared_expiry
from offers.rules import Due, what_is_due
from offers.table import KeptOffers, was_reminded

# What one sweep takes on: three calls each, some 25 ms, well inside the door's timeout. What is left falls to the
# next one: more than a million a day.
SWEEP_LIMIT = 6000


@dataclass(frozen=True)
class Watching:
    offers: KeptOffers
    bus: Bus
    rules: OfferRules

    def sweep(self, now: datetime) -> int:
        """Tell of every offer due at `now` that it nears its end, or that it ended; returns how many ended.

        Killed anywhere, nothing is lost: an offer whose claim ran out falls due again, and the same fact is told.
        """
        return self.offers.due_work.sweep(now, SWEEP_LIMIT, lambda item: self._look_at(item, now))

    def _look_at(self, item: dict[str, Any], now: datetime) -> Mapping[str, str] | None:
        offer = offer_from(item)
        match what_is_due(offer, reminded=was_reminded(item), now=now, rules=self.rules):
            case Due.REMINDER:
                self.bus.publish([neared_expiry(offer)])
                self.offers.look_again(item, expiry_due(offer, self.rules), reminded_at=now)
                return None
            case Due.LATER:
                self.offers.look_again(item, expiry_due(offer, self.rules))
                return None
            case Due.EXPIRY:
                self.bus.publish([expired(offer)])
                count("OffersExpired", campaign=offer.campaign)
                return {"expired_at": to_text(now)}
            case Due.NOTHING:
                return {}
