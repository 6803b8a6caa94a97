"""What the two days at the shop leave out."""

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from shop_facts import erased, order_delivered


def happen(cloud: LocalCloud) -> None:
    """A customer with an order wants to be forgotten."""
    customer = "cust-rare-requests"
    tell(cloud, order_delivered("order-rare-requests", customer_id=customer, occurred_at=cloud.now))
    tell(cloud, erased(customer, occurred_at=cloud.now))
