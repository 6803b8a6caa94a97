"""What the two days at the shop leave out."""

import re
from datetime import timedelta

from in_the_cloud import ses_answers, tell
from local_cloud.cloud import LocalCloud
from mail_facts import a_mail
from shop_facts import as_message, registered


def happen(cloud: LocalCloud) -> None:
    """SES is at its rate, then the day's quota is spent; somebody views a mail in the browser."""
    customer, day = "cust-patient", timedelta(days=1)
    tell(cloud, registered(customer, occurred_at=cloud.now))
    for queue in ("MailQueue", "BulkMailQueue"):
        for number, answer in enumerate(("Maximum sending rate exceeded.", "Daily message quota exceeded.")):
            order = a_mail(
                f"cart_nudge:{queue}-{number}:step-1",
                kind="transactional",
                customer_id=customer,
                useful_until=cloud.now + day,
            )
            with ses_answers(cloud, answer):
                cloud.send(queue, as_message(order))
                cloud.settle()
            cloud.advance(by=timedelta(minutes=30))
    link = next(link for mail in cloud.mails for link in re.findall(r"https://\S+/mail\?\S+", mail.text))
    cloud.http("GET", link)
