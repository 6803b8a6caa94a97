"""Delivery: a send key is claimed, the mail checked once more, handed to SES once, and its outcome recorded."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from engagement.consent import Consent
from engagement.errors import RetryLaterError
from engagement.mail_log import MailLog
from engagement.mail_orders import CancelMail, SendMail
from engagement.observability import customer_ref, logger
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
from engagement.suppression import Suppression
from mail_delivery.rules import NextStep, Recipient, Send, Skip, decide, next_step
from mail_delivery.ses import OutcomeUnknownError, RejectedError, Ses


@dataclass(frozen=True)
class MailDelivery:
    log: MailLog
    profiles: Profiles
    consent: Consent
    suppression: Suppression
    ses: Ses
    plan: EngagementPlan

    def carry_out(self, order: SendMail | CancelMail, now: datetime) -> None:
        """Any number of times, in any order. Raises RetryLaterError where another delivery of the message must settle
        what this one could not.
        """
        match order:
            case SendMail():
                self._send(order, now)
            case CancelMail():
                keep_for = self.plan.delivery.keep_log_for
                in_time = self.log.cancel(order.send_key, order.reason, now=now, keep_for=keep_for)
                logger().info("mail called off", reason=order.reason, in_time=in_time)

    def _send(self, order: SendMail, now: datetime) -> None:
        claim_id = uuid4().hex
        if not self._claim(order, claim_id, now):
            return
        try:
            outcome = self._hand_to_ses(order, now)
        except OutcomeUnknownError:
            # The claim stays: who meets it when its lease is over knows that nobody knows.
            _tell(order, "unanswered")
            raise
        except Exception:
            self.log.release(order.send_key, claim_id, now)
            _tell(order, "given_back")
            raise
        match outcome:
            case Skip(reason):
                _tell(order, "skipped", reason)
            case message_id:
                self._record_sent(order, message_id, now)

    def _claim(self, order: SendMail, claim_id: str, now: datetime) -> bool:
        """Whether this worker may send the mail. Raises RetryLaterError while another one is at it."""
        lease, keep_for = self.plan.delivery.claim_lease, self.plan.delivery.keep_log_for
        try:
            met = self.log.claim(
                order.send_key,
                order.campaign,
                customer_ref(order.customer_id),
                claim_id=claim_id,
                now=now,
                lease=lease,
                keep_for=keep_for,
            )
        except Exception:
            # The put may have arrived all the same; a claim that nobody works on would cost the mail.
            self.log.release(order.send_key, claim_id, now)
            raise
        if met.won:
            return True
        match next_step(order, met, now):
            case NextStep.WAIT:
                raise RetryLaterError("another worker is sending this mail")
            case NextStep.CLAIM_AGAIN:
                if not self.log.claim_again(order.send_key, claim_id=claim_id, now=now, lease=lease):
                    raise RetryLaterError("another worker took this mail over")
                return True
            case NextStep.RECORD_UNKNOWN:
                self.log.record_unknown(order.send_key, now)
                _tell(order, "unknown")
            case NextStep.LEAVE_IT:
                _tell(order, "seen_before", met.status)
        return False

    def _hand_to_ses(self, order: SendMail, now: datetime) -> str | Skip:
        """SES's message id, or the reason, recorded, why SES was not given the mail or did not want it."""
        campaign = self.plan.campaigns.get(order.campaign)
        enabled = campaign is not None and campaign.enabled
        decision = decide(order, self._recipient(order), campaign_enabled=enabled, now=now)
        if isinstance(decision, Send):
            try:
                return self.ses.send(order, decision.address)
            except RejectedError:
                decision = Skip("rejected")
        self.log.record_skipped(order.send_key, decision.reason, now)
        return decision

    def _recipient(self, order: SendMail) -> Recipient | None:
        profile = self.profiles.get(order.customer_id)
        if profile is None:
            return None
        return Recipient(
            address=profile.email,
            consent=self.consent.granted(order.customer_id, order.topic),
            suppressed=self.suppression.holds(profile.email),
        )

    def _record_sent(self, order: SendMail, message_id: str, now: datetime) -> None:
        try:
            self.log.record_sent(order.send_key, message_id, now)
        except Exception as error:  # noqa: BLE001 - whatever it is, a retry could only send the mail twice
            # SES's own event settles the entry.
            logger().error("mail sent and not recorded", message_id=message_id, error=type(error).__name__)
        _tell(order, "sent", message_id)


def _tell(order: SendMail, outcome: str, detail: str = "") -> None:
    # Not the send key: customers' ids are part of some.
    who = customer_ref(order.customer_id)
    logger().info("mail", campaign=order.campaign, customer_ref=who, outcome=outcome, detail=detail)
