"""Whom a shop should ask for a review, and about what, as plainly as it can be thought: from the list of all that it
told, with no table, no revision and no due time kept anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engagement.events.base import Event, Line
from engagement.events.customers import CustomerErased
from engagement.events.orders import (
    CaseClosed,
    CaseOpened,
    OrderCancelled,
    OrderDelivered,
    OrderFulfilled,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
)
from engagement.events.reviews import ReviewSubmitted
from engagement.plan import engagement_plan

_PLAN = engagement_plan().campaign("review_request").settings
_ONE_DAY = timedelta(days=1)


def the_plans(*names: str) -> timedelta:
    """One of the plan's delays."""
    found: Any = _PLAN
    for name in names:
        found = found[name]
    assert found.endswith("d")
    return timedelta(days=int(found.removesuffix("d")))


LOCAL_HOUR: int = _PLAN["local_hour"]
TOGETHER_WITHIN, USEFUL_FOR = the_plans("together_within"), the_plans("useful_for")
REMIND_AFTER = the_plans("remind_after")


@dataclass(frozen=True)
class Parcel:
    """As it was told by now; a date that changed is told again, but a parcel leaves once."""

    left_at: datetime | None
    expected_at: datetime | None
    delivered_at: datetime | None
    foreign: bool
    product_ids: frozenset[str]

    @property
    def told_first(self) -> datetime:
        found = self.left_at or self.delivered_at
        assert found is not None
        return found

    def arrival(self, line: Line) -> datetime:
        if line.kind == "digital":
            return self.told_first
        if self.delivered_at or self.expected_at:
            return self.delivered_at or self.expected_at or self.told_first
        return self.told_first + the_plans("transit", "foreign" if self.foreign else "domestic")


