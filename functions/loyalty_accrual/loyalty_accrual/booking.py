"""Booking: what a fact about an order, or about points spent, means for the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engagement.bus import Bus
from engagement.errors import RetryLaterError
from engagement.events.loyalty import PointsRedeemed
from engagement.events.orders import OrderPaid, OrderRefunded
from engagement.observability import logger
from loyalty_accrual.announcing import announcement
from loyalty_accrual.campaign import Earning
from loyalty_accrual.ledger import Entry, EntryKind, Order, Rule, RuleKind
from loyalty_accrual.rules import after_payment, after_refund, rule_for
from loyalty_accrual.table import Ledger

# Seconds to wait after each lost race for an account; then the queue tries later.
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)

type LedgerFact = OrderPaid | OrderRefunded | PointsRedeemed


@dataclass(frozen=True)
class PointsBooking:
    ledger: Ledger
    bus: Bus
    earning: tuple[Earning, ...]
    pause: Callable[[float], None]

    def apply(self, fact: LedgerFact, now: datetime) -> None:
        """Any number of times, in any order: a fact is booked once, and told at least once.

        A fact that was booked already is told again, because whoever booked it may have been killed before telling;
        it has the same `event_id` then. Raises MalformedMessageError and RetryLaterError.
        """
        news = announcement(self._booked(fact, now))
        if news:
            self.bus.publish([news])

    def _booked(self, fact: LedgerFact, now: datetime) -> Entry:
        for pause in PAUSES:
            booked = self._attempt(fact, now)
            if booked:
                return booked
            self.pause(pause)
        raise RetryLaterError(f"{type(fact).__name__}: others book on this account at the same time")

    def _attempt(self, fact: LedgerFact, now: datetime) -> Entry | None:
        if isinstance(fact, PointsRedeemed):
            return self.ledger.book(_redemption(fact, now))
        before = self.ledger.order(fact.customer_id, fact.order_id)
        # Whether the fact is new is not decided here: where its entry is there already, nothing of this is written.
        match fact:
            case OrderPaid():
                after = after_payment(before, fact, rule_for(fact.amount.currency, self.earning))
                _warn_of_foreign_refunds(after)
            case OrderRefunded():
                after = after_refund(before, fact)
        return self.ledger.book(_order_entry(fact, before, after, now), after)


def _order_entry(fact: OrderPaid | OrderRefunded, before: Order, after: Order, now: datetime) -> Entry:
    """The difference to what was in force before this fact."""
    match fact:
        case OrderPaid():
            kind, entry_id = EntryKind.PAID, f"{fact.order_id}:paid"
        case OrderRefunded():
            kind, entry_id = EntryKind.REFUNDED, f"{fact.order_id}:refunded:{fact.refund_id}"
    return Entry(
        customer_id=fact.customer_id,
        entry_id=entry_id,
        kind=kind,
        points=after.points_in_force - before.points_in_force,
        rule=after.rule or Rule(RuleKind.ORDER_AWAITED, currency=fact.amount.currency),
        event_id=fact.event_id,
        occurred_at=fact.occurred_at,
        booked_at=now,
        order_id=fact.order_id,
        amount=fact.amount,
        paid_minor=after.paid.amount_minor if after.paid else None,
        refunded_minor=after.refunded.get(fact.amount.currency, 0),
        imported=after.imported,
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
