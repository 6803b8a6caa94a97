"""What the ledger would have of one customer, told of it directly: the rules' own decisions, kept without a table."""

from dataclasses import dataclass, field
from datetime import datetime

from engagement.plan import engagement_plan
from loyalty.adjusting import adjusted
from loyalty.auditing import audited
from loyalty.customers import customer_decided
from loyalty.deciding import order_decided, review_decided
from loyalty.drafts import Draft
from loyalty.entries import Entry
from loyalty.facts import CustomersFact, OrdersFact, ReviewsFact
from loyalty.happenings import advanced
from loyalty.records import Account, Order, Records, Reservation, Review
from loyalty.spending import Answer, commit, release, reserve
from loyalty.terms import Terms
from shop_facts import NOW

TERMS = Terms.of(engagement_plan())


@dataclass
class Books:
    """Of cust-asha."""

    account: Account = field(default_factory=lambda: Account("cust-asha"))
    entries: list[Entry] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)

    @property
    def records(self) -> Records:
        return Records(
            self.account,
            tuple(self.entries),
            tuple(self.orders.values()),
            tuple(self.reviews.values()),
            tuple(self.reservations.values()),
        )

    @property
    def differences(self) -> tuple[str, ...]:
        return audited(self.records, TERMS.tiers).differences

    def told(self, *facts: OrdersFact, now: datetime = NOW) -> "Books":
        for fact in facts:
            before = self.orders.get(fact.order_id, Order("cust-asha", fact.order_id))
            draft, self.orders[fact.order_id] = order_decided(
                Draft.of(self.account), before, fact, now, TERMS
            )
            self._keep(draft)
        return self

    def told_of_reviews(self, *facts: ReviewsFact, now: datetime = NOW) -> "Books":
        for fact in facts:
            before = self.reviews.get(fact.review_id, Review("cust-asha", fact.review_id))
            draft, self.reviews[fact.review_id] = review_decided(
                Draft.of(self.account), before, fact, now, TERMS
            )
            self._keep(draft)
        return self

    def told_of_customers(self, *facts: CustomersFact, now: datetime = NOW) -> "Books":
        for fact in facts:
            self._keep(customer_decided(Draft.of(self.account), fact, now, TERMS, booked=False))
        return self

    def adjusted(self, points: int, now: datetime = NOW) -> "Books":
        draft = Draft.of(self.account)
        number = f"a{len(self.entries)}"
        self._keep(adjusted(draft, number, points, reason="goodwill", author="Meera", now=now, terms=TERMS))
        return self

    def reserved(self, name: str, points: int, now: datetime = NOW, order_id: str | None = None) -> "Books":
        asked = Reservation("cust-asha", name, points, now, order_id=order_id)
        return self._answered(reserve(Draft.of(self.account), None, asked, now, TERMS))

    def committed(self, name: str, now: datetime = NOW) -> "Books":
        known = self.reservations[name]
        order = known.order_id and self.orders.get(known.order_id, Order("cust-asha", known.order_id))
        return self._answered(commit(Draft.of(self.account), known, order or None, now, TERMS))

    def released(self, name: str, now: datetime = NOW) -> "Books":
        return self._answered(release(Draft.of(self.account), self.reservations[name], now, TERMS))

    def after(self, now: datetime) -> "Books":
        self._keep(advanced(Draft.of(self.account), now, TERMS))
        return self

    def _answered(self, answer: Answer) -> "Books":
        assert answer.refusal is None
        assert answer.reservation
        self.reservations[answer.reservation.reservation_id] = answer.reservation
        if answer.order:
            self.orders[answer.order.order_id] = answer.order
        self._keep(answer.draft)
        return self

    def _keep(self, draft: Draft) -> None:
        self.account = draft.account
        self.entries += draft.entries
