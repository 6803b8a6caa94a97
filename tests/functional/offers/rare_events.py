"""What the two days at the shop leave out."""

import boto3

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from offer_facts import an_offer, keep_offer, order_with, signature
from shop_facts import hours, order_cancelled


def happen(cloud: LocalCloud) -> None:
    """A code is looked up, used and given back; of two other offers one is reminded of, and one ends."""
    client = boto3.client("dynamodb", region_name="eu-central-1")
    for code, more in (
        ("ACDEF34679", {}),
        ("CCDEF34679", {"remind_at": cloud.now}),
        ("DCDEF34679", {"expires_at": cloud.now + hours(1)}),
    ):
        issued = {"issued_at": cloud.now, "expires_at": cloud.now + hours(99)}
        keep_offer(client, cloud.resources["OffersTable"], an_offer(code, **issued | more))
    assert cloud.http("GET", "/offers/acdef-34679", headers=signature("/offers/acdef-34679")).status == 200
    tell(cloud, order_with("ACDEF34679", order_id="order-rare", occurred_at=cloud.now))
    tell(cloud, order_cancelled("order-rare", occurred_at=cloud.now))
