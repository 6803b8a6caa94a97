"""Feedback: suppresses addresses, completes the mail log, counts, and looks at the fuse."""

from dataclasses import dataclass
from datetime import UTC, datetime

from engagement.delivery_facts import LoggedMail
from engagement.events.customers import Unsubscribed
from engagement.mail_orders import send_key_of
from engagement.observability import customer_ref, logger
from engagement.plan_sections import SoftBounces
from engagement.suppression import Suppression
from mail_feedback.counting import Counting, Told
from mail_feedback.events import Mail, SesEvent
from mail_feedback.fuse import CampaignFuse
from mail_feedback.rules import Fact, addresses_in, facts_in

_HARMFUL = {Fact.BOUNCED, Fact.COMPLAINED}


@dataclass(frozen=True)
class MailFeedback:
    counting: Counting
    suppression: Suppression
    fuse: CampaignFuse
    soft_bounces: SoftBounces

    def take_in(self, event: SesEvent, now: datetime) -> None:
        """Any number of times, in any order, even before the sender wrote down that it sent the mail."""
        # First the addresses: what they ask for matters more than our log.
        suppressed = self._suppress(event, now)
        send_key = _send_key(event.mail)

        def tell(known: LoggedMail) -> Told:
            return _told(event, known.facts.get(Fact.DELIVERED))

        found = self.counting.take_in(send_key, tell, now) if send_key else None
        if found:
            mail, told = found
            # Also when told again: whoever counted it may have been killed before looking.
            if _HARMFUL & told.facts.keys() and (campaign := mail.campaign or told.campaign):
                self.fuse.look(campaign, now)
        logger().info(
            "mail feedback",
            kind=event.kind,
            campaign=event.mail.tag("Campaign"),
            suppressed=suppressed,
            tagged=send_key is not None,
            known=found is not None,
        )

    def unsubscribed(self, fact: Unsubscribed, now: datetime) -> None:
        """Count, for the mail whose link it was, that the customer left; the leaving itself is done already."""
        told = Told({Fact.UNSUBSCRIBED: fact.occurred_at})
        found = self.counting.take_in(fact.send_key, lambda _: told, now)
        logger().info(
            "mail feedback",
            kind="Unsubscribed",
            customer=customer_ref(fact.customer_id),
            topic=fact.topic,
            known=found is not None,
        )

    def _suppress(self, event: SesEvent, now: datetime) -> int:
        addresses = addresses_in(event)
        for address in addresses.for_good:
            self.suppression.add(address, addresses.reason, now)
        mail = _send_key(event.mail) or event.mail.message_id
        softly = [
            self.suppression.note_soft_bounce(address, mail, at=event.at, rule=self.soft_bounces, now=now)
            for address in addresses.softly
        ]
        return len(addresses.for_good) + sum(softly)


def _told(event: SesEvent, delivered_at: datetime | None) -> Told:
    return Told(
        facts=facts_in(event, delivered_at),
        sent_on=event.mail.timestamp.astimezone(UTC).date(),
        campaign=event.mail.tag("Campaign"),
        variant=event.mail.tag("Variant"),
        message_id=event.mail.message_id,
    )


def _send_key(mail: Mail) -> str | None:
    """None for a mail that has no tag of ours: somebody else's, whose bounces count all the same."""
    tag = mail.tag("SendKey")
    try:
        return send_key_of(tag) if tag else None
    except ValueError:
        return None
