"""Announcing: that an order was recovered, as a fact, the same however often it is told."""

from cart_recovery.rules import Order, Recovery
from engagement.events.carts import CartRecovered
from engagement.events.event_ids import event_id


def recovered(order: Order, recovery: Recovery) -> CartRecovered:
    """Occurred when the order was paid."""
    assert order.paid_at, "what counts was paid"
    return CartRecovered(
        event_id=event_id("order", order.order_id, "recovered"),
        occurred_at=order.paid_at,
        cart_id=recovery.cart_id,
        customer_id=recovery.customer_id,
        order_id=order.order_id,
        step=recovery.group.step,
        experiment=recovery.experiment,
        variant=recovery.group.variant,
        amount=recovery.paid,
    )
