"""Builders for the ledger's rules: terms with changed settings, and the few steps that a test takes with a customer."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Self
from zoneinfo import ZoneInfo

from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.loyalty import ReferralCompleted
from engagement.events.orders import PaidLine, RefundedLine
from engagement.events.reviews import ReviewPublished, ReviewRejected
from engagement.money import Money
from engagement.plan import engagement_plan
from engagement.plan_sections import TierRules
from loyalty.adjusting import adjusted
from loyalty.campaign import LoyaltySettings
from loyalty.customers import customer_decided
from loyalty.days import Days
from loyalty.deciding import order_decided, review_decided
from loyalty.drafts import Draft
from loyalty.entries import Entry, EntryKind
from loyalty.facts import LedgerFact, entry_id_of
from loyalty.happenings import advanced
from loyalty.records import Account, Order, Reservation, Review
from loyalty.spending import Answer, Refusal, commit, release, reserve
from loyalty.terms import Terms
from shop_facts import NOW, rupees

ASHA = "cust-asha"


@cache
def planned() -> Terms:
    """The plan's own terms."""
    return Terms.of(engagement_plan())


def terms(*, zone: str | None = None, tiers: TierRules | None = None, **changes: Any) -> Terms:
    """The plan's terms with other settings of loyalty (`expiry={"after": "10d", …}`), as a plan writes them."""
    known = planned()
    written = dict(engagement_plan().campaign(LoyaltySettings.campaign).settings)
    days = Days(ZoneInfo(zone)) if zone else known.days
    settings = LoyaltySettings.model_validate(written | changes)
    return replace(known, settings=settings, days=days, tiers=tiers or known.tiers)


def plain_terms(**changes: Any) -> Terms:
    """One point for a rupee, spendable at once, for good; no tiers' and no categories' multipliers, no mails."""
    plain: dict[str, Any] = {
        "earning": [{"currency": "INR", "points": 1, "for_each_minor": 100}],
        "earn_on": {"tax": True, "shipping": False},
        "multipliers": {},
        "periods": [],
        "pending_for": None,
        "expiry": None,
        "tiers": tier_rules((0, 100)),
    }
    made = terms(**plain | changes)
    return replace(made, mails={})


def tier_rules(*steps: tuple[int, int], **changes: Any) -> TierRules:
    """Tiers of these thresholds and hundredths: bronze, silver, gold, platinum."""
    names = ("bronze", "silver", "gold", "platinum")
    written: dict[str, Any] = {
        "by": "points",
        "over": "rolling_year",
        "downgrade": {"by": "one_step"},
        "steps": [
            {"name": name, "threshold": threshold, "times": f"{times / 100:.2f}x", "title": {"en": name}}
            for name, (threshold, times) in zip(names, steps, strict=False)
        ],
    }
    return TierRules.model_validate(written | changes)


def paid_line(product_id: str, amount: int, *, quantity: int = 1, **changes: Any) -> PaidLine:
    """`amount` in rupees."""
    return PaidLine(product_id=product_id, quantity=quantity, amount=rupees(amount), **changes)


def sent_back(product_id: str, *, quantity: int = 1, amount: int | None = None) -> RefundedLine:
    """`amount` in rupees."""
    money = None if amount is None else rupees(amount)
    return RefundedLine(product_id=product_id, quantity=quantity, amount=money)


def paise(amount: int) -> Money:
    return Money(amount_minor=amount, currency="INR")


@dataclass
class Book:
    """A customer's account and records in memory, booked by the rules, as the ledger does in its table."""

    terms: Terms
    now: datetime = NOW
    customer_id: str = ASHA
    account: Account = field(init=False)
    entries: list[Entry] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.account = Account(self.customer_id)

    def tell(self, *facts: LedgerFact, at: datetime | None = None) -> Self:
        """Books facts, each once."""
        self.now = at or self.now
        for fact in facts:
            entry_id = entry_id_of(fact)
            booked = entry_id is not None and any(entry.entry_id == entry_id for entry in self.entries)
            match fact:
                case CustomerRegistered() | CustomerUpdated() | CustomerErased() | ReferralCompleted():
                    self._take(customer_decided(self.draft, fact, self.now, self.terms, booked=booked))
                case _ if booked:
                    pass
                case ReviewPublished() | ReviewRejected():
                    before = self.reviews.get(fact.review_id, Review(self.customer_id, fact.review_id))
                    draft, review = review_decided(self.draft, before, fact, self.now, self.terms)
                    self.reviews[fact.review_id] = review
                    self._take(draft)
                case _:
                    draft, order = order_decided(
                        self.draft, self.order(fact.order_id), fact, self.now, self.terms
                    )
                    self.orders[fact.order_id] = order
                    self._take(draft)
        return self

    def look(self, at: datetime | None = None) -> Self:
        """Somebody looks: all that has happened by itself is booked."""
        self.now = at or self.now
        self._take(advanced(self.draft, self.now, self.terms))
        return self

    def wait(self, span: timedelta) -> Self:
        """Time passes, and nobody looks."""
        self.now += span
        return self

    def reserve(self, reservation_id: str, points: int, order_id: str | None = None) -> Refusal | None:
        asked = Reservation(self.customer_id, reservation_id, points, self.now, order_id=order_id)
        known = self.reservations.get(reservation_id)
        return self._answered(reserve(self.draft, known, asked, self.now, self.terms))

    def commit(self, reservation_id: str) -> Refusal | None:
        known = self.reservations.get(reservation_id)
        order = self.order(known.order_id) if known and known.order_id else None
        return self._answered(commit(self.draft, known, order, self.now, self.terms))

    def release(self, reservation_id: str) -> Refusal | None:
        known = self.reservations.get(reservation_id)
        return self._answered(release(self.draft, known, self.now, self.terms))

    def spend(self, points: int, order_id: str | None = None) -> Self:
        reservation_id = f"redemption-{len(self.reservations) + 1}"
        assert self.reserve(reservation_id, points, order_id) is None
        assert self.commit(reservation_id) is None
        return self

    def adjust(self, points: int) -> Self:
        name = f"adjustment-{len(self.points(EntryKind.ADJUSTED)) + 1}"
        self._take(
            adjusted(
                self.draft, name, points, reason="goodwill", author="Meera", now=self.now, terms=self.terms
            )
        )
        return self

    def order(self, order_id: str) -> Order:
        return self.orders.get(order_id, Order(self.customer_id, order_id))

    @property
    def draft(self) -> Draft:
        return Draft.of(self.account)

    @property
    def standing(self) -> int:
        """What is pending and what can be spent, together."""
        return self.account.balance + self.account.pending_points

    def points(self, *kinds: str) -> list[int]:
        """The points of all entries of these kinds, in their order; of all, without any."""
        return [entry.points for entry in self.entries if not kinds or entry.kind in kinds]

    def _answered(self, answer: Answer) -> Refusal | None:
        if answer.reservation:
            self.reservations[answer.reservation.reservation_id] = answer.reservation
        if answer.order:
            self.orders[answer.order.order_id] = answer.order
        self._take(answer.draft)
        return answer.refusal

    def _take(self, draft: Draft) -> None:
        self.entries.extend(draft.entries)
        self.account = replace(draft.account, version=self.account.version + int(draft.changed))
