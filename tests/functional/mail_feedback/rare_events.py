"""What the two days at the shop leave out."""

import boto3

from engagement.items import to_item
from feedback_house import count_many
from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from mail_facts import a_mail
from ses_facts import an_unsubscription
from shop_facts import as_message, hours, registered


def happen(cloud: LocalCloud) -> None:
    """A customer leaves by a mail's link; mailboxes that do not exist pause a campaign, and an operator resumes it."""
    tell(cloud, an_unsubscription(at=cloud.now))
    blow_the_fuse(cloud)
    boto3.client("dynamodb").delete_item(
        TableName=cloud.resources["CampaignStatesTable"], Key=to_item({"campaign": "cart_nudge"})
    )


def blow_the_fuse(cloud: LocalCloud) -> None:
    """A thousand nudges went out today, and many hit nothing; then another does."""
    client, table = boto3.client("dynamodb"), cloud.resources["MailCountersTable"]
    count_many(client, table, 1000, "sent", day=cloud.now.date())
    count_many(client, table, 90, "bounced", day=cloud.now.date())
    tell(cloud, registered("cust-gone", email="bounce@simulator.amazonses.com", occurred_at=cloud.now))
    order = a_mail("cart_nudge:cart-gone:step-1", customer_id="cust-gone")
    order = order.model_copy(update={"useful_until": cloud.now + hours(24)})
    cloud.send("MailQueue", as_message(order))
    cloud.settle()
