"""What the two days at the shop leave out."""

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from shop_facts import order_refunded, rupees


def happen(cloud: LocalCloud) -> None:
    """An order is sent back after its review was asked for."""
    tell(cloud, order_refunded("order-lena", customer_id="lena", amount=rupees(22), occurred_at=cloud.now))
