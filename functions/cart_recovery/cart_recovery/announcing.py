"""Announcing: that an order was recovered, as a fact, the same however often it is told."""

from hashlib import sha256

from cart_recovery.rules import Order, Recovery
from engagement.events.carts import CartRecovered

_LONGEST_IDENTIFIER = 100


def recovered(order: Order, recovery: Recovery) -> CartRecovered:
    """Occurred when the order was paid."""
    assert order.paid_at, "what counts was paid"
    return CartRecovered(
        event_id=_event_id(order.order_id),
        occurred_at=order.paid_at,
        cart_id=recovery.cart_id,
        customer_id=recovery.customer_id,
        order_id=order.order_id,
        step=recovery.group.step,
        experiment=recovery.experiment,
        variant=recovery.group.variant,
        amount=recovery.paid,
    )


def _event_id(order_id: str) -> str:
    """An event's id is no longer than an order's own may be."""
    readable = f"order-{order_id}-recovered"
    if len(readable) <= _LONGEST_IDENTIFIER:
        return readable
    return f"order-{sha256(order_id.encode()).hexdigest()}-recovered"
