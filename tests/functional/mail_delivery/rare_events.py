"""What the two days at the shop leave out."""

from in_the_cloud import ses_at_its_rate, tell
from local_cloud.cloud import LocalCloud
from shop_facts import cart_updated, hours, registered


def happen(cloud: LocalCloud) -> None:
    """SES is at its rate when a nudge is to leave."""
    customer, cart = "cust-patient", "cart-patient"
    tell(
        cloud,
        registered(customer, occurred_at=cloud.now),
        cart_updated(cart, customer_id=customer, occurred_at=cloud.now - hours(2)),
    )
    with ses_at_its_rate(cloud):
        cloud.advance(by=hours(0.2))
