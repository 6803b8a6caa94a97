"""What the two days at the shop leave out."""

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from shop_facts import order_placed


def happen(cloud: LocalCloud) -> None:
    """A cart is bought after the nudge about it."""
    tell(cloud, order_placed("order-late", customer_id="asha", cart_id="cart-asha", occurred_at=cloud.now))