@dataclass(frozen=True)
class Shop:
    """What we know, in the order in which it was told."""

    facts: Sequence[Event]

    def of(self, kind: type[Any], order_id: str) -> list[Any]:
        """The order's facts of this kind, by their own time."""
        found = [fact for fact in self.facts if isinstance(fact, kind) and fact.order_id == order_id]
        return sorted(found, key=lambda fact: fact.occurred_at)

    def order_ids(self, customer_id: str) -> list[str]:
        found = (getattr(each, "order_id", None) for each in self.facts if self._is_of(each, customer_id))
        return sorted({order_id for order_id in found if order_id})

    def is_erased(self, customer_id: str) -> bool:
        return any(isinstance(fact, CustomerErased) and self._is_of(fact, customer_id) for fact in self.facts)

    def lines(self, order_id: str) -> dict[str, Line]:
        told = [*self.of(OrderPlaced, order_id), *self.of(OrderFulfilled, order_id)]
        told += self.of(OrderDelivered, order_id)
        return {line.product_id: line for fact in told for line in fact.lines}

    def parcels(self, order_id: str) -> list[Parcel]:
        left, arrived = self.of(OrderFulfilled, order_id), self.of(OrderDelivered, order_id)
        found = []
        for name in {fact.fulfilment_id for fact in (*left, *arrived)}:
            leaving = [fact for fact in left if fact.fulfilment_id == name]
            arriving = [fact for fact in arrived if fact.fulfilment_id == name]
            last = (leaving or arriving)[-1]
            found.append(
                Parcel(
                    left_at=leaving[0].occurred_at if leaving else None,
                    expected_at=leaving[-1].expected_at if leaving else None,
                    delivered_at=arriving[-1].occurred_at if arriving else None,
                    foreign=last.destination == "foreign",
                    product_ids=frozenset(
                        line.product_id for fact in (*leaving, *arriving) for line in fact.lines
                    ),
                )
            )
        return sorted(found, key=lambda parcel: parcel.told_first)

    def is_shipped(self, order_id: str) -> bool:
        return bool(self.parcels(order_id))

    def is_over(self, order_id: str) -> bool:
        """Called off, of the past, or reviewed."""
        imported = any(fact.imported for fact in self.of(OrderPaid, order_id))
        return imported or self.is_reviewed(order_id) or bool(self.of(OrderCancelled, order_id))

    def is_reviewed(self, order_id: str) -> bool:
        return bool(self.of(ReviewSubmitted, order_id))

    def has_open_case(self, order_id: str) -> bool:
        told = [*self.of(CaseOpened, order_id), *self.of(CaseClosed, order_id)]
        newest = {fact.case_id: fact for fact in sorted(told, key=lambda fact: fact.occurred_at)}
        return any(isinstance(fact, CaseOpened) for fact in newest.values())

    def was_sent_back(self, order_id: str, product_id: str) -> bool:
        """And no parcel with it left since. A date that is told again is no parcel that leaves."""
        refunds = self.of(OrderRefunded, order_id)
        returns = [fact for fact in refunds if _names(fact, product_id)]
        paid = self.of(OrderPaid, order_id)
        if (
            paid
            and sum(fact.amount.amount_minor for fact in _once_each(refunds)) >= paid[0].amount.amount_minor
        ):
            returns += refunds[-1:]
        if not returns:
            return False
        last = max(fact.occurred_at for fact in returns)
        return not any(
            parcel.left_at and parcel.left_at > last and product_id in parcel.product_ids
            for parcel in self.parcels(order_id)
        )

    def ripe(self, customer_id: str, order_id: str) -> dict[str, datetime | None]:
        """The products that are to be asked about, and since when; None: still to come."""
        if self.is_over(order_id):
            return {}
        parcels, ripe = self.parcels(order_id), dict[str, datetime | None]()
        for product_id, line in self.lines(order_id).items():
            if not self.is_reviewable(line) or self.was_sent_back(order_id, product_id):
                continue
            if self._has_reviewed(customer_id, product_id):
                continue
            with_it = [parcel for parcel in parcels if product_id in parcel.product_ids]
            ripe[product_id] = self._ripe_at(line, with_it[-1]) if with_it else None
        return ripe

    def due(self, customer_id: str, order_id: str) -> datetime | None:
        """When the order may be asked about; None: nothing of it has come, or nothing is left."""
        ripe = self.ripe(customer_id, order_id)
        instants = [instant for instant in ripe.values() if instant]
        if not instants:
            return None
        longest = min(instants) + the_plans("wait_for_rest")
        return longest if len(instants) < len(ripe) else min(max(instants), longest)

    @staticmethod
    def _ripe_at(line: Line, parcel: Parcel) -> datetime:
        where = "foreign" if parcel.foreign else "domestic"
        wait = the_plans("ask_after", "digital" if line.kind == "digital" else where)
        if line.category and line.category in _PLAN["ask_after"]["by_category"]:
            wait = the_plans("ask_after", "by_category", line.category)
        return parcel.arrival(line) + wait

    @staticmethod
    def is_reviewable(line: Line) -> bool:
        excluded = _PLAN["exclude"]
        if line.kind == "gift_card" or line.product_id in excluded["products"]:
            return False
        return line.category not in excluded["categories"]

    def has_reviewed_something(self, customer_id: str) -> bool:
        return any(
            isinstance(fact, ReviewSubmitted) and self._is_of(fact, customer_id) for fact in self.facts
        )

    def _has_reviewed(self, customer_id: str, product_id: str) -> bool:
        return any(
            isinstance(fact, ReviewSubmitted) and fact.product_id == product_id
            for fact in self.facts
            if self._is_of(fact, customer_id)
        )

    @staticmethod
    def _is_of(fact: Event, customer_id: str) -> bool:
        return bool(getattr(fact, "customer_id", None) == customer_id)


def _names(refund: OrderRefunded, product_id: str) -> bool:
    return refund.lines is None or any(line.product_id == product_id for line in refund.lines)


def _once_each(refunds: list[OrderRefunded]) -> list[OrderRefunded]:
    return list({fact.refund_id: fact for fact in refunds}.values())


def at_local_hour(instant: datetime, hour: int, zone: str) -> datetime:
    """The first such hour at or after the instant."""
    there = ZoneInfo(zone)
    day = instant.astimezone(there).date()
    for each in (day, day + _ONE_DAY):
        found = datetime.combine(each, time(hour), tzinfo=there).astimezone(UTC)
        if found >= instant:
            return found
    raise AssertionError(instant)
