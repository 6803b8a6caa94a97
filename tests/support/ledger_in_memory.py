"""A ledger without a table, for the tests of booking; tests/dynamodb holds the real one to the same sentences."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from engagement.events.loyalty import TierChanged
from engagement.events.offers import OfferReleased
from loyalty_accrual.auditing import Audit, audited
from loyalty_accrual.booking import LedgerFact, PointsBooking
from loyalty_accrual.campaign import Earning, Tier
from loyalty_accrual.ledger import Account, Entry, Order, Review, Standing
from loyalty_accrual.table import Ledger
from recording_bus import RecordingBus
from shop_facts import NOW, offer_redeemed

EARNING = (
    Earning(currency="INR", points=1, for_each_minor=10_000),
    Earning(currency="USD", points=2, for_each_minor=100),
)
FOR_A_REVIEW = 20
TIERS = (
    Tier(name="bronze", from_points=0),
    Tier(name="silver", from_points=500),
    Tier(name="gold", from_points=2000),
)


def offer_given_back(code: str = "ACDEFGHJKM", **changes: Any) -> OfferReleased:
    """The order that redeemed the offer was cancelled."""
    return OfferReleased.model_validate(offer_redeemed(code, **changes).model_dump())


class LedgerInMemory(Ledger):
    """How many of the next bookings, and of the next tiers, somebody else is faster with (`lost_races`, `lost_tiers`);
    and after how many of the next tiers told a worker is gone before it can say so (`lost_tellings`).
    """

    def __init__(self) -> None:
        self.lost_races = 0
        self.lost_tiers = 0
        self.lost_tellings = 0
        self._entries: dict[tuple[str, str], Entry] = {}
        self._orders: dict[tuple[str, str], Order] = {}
        self._reviews: dict[tuple[str, str], Review] = {}
        self._accounts: dict[str, Account] = {}
        self._standings: dict[str, Standing] = {}

    def order(self, customer_id: str, order_id: str) -> Order:
        return self._orders.get((customer_id, order_id), Order(customer_id, order_id))

    def review(self, customer_id: str, review_id: str) -> Review:
        return self._reviews.get((customer_id, review_id), Review(customer_id, review_id))

    def book(self, entry: Entry, source: Order | Review | None = None) -> Entry | None:
        if earlier := self._entries.get((entry.customer_id, entry.entry_id)):
            return earlier
        if self.lost_races > 0:
            self.lost_races -= 1
            return None
        match source:
            case Order():
                if self.order(source.customer_id, source.order_id).version != source.version - 1:
                    return None
                self._orders[source.customer_id, source.order_id] = source
            case Review():
                if self.review(source.customer_id, source.review_id).version != source.version - 1:
                    return None
                self._reviews[source.customer_id, source.review_id] = source
            case None:
                pass
        self._entries[entry.customer_id, entry.entry_id] = entry
        account = self.account(entry.customer_id)
        self._accounts[entry.customer_id] = replace(
            account,
            balance=account.balance + entry.points,
            total_earned=account.total_earned + entry.earned,
            entry_count=account.entry_count + 1,
        )
        return entry

    def entries(self, customer_id: str) -> Iterator[Entry]:
        return (self._entries[key] for key in sorted(self._entries) if key[0] == customer_id)

    def account(self, customer_id: str) -> Account:
        return self._accounts.get(customer_id, Account())

    def standing(self, customer_id: str) -> Standing:
        kept = self._standings.get(customer_id, Standing(customer_id))
        return replace(kept, balance=self.balance(customer_id))

    def keep_tier(self, before: Standing, after: Standing) -> bool:
        if self.lost_tiers > 0:
            self.lost_tiers -= 1
            return False
        if replace(self.standing(after.customer_id), told=before.told) != before:
            return False
        self._standings[after.customer_id] = after
        return True

    def tier_was_told(self, standing: Standing) -> None:
        if self.lost_tellings > 0:
            self.lost_tellings -= 1
            return
        kept = self.standing(standing.customer_id)
        if kept.since == standing.since:
            self._standings[standing.customer_id] = replace(kept, told=True)

    def audit(self, customer_id: str) -> Audit:
        orders = [order for key, order in self._orders.items() if key[0] == customer_id]
        reviews = [review for key, review in self._reviews.items() if key[0] == customer_id]
        return audited(self.account(customer_id), list(self.entries(customer_id)), orders, reviews)


class Loyalty:
    """The capability on a ledger in memory."""

    def __init__(self) -> None:
        self.ledger = LedgerInMemory()
        self.bus = RecordingBus()
        self.pauses: list[float] = []
        self.booking = PointsBooking(self.ledger, self.bus, EARNING, TIERS, self.pauses.append, FOR_A_REVIEW)

    def told(self, *facts: LedgerFact, now: datetime = NOW) -> "Loyalty":
        for fact in facts:
            self.booking.apply(fact, now)
        return self

    @property
    def tiers_told(self) -> list[str]:
        return [fact.tier for fact in self.bus.told if isinstance(fact, TierChanged)]
