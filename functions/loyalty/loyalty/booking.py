"""Booking: a fact is decided upon with what the ledger knows, and written once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from engagement.bus import Bus
from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.loyalty import ReferralCompleted
from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderPaid
from engagement.events.reviews import ReviewPublished, ReviewRejected
from engagement.metrics import count
from engagement.observability import logger
from engagement.races import until_won
from loyalty.announcing import announcement
from loyalty.customers import customer_decided
from loyalty.deciding import order_decided, review_decided
from loyalty.drafts import Draft
from loyalty.entries import Entry, Movement
from loyalty.facts import LedgerFact, entry_id_of
from loyalty.happenings import advanced
from loyalty.outbox import Outbox, look_at
from loyalty.records import Account, Order, Review
from loyalty.table import Known, Ledger
from loyalty.terms import Terms


@dataclass(frozen=True)
class _Booked:
    """The account as it is now, and the entries that are new, or the fact's own, booked before."""

    account: Account
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class PointsBooking:
    ledger: Ledger
    bus: Bus
    outbox: Outbox
    terms: Terms
    pause: Callable[[float], None]

    def apply(self, fact: LedgerFact, now: datetime) -> None:
        """Any number of times, in any order: a fact is booked once, and told at least once.

        A fact that was booked already is told again, because whoever booked it may have been killed before telling; it
        has the same `event_id` then. An offer of anything but points is none of the ledger's business, nor is a review
        where reviews earn nothing. Raises MalformedMessageError and RetryLaterError.
        """
        if isinstance(fact, OfferRedeemed | OfferReleased) and fact.benefit.points is None:
            return
        lost = f"{type(fact).__name__}: others book on this account at the same time"
        booked = until_won(lambda: self._attempt(fact, now), self.pause, lost=lost)
        own = next((each for each in booked.entries if each.entry_id == entry_id_of(fact)), None)
        if own and (news := announcement(own, self.terms)):
            self.bus.publish([news])
        self.outbox.deliver(booked.account, now, known=booked.entries)

    def _attempt(self, fact: LedgerFact, now: datetime) -> _Booked | None:
        known = self._read(fact)
        draft, order, review = Draft.of(known.account), known.order, known.review
        if (behind := advanced(draft, now, self.terms)).full:
            self._catch_up(behind, now)
            return None
        match fact:
            case CustomerRegistered() | CustomerUpdated() | CustomerErased() | ReferralCompleted():
                draft = customer_decided(draft, fact, now, self.terms, booked=known.entry is not None)
            case _ if known.entry:
                return _Booked(known.account, (known.entry,))
            case ReviewPublished() | ReviewRejected():
                before = review or Review(fact.customer_id, fact.review_id)
                if not before.version and not self.terms.points_for_a_review:
                    return _Booked(known.account, ())
                draft, review = review_decided(draft, before, fact, now, self.terms)
            case _:
                before_it = order or Order(fact.customer_id, fact.order_id)
                draft, order = order_decided(draft, before_it, fact, now, self.terms)
                if isinstance(fact, OrderPaid):
                    _warn_of_foreign_refunds(order)
        if draft.full and isinstance(fact, CustomerErased):
            self._catch_up(draft, now)
            return None
        due_at = look_at(draft.account, now, self.terms)
        if not self.ledger.write(draft, due_at=due_at, order=order, review=review):
            return None
        if earned := sum(entry.points for entry in draft.entries if entry.movement is Movement.EARNED):
            count("PointsEarned", earned)
        version = known.account.version + (1 if draft.changed else 0)
        known_too = (known.entry,) if known.entry else ()
        return _Booked(replace(draft.account, version=version), (*known_too, *draft.entries))

    def _catch_up(self, draft: Draft, now: datetime) -> None:
        """So much has happened since anybody looked that it is written by itself; the fact's turn is after that."""
        self.ledger.write(draft, due_at=look_at(draft.account, now, self.terms))

    def _read(self, fact: LedgerFact) -> Known:
        entry_id = entry_id_of(fact)
        match fact:
            case CustomerRegistered() | CustomerUpdated() | CustomerErased() | ReferralCompleted():
                return self.ledger.read(fact.customer_id, entry_id=entry_id)
            case ReviewPublished() | ReviewRejected():
                return self.ledger.read(fact.customer_id, entry_id=entry_id, review_id=fact.review_id)
            case _:
                return self.ledger.read(fact.customer_id, entry_id=entry_id, order_id=fact.order_id)


def _warn_of_foreign_refunds(order: Order) -> None:
    foreign = sorted(set(order.refunded) - {order.paid.currency if order.paid else ""})
    if foreign:
        logger().warning(
            "refunds in another currency than their order", order_id=order.order_id, currencies=foreign
        )
