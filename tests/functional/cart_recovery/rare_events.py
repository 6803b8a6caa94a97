"""What the two days at the shop leave out."""

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from shop_facts import (
    a_line,
    erased,
    hours,
    order_cancelled,
    order_paid,
    order_placed,
    order_refunded,
    registered,
)
from tests.unit.cart_recovery.house import cart_nudged


def happen(cloud: LocalCloud) -> None:
    """Who was nudged buys as a guest, with the same address; sends a part back, then all of it; is forgotten."""
    guest = {"customer_id": "guest-rare", "occurred_at": cloud.now}
    tell(
        cloud,
        registered("cust-rare", email="rare@mail.example.com", occurred_at=cloud.now - hours(48)),
        cart_nudged("cart-rare", customer_id="cust-rare", occurred_at=cloud.now - hours(1)),
        order_placed("order-rare-2", cart_id=None, email="Rare@mail.example.com", lines=(a_line(),), **guest),
        order_paid("order-rare-2", **guest),
        order_refunded("order-rare-2", **guest),
        order_cancelled("order-rare-2", **guest),
        order_placed("order-rare-3", customer_id="cust-rare", cart_id=None, occurred_at=cloud.now - hours(1)),
        erased("cust-rare", occurred_at=cloud.now),
    )
