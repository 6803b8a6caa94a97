"""One customer's ledger in memory, as it is read: what was booked by the rules, and nothing of how it is written."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engagement.plan import EngagementPlan, engagement_plan
from loyalty.deciding import order_decided
from loyalty.drafts import Draft
from loyalty.entries import Entry
from loyalty.records import Account, Order, Reservation
from loyalty.spending import commit, reserve
from loyalty.terms import Terms
from shop_facts import NOW, order_paid, order_refunded, rupees

CUSTOMER = "cust-asha"


@dataclass
class Shelf:
    """Knows one customer; `draft` is all that was ever booked of them."""

    plan: EngagementPlan = field(default_factory=engagement_plan)
    draft: Draft = field(default_factory=lambda: Draft.of(Account(CUSTOMER)))
    orders: dict[str, Order] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)

    @property
    def terms(self) -> Terms:
        return Terms.of(self.plan)

    def account(self, customer_id: str) -> Account:
        self.reads.append("account")
        return self.draft.account if customer_id == CUSTOMER else Account(customer_id)

    def page(self, customer_id: str, *, before: int | None, limit: int) -> tuple[list[Entry], int | None]:
        self.reads.append("page")
        known = self.draft.entries if customer_id == CUSTOMER else ()
        found = [entry for entry in known[::-1] if before is None or entry.sequence < before]
        return found[:limit], found[limit - 1].sequence if len(found) > limit else None

    def paid(self, points: int, order_id: str = "order-77", *, at: datetime = NOW) -> None:
        """An order that is worth so many points."""
        self._ordered(order_paid(order_id, amount=rupees(points * 100), occurred_at=at), at)

    def refunded(self, points: int, order_id: str = "order-77", *, at: datetime = NOW) -> None:
        self._ordered(order_refunded(order_id, amount=rupees(points * 100), occurred_at=at), at)

    def reserved(self, points: int, *, order_id: str | None = None, at: datetime = NOW) -> None:
        asked = Reservation(CUSTOMER, "checkout-1", points, at, order_id=order_id)
        answer = reserve(self.draft, None, asked, at, self.terms)
        assert answer.refusal is None, answer.refusal
        self.draft = answer.draft

    def redeemed(self, points: int, *, order_id: str | None = None, at: datetime = NOW) -> None:
        self.reserved(points, order_id=order_id, at=at)
        known = Reservation(CUSTOMER, "checkout-1", points, at, order_id=order_id)
        order = self.orders.get(order_id, Order(CUSTOMER, order_id)) if order_id else None
        self.draft = commit(self.draft, known, order, at, self.terms).draft

    def _ordered(self, fact: Any, at: datetime) -> None:
        before = self.orders.get(fact.order_id, Order(CUSTOMER, fact.order_id))
        self.draft, self.orders[fact.order_id] = order_decided(self.draft, before, fact, at, self.terms)
