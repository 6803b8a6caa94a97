"""The facts that we tell of carts that were left. Told again, each has the same `event_id`."""

from datetime import datetime, timedelta

from cart_nudges.carts.rules import Cart, Handed
from engagement.clock import to_text
from engagement.events.carts import HOLDOUT, CartAbandoned, CartNudged
from engagement.events.event_ids import event_id


def cart_abandoned(cart: Cart, customer_id: str, after: timedelta) -> CartAbandoned:
    """The cart was left `after` ago or longer. Raises ValueError for a cart without activity."""
    if cart.activity_at is None:
        raise ValueError("this cart was never active")
    activity = "".join(filter(str.isalnum, to_text(cart.activity_at)))
    return CartAbandoned(
        event_id=event_id("cart", cart.cart_id, f"abandoned-{activity}", digits=32),
        occurred_at=cart.activity_at + after,
        cart_id=cart.cart_id,
        customer_id=customer_id,
        lines=cart.lines,
    )


def cart_nudged(cart_id: str, handed: Handed, at: datetime, *, recovered_within: timedelta) -> CartNudged:
    """What was handed over reached the customer at that instant, or would have, were it not for the holdout."""
    return CartNudged(
        event_id=event_id("cart", cart_id, f"step-{handed.step}-nudged", digits=32),
        occurred_at=at,
        cart_id=cart_id,
        customer_id=handed.customer_id,
        step=handed.step,
        experiment=handed.experiment,
        variant=handed.variant,
        withheld=handed.variant == HOLDOUT,
        product_ids=handed.product_ids,
        counts_until=at + recovered_within,
    )
