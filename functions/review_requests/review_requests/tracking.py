"""Tracking: what the shop's facts mean for whom to ask, and when."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

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
from engagement.races import until_won
from review_requests.campaign import ReviewRequestSettings
from review_requests.customers import Customer
from review_requests.orders import OrderNews, with_fact
from review_requests.table import ReviewRequests
from review_requests.timetable import next_look

type RequestFact = OrderNews | CustomerErased
FACTS: tuple[type[RequestFact], ...] = (
    OrderPlaced,
    OrderPaid,
    OrderFulfilled,
    OrderDelivered,
    OrderCancelled,
    OrderRefunded,
    CaseOpened,
    CaseClosed,
    ReviewSubmitted,
    CustomerErased,
)


@dataclass(frozen=True)
class RequestTracking:
    """`pause` waits for so many seconds."""

    requests: ReviewRequests
    settings: ReviewRequestSettings
    pause: Callable[[float], None]

    def apply(self, fact: RequestFact, now: datetime) -> None:
        """Any number of times, in any order: in the end the same is known. What changes nothing writes nothing.

        Raises RetryLaterError if others are always faster.
        """
        if isinstance(fact, CustomerErased):
            self.requests.forget(fact.customer_id)
            return
        until_won(lambda: self._apply(fact, now), self.pause, lost="others write of the customer")

    def _apply(self, fact: OrderNews, now: datetime) -> bool:
        old = self.requests.read(fact.customer_id)
        new = told(old, fact)
        if new == old:
            return True
        new = replace(new, revision=_next_revision(old, now), due_at=self._look_at(new, now))
        return self.requests.write(old, new, now=now, settings=self.settings)

    def _look_at(self, customer: Customer, now: datetime) -> datetime | None:
        if any(request.in_flight for request in customer.requests.values()):
            # What is on its way may be untrue by now.
            return now
        return next_look(customer, self.settings, now)


def told(customer: Customer, fact: OrderNews) -> Customer:
    """The customer once this is known."""
    order = with_fact(customer.orders.get(fact.order_id), fact)
    reviewed = dict(customer.reviewed)
    if isinstance(fact, ReviewSubmitted) and fact.product_id:
        known = reviewed.get(fact.product_id, fact.occurred_at)
        reviewed[fact.product_id] = max(known, fact.occurred_at)
    return replace(customer, orders={**customer.orders, fact.order_id: order}, reviewed=reviewed)


def _next_revision(old: Customer, now: datetime) -> str:
    """A revision is never used again, not even by a customer who was forgotten and comes anew: a mail that was written
    before might be taken for true.
    """
    return str(max(int(old.revision) + 1, int(now.timestamp() * 1000)))
