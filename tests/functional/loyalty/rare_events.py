"""What the two days at the shop leave out."""

from datetime import timedelta

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from points_in_the_cloud import SPENDING, ask_the_till, link_to
from reviews_in_the_cloud import bus_away
from shop_facts import days, order_paid, rupees


def happen(cloud: LocalCloud) -> None:
    """A checkout lets go of what it held, the bus is away as points are spent, and somebody looks at what is left."""
    customer_id = "cust-rare-points"
    paid_at = cloud.now - days(20)
    tell(cloud, order_paid("order-rare", customer_id=customer_id, amount=rupees(60_000), occurred_at=paid_at))
    let_go = {"customer_id": customer_id, "reservation_id": "checkout-let-go"}
    ask_the_till(cloud, "reserve", points=100, **let_go)
    ask_the_till(cloud, "release", **let_go)
    ask_the_till(cloud, "reserve", points=100, customer_id=customer_id)
    with bus_away(cloud, SPENDING):
        ask_the_till(cloud, "commit", customer_id=customer_id)
    cloud.advance(by=timedelta(minutes=6))
    cloud.http("GET", link_to(cloud, customer_id))
