"""Booking: what a fact about an order, its offers, a review, or points that were spent means for the ledger."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from engagement.bus import Bus
from engagement.events.loyalty import PointsRedeemed
from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderPaid, OrderRefunded
from engagement.events.reviews import ReviewPublished, ReviewRejected
from engagement.observability import logger
from engagement.races import until_won
from loyalty_accrual.announcing import announcement, tier_change
from loyalty_accrual.campaign import Earning, Tier
from loyalty_accrual.ledger import Entry, EntryKind, Order, Review, Rule, RuleKind, Standing
from loyalty_accrual.rules import (
    after_payment,
    after_publication,
    after_redemption,
    after_refund,
    after_rejection,
    after_release,
    offered_in_force,
    reviewed,
    rule_for,
)
from loyalty_accrual.table import Ledger

type OrdersFact = OrderPaid | OrderRefunded | OfferRedeemed | OfferReleased
type ReviewsFact = ReviewPublished | ReviewRejected
type LedgerFact = OrdersFact | ReviewsFact | PointsRedeemed


@dataclass(frozen=True)
class PointsBooking:
    ledger: Ledger
    bus: Bus
    earning: tuple[Earning, ...]
    tiers: tuple[Tier, ...]
    pause: Callable[[float], None]
    points_for_a_review: int

    def apply(self, fact: LedgerFact, now: datetime) -> None:
        """Any number of times, in any order: a fact is booked once, and told at least once; so is a change of tier.

        A fact that was booked already is told again, because whoever booked it may have been killed before telling;
        it has the same `event_id` then. An offer of anything but points is none of the ledger's business, nor is a
        review where reviews earn nothing. Raises MalformedMessageError and RetryLaterError.
        """
        if not self._concerns_the_ledger(fact):
            return
        entry = self._booked(fact, now)
        standing = self._reviewed(entry)
        news = [told for told in (announcement(entry), tier_change(standing)) if told]
        if news:
            self.bus.publish(news)
        if not standing.told:
            self.ledger.tier_was_told(standing)

    def _concerns_the_ledger(self, fact: LedgerFact) -> bool:
        match fact:
            case OfferRedeemed() | OfferReleased():
                return fact.benefit.points is not None
            case ReviewPublished() | ReviewRejected():
                # One that is known may have earned by an earlier plan.
                known = (
                    self.points_for_a_review or self.ledger.review(fact.customer_id, fact.review_id).version
                )
                return bool(known)
            case _:
                return True

    def _reviewed(self, entry: Entry) -> Standing:
        """Where the customer stands after a booking, with the tier that is still to be told.

        A change is kept before it is told, and the telling after: a worker that is killed in between leaves behind
        that something is to be told, for its own fact when that comes again, and for every other booking before that.
        The table decides between workers at one time: who finds the balance changed leaves the tier to who changed it.
        """
        if entry.points == 0:
            return Standing(entry.customer_id)
        found = self.ledger.standing(entry.customer_id)
        standing = reviewed(found, self.tiers, entry.booked_at)
        if standing == found or self.ledger.keep_tier(found, standing):
            return standing
        return replace(found, told=True)

    def _booked(self, fact: LedgerFact, now: datetime) -> Entry:
        lost = f"{type(fact).__name__}: others book on this account at the same time"
        return until_won(lambda: self._attempt(fact, now), self.pause, lost=lost)

    def _attempt(self, fact: LedgerFact, now: datetime) -> Entry | None:
        if isinstance(fact, PointsRedeemed):
            return self.ledger.book(_redemption(fact, now))
        if isinstance(fact, ReviewPublished | ReviewRejected):
            return self._attempt_review(fact, now)
        before = self.ledger.order(fact.customer_id, fact.order_id)
        # Whether the fact is new is not decided here: where its entry is there already, nothing of this is written.
        match fact:
            case OrderPaid():
                after = after_payment(before, fact, rule_for(fact.amount.currency, self.earning))
                _warn_of_foreign_refunds(after)
            case OrderRefunded():
                after = after_refund(before, fact)
            case OfferRedeemed():
                after = after_redemption(before, fact)
            case OfferReleased():
                after = after_release(before, fact)
        return self.ledger.book(_order_entry(fact, before, after, now), after)

    def _attempt_review(self, fact: ReviewsFact, now: datetime) -> Entry | None:
        before = self.ledger.review(fact.customer_id, fact.review_id)
        match fact:
            case ReviewPublished():
                after = after_publication(before, fact, self.points_for_a_review)
            case ReviewRejected():
                after = after_rejection(before, fact)
        return self.ledger.book(_review_entry(fact, before, after, now), after)


def _order_entry(fact: OrdersFact, before: Order, after: Order, now: datetime) -> Entry:
    """The difference to what was in force before this fact."""
    match fact:
        case OrderPaid():
            kind, named = EntryKind.PAID, ""
        case OrderRefunded():
            kind, named = EntryKind.REFUNDED, f":{fact.refund_id}"
        case OfferRedeemed():
            kind, named = EntryKind.OFFER_REDEEMED, f":{fact.code}"
        case OfferReleased():
            kind, named = EntryKind.OFFER_RELEASED, f":{fact.code}"
    amount = fact.amount if isinstance(fact, OrderPaid | OrderRefunded) else None
    money = amount or after.paid
    return Entry(
        customer_id=fact.customer_id,
        entry_id=f"{fact.order_id}:{kind}{named}",
        kind=kind,
        points=after.points_in_force - before.points_in_force,
        rule=after.rule or Rule(RuleKind.ORDER_AWAITED, currency=money.currency if money else None),
        event_id=fact.event_id,
        occurred_at=fact.occurred_at,
        booked_at=now,
        order_id=fact.order_id,
        amount=amount,
        paid_minor=after.paid.amount_minor if after.paid else None,
        refunded_minor=after.refunded.get(money.currency, 0) if money else None,
        code=fact.code if isinstance(fact, OfferRedeemed | OfferReleased) else None,
        offers=after.offers or None,
        offered=offered_in_force(after) - offered_in_force(before),
        imported=after.imported,
    )


def _review_entry(fact: ReviewsFact, before: Review, after: Review, now: datetime) -> Entry:
    """The difference to what was in force before this fact."""
    match fact:
        case ReviewPublished():
            kind, named = EntryKind.REVIEW_PUBLISHED, "published"
        case ReviewRejected():
            kind, named = EntryKind.REVIEW_REJECTED, "rejected"
    rule = Rule(RuleKind.REVIEW_AWAITED) if after.points is None else Rule(RuleKind.REVIEW, after.points)
    return Entry(
        customer_id=fact.customer_id,
        entry_id=f"review-{fact.review_id}:{named}:{fact.revision}",
        kind=kind,
        points=after.points_in_force - before.points_in_force,
        rule=rule,
        event_id=fact.event_id,
        occurred_at=fact.occurred_at,
        booked_at=now,
        order_id=fact.order_id,
        review_id=fact.review_id,
        published=after.published,
    )


def _redemption(fact: PointsRedeemed, now: datetime) -> Entry:
    """The shop has granted it, so it is booked, even where it leaves less than nothing."""
    return Entry(
        customer_id=fact.customer_id,
        entry_id=f"{fact.redemption_id}:redeemed",
        kind=EntryKind.REDEEMED,
        points=-fact.points,
        rule=Rule(RuleKind.REDEMPTION),
        event_id=fact.event_id,
        occurred_at=fact.occurred_at,
        booked_at=now,
    )


def _warn_of_foreign_refunds(order: Order) -> None:
    foreign = sorted(set(order.refunded) - {order.paid.currency if order.paid else ""})
    if foreign:
        logger().warning(
            "refunds in another currency than their order", order_id=order.order_id, currencies=foreign
        )
