"""Reminders in the local cloud, from the offer that nears its end to the mail."""

from datetime import UTC, datetime

import boto3

from engagement.clock import to_text
from engagement.items import to_item
from in_the_cloud import only_schedule, tell
from local_cloud.cloud import LocalCloud
from offer_facts import an_offer, keep_offer, order_with
from shop_facts import days, registered

SWEEP = "OffersSweepFunction"
BEFORE_EIGHT = datetime(2027, 3, 12, 2, 10, tzinfo=UTC)  # 7:40 in Kolkata: quiet hours
AFTER_EIGHT = datetime(2027, 3, 12, 2, 45, tzinfo=UTC)


def test_who_uses_the_offer_while_the_reminder_waits_gets_none_and_who_does_not_gets_one() -> None:
    with LocalCloud(now=BEFORE_EIGHT) as cloud:
        only_schedule(cloud, SWEEP)
        agreed_before = {"occurred_at": BEFORE_EIGHT - days(1)}
        tell(cloud, registered("cust-asha", **agreed_before), registered("cust-bela", **agreed_before))
        client = boto3.client("dynamodb", region_name="eu-central-1")
        for customer_id, code in (("cust-asha", "ACDEF34679"), ("cust-bela", "CCDEF34679")):
            offer = an_offer(
                code,
                offer_key=f"birthday_offer:{customer_id}:2027",
                customer_id=customer_id,
                remind_at=BEFORE_EIGHT,
                expires_at=BEFORE_EIGHT + days(3),
            )
            keep_offer(client, cloud.resources["OffersTable"], offer)
            brought = {
                "send_key": offer.offer_key,
                "mail_status": "delivered",
                "changed_at": to_text(cloud.now),
            }
            client.put_item(TableName=cloud.resources["MailLogTable"], Item=to_item(brought))
        cloud.advance(to=datetime(2027, 3, 12, 2, 15, tzinfo=UTC))
        assert cloud.backlog()["BulkMailQueue"] == 2
        cloud.schedules_paused.add(SWEEP)

        tell(cloud, order_with("ACDEF34679", occurred_at=cloud.now))
        cloud.advance(to=AFTER_EIGHT)

        (mail,) = cloud.mails
        assert mail.to == ("cust-bela@mail.example.com",)
        assert "CCDEF34679" in mail.text
        of_asha, of_bela = (
            {each["send_key"]: each for each in cloud.table("MailLogTable")}[
                f"birthday_offer:{customer_id}:2027:follow_up"
            ]
            for customer_id in ("cust-asha", "cust-bela")
        )
        assert (of_asha["mail_status"], of_asha["reason"]) == ("skipped", "no_longer_true")
        assert of_bela["mail_status"] == "delivered"
        assert cloud.dead_letters() == {}
