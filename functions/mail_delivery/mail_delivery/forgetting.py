"""Forgetting: the mails that an erased customer got are not kept for the browser any longer."""

from dataclasses import dataclass

from engagement.events.customers import CustomerErased
from engagement.observability import customer_ref, logger
from mail_delivery.mail_pages import MailPages


@dataclass(frozen=True)
class Forgetting:
    pages: MailPages

    def forget(self, fact: CustomerErased) -> None:
        """Any number of times. A mail to the customer that SES takes at this very moment is kept until it expires, and
        shown to nobody while they have no profile.
        """
        forgotten = self.pages.forget(fact.customer_id)
        logger().info("mails forgotten", customer_ref=customer_ref(fact.customer_id), mails=forgotten)
