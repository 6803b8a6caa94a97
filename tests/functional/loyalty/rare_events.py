"""What the two days at the shop leave out."""

from datetime import timedelta
from hashlib import md5

import boto3

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from loyalty.ledger_audit import PARTS
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
    _have_a_difference_found(cloud, customer_id)


def _have_a_difference_found(cloud: LocalCloud, customer_id: str) -> None:
    """A hand changes an account, in the hour of its part; the audit reads it again before it believes it."""
    its_own = md5(customer_id.encode()).digest()[0]  # as moto parts a table
    this_hour = int(cloud.now.timestamp()) // 3600 % PARTS
    hour = cloud.now + timedelta(hours=its_own - this_hour)
    where = {"Key": {"customer_id": {"S": customer_id}, "record_id": {"S": "account"}}}
    client = boto3.client("dynamodb", region_name="eu-central-1")
    for step in ("1", "-1"):
        client.update_item(
            TableName=cloud.resources["LoyaltyTable"],
            UpdateExpression="ADD entry_count :step",
            ExpressionAttributeValues={":step": {"N": step}},
            **where,  # type: ignore[arg-type]
        )
        found = cloud.invoke("LoyaltyAuditFunction", {"scheduled_at": hour.isoformat()})
        assert found.result["differ"] == (1 if step == "1" else 0), found
