"""What the two days at the shop leave out."""

from itertools import count, islice

import boto3

from engagement.clock import to_text
from engagement.items import to_item
from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from occasion_offers.dates import OccasionDate
from occasion_offers.dates_table import row_item, shard_of
from offer_facts import an_offer, keep_offer
from shop_facts import days, profile_updated, registered

PAGE_SIZE = 100
SHARDS = 4  # the template's default


def happen(cloud: LocalCloud) -> None:
    """More customers than a page holds have their birthday on one day in one zone and shard. One is told to us on the
    day itself, and takes a wedding day back; they have an offer left that ends soon.
    """
    client = boto3.client("dynamodb", region_name="eu-central-1")
    neighbours = (each for each in (f"cust-{number}" for number in count()) if shard_of(each, SHARDS) == 0)
    tomorrow, since = f"--{cloud.now + days(1):%m-%d}", cloud.now - days(60)
    for each in islice(neighbours, PAGE_SIZE + 1):
        row = OccasionDate(each, "birthday", tomorrow, since, "Asia/Kolkata", shards=SHARDS)
        client.put_item(TableName=cloud.resources["OccasionsTable"], Item=to_item(row_item(row)))
    told = {"birthday": f"1990-{cloud.now:%m-%d}", "occurred_at": cloud.now - days(60)}
    tell(cloud, registered("cust-late", dates={"wedding_day": "--12-11"}, **told))
    tell(cloud, profile_updated("cust-late", birthday=told["birthday"], occurred_at=cloud.now))
    left = {"customer_id": "cust-late", "remind_at": cloud.now, "expires_at": cloud.now + days(3)}
    offer = an_offer("GCDEF34679", issued_at=cloud.now, **left)
    keep_offer(client, cloud.resources["OffersTable"], offer)
    brought = {"send_key": offer.offer_key, "mail_status": "delivered", "changed_at": to_text(cloud.now)}
    client.put_item(TableName=cloud.resources["MailLogTable"], Item=to_item(brought))
