"""What the two days at the shop leave out."""

import re
from datetime import timedelta

from in_the_cloud import ses_answers, ses_does_not_answer, tell
from local_cloud.cloud import LocalCloud
from mail_facts import a_mail
from shop_facts import as_message, erased, registered


def happen(cloud: LocalCloud) -> None:
    """SES is at its rate, then the day's quota is spent, then it does not answer; somebody views a mail in the browser,
    and is forgotten.
    """
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
    for queue in ("MailQueue", "BulkMailQueue"):
        with ses_does_not_answer(cloud):
            order = a_mail(f"cart_nudge:{queue}-silent:step-1", kind="transactional", customer_id=customer)
            cloud.send(queue, as_message(order.model_copy(update={"useful_until": cloud.now + day})))
            cloud.settle()
        cloud.advance(by=timedelta(minutes=10))
    tell(cloud, erased(customer, occurred_at=cloud.now))
