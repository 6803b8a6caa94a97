"""Recovering: what a fact about a nudge or an order changes in the count of what nudges brought."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cart_recovery.announcing import recovered
from cart_recovery.booking import booked
from cart_recovery.books import Books
from cart_recovery.buyers import Buyers
from cart_recovery.conditional_update import OvertakenError
from cart_recovery.product_digests import product_digests
from cart_recovery.rules import Exposure, Group, Order, Recovery
from engagement.bus import Bus
from engagement.events.carts import CartNudged
from engagement.events.customers import CustomerErased
from engagement.events.orders import OrderCancelled, OrderPaid, OrderPlaced, OrderRefunded
from engagement.metrics import count
from engagement.observability import logger
from engagement.races import until_won

type OrdersFact = OrderPlaced | OrderPaid | OrderRefunded | OrderCancelled

# So long after it was placed an order may be paid back, or cancelled, and what it counts changes.
_OPEN_FOR = timedelta(days=180)
# Longer by more than lies between the first nudge about a cart and the last: what an open order is compared with is
# still known.
_KEEP_FOR = timedelta(days=270)
# Most orders follow no nudge. They are kept for one that is told late: it may have waited in the queue for 4 days, and
# for 14 among the dead letters.
_KEEP_STRANGERS_FOR = timedelta(days=20)


@dataclass(frozen=True)
class _Settled:
    """The attempt won. `recovered`: what counts at a step, of the orders that were looked at; it may be nothing, and an
    empty list by itself would look as if the race were lost.
    """

    recovered: list[tuple[Order, Recovery]]


@dataclass(frozen=True)
class Recovering:
    books: Books
    buyers: Buyers
    bus: Bus
    pause: Callable[[float], None]

    def apply(self, fact: CartNudged | OrdersFact | CustomerErased, now: datetime) -> None:
        """Any number of times, in any order: each fact is kept once, and then whoever finds a difference between what
        should be counted and what is books it; so a worker that is killed anywhere leaves only what the fact's return
        makes good. CartRecovered is told at least once for an order. Raises RetryLaterError.
        """
        if isinstance(fact, CustomerErased):
            self.books.forget(fact.customer_id, fact.occurred_at)
            return
        if isinstance(fact, OrderPaid) and fact.imported:
            return  # the shop's past, which no nudge of ours brought
        customers = self.buyers.of(fact) if isinstance(fact, OrderPlaced) else []
        lost = f"{type(fact).__name__}: others count for the same customer at the same time"
        settled = until_won(lambda: self._attempt(fact, customers, now), self.pause, lost=lost)
        for order, recovery in settled.recovered:
            self._tell(order, recovery)

    def _attempt(self, fact: CartNudged | OrdersFact, customers: list[str], now: datetime) -> _Settled | None:
        try:
            return self._settle(self._keep(fact, customers, now), now)
        except OvertakenError:
            return None

    def _keep(self, fact: CartNudged | OrdersFact, customers: list[str], now: datetime) -> set[str]:
        """Whose accounts the fact may change, once it is kept."""
        expires_at = _seconds(now + _KEEP_STRANGERS_FOR)
        orders = self.books.orders
        match fact:
            case CartNudged():
                exposure = _exposure(fact)
                for group in exposure.groups:
                    self.books.counters.add_name(group)
                self.books.accounts.expose(exposure, _seconds(now + _KEEP_FOR))
                return {fact.customer_id}
            case OrderPlaced():
                order = orders.place(fact, customers, expires_at)
            case OrderPaid():
                order = orders.pay(fact, expires_at)
                _warn_of(order.foreign_refunds, order)
            case OrderRefunded():
                order = orders.refund(fact, expires_at)
                _warn_of(order.foreign_refunds & {fact.amount.currency}, order)
            case OrderCancelled():
                order = orders.cancel(fact, expires_at)
        if order.placed_at is None or order.placed_at < now - _OPEN_FOR:
            return set()
        if isinstance(fact, OrderPlaced):
            for customer_id in order.customers:
                self.books.accounts.list_order(customer_id, order.order_id, order.placed_at, expires_at)
        return set(order.customers)

    def _settle(self, customers: set[str], now: datetime) -> _Settled | None:
        """None: somebody else was faster, look again."""
        accounts, orders = self.books.connected(customers)
        for order in orders:
            if order.placed_at and not order.followed:
                self.books.follow(order, _seconds(order.placed_at + _KEEP_FOR))
        booking = booked(accounts, orders, now - _OPEN_FOR)
        if booking and not self.books.write(booking, now - _KEEP_FOR):
            return None
        changed = booking.orders if booking else {}
        return _Settled(
            [
                (order, recovery)
                for order in orders
                for recovery in changed.get(order.order_id, order.counted)
                if recovery.group.is_of_step
            ]
        )

    def _tell(self, order: Order, recovery: Recovery) -> None:
        """Once for an order, whatever nudge it counts for later."""
        if order.told:
            return
        self.bus.publish([recovered(order, recovery)])
        self.books.orders.was_told(order.order_id)
        count("CartsRecovered", step=str(recovery.group.step))


def _exposure(fact: CartNudged) -> Exposure:
    return Exposure(
        customer_id=fact.customer_id,
        cart_id=fact.cart_id,
        told_as=Group(fact.experiment, fact.step, fact.variant),
        withheld=fact.withheld,
        products=product_digests(fact.product_ids),
        at=fact.occurred_at,
        counts_until=fact.counts_until,
    )


def _warn_of(currencies: set[str], order: Order) -> None:
    for currency in sorted(currencies):
        logger().warning(
            "a refund in another currency than its order", order_id=order.order_id, currency=currency
        )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
