"""Feedback: suppresses addresses, and completes the mail log."""

from dataclasses import dataclass
from datetime import datetime

from engagement.mail_log import MailLog
from engagement.mail_orders import send_key_of
from engagement.observability import logger
from engagement.suppression import Suppression
from mail_feedback.events import Mail, SesEvent
from mail_feedback.rules import verdict


@dataclass(frozen=True)
class MailFeedback:
    log: MailLog
    suppression: Suppression

    def take_in(self, event: SesEvent, now: datetime) -> None:
        """Any number of times, in any order, even before the sender wrote down that it sent the mail."""
        outcome = verdict(event)
        if outcome.status is None:
            return
        # First the addresses: what they ask for matters more than our log.
        for address in outcome.suppressed:
            self.suppression.add(address, outcome.status, now)
        send_key = _send_key(event.mail)
        if send_key is not None:
            self.log.record_feedback(send_key, outcome.status, event.mail.message_id, now)
        logger().info(
            "mail feedback",
            outcome=outcome.status,
            campaign=event.mail.tag("Campaign"),
            suppressed=len(outcome.suppressed),
            tagged=send_key is not None,
        )


def _send_key(mail: Mail) -> str | None:
    """None for a mail that has no tag of ours: somebody else's, whose bounces count all the same."""
    tag = mail.tag("SendKey")
    try:
        return send_key_of(tag) if tag else None
    except ValueError:
        return None
