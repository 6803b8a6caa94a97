"""Delivery: an order is looked at once more, and the mail leaves, waits or is skipped with its reason."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from engagement.contacts import Contact, Contacts, RecentMail
from engagement.errors import RetryLaterError
from engagement.mail_log import WITHHELD, Entry, MailLog, Status
from engagement.mail_orders import CancelMail, SendMail, SkipMail, subject_of
from engagement.metrics import count
from engagement.observability import customer_ref, log_about, logger
from engagement.plan import EngagementPlan
from mail_delivery.circumstances import Lookup
from mail_delivery.handover import Handover, NoLongerTrueError, about
from mail_delivery.pace import NotNowError, Pace
from mail_delivery.rules import (
    Circumstances,
    Decision,
    Hold,
    Leave,
    NextStep,
    Send,
    Skip,
    decide,
    marketing,
    next_step,
    others_lately,
)
from mail_delivery.ses import StoppedError
from mail_delivery.ways import Way

# Whoever waited longer than this for a place looks again at what may have changed meanwhile.
_STALE = timedelta(seconds=1)
# Looks at one mail before it is left for later: each further one means that something changed just then.
_LOOKS = 5
# Whoever decided so may have had no time to give the mail's place under the cap back.
_NEVER_LEFT = (Status.SKIPPED, Status.CANCELLED)


@dataclass(frozen=True)
class MailDelivery:
    lookup: Lookup
    log: MailLog
    contacts: Contacts
    pace: Pace
    handover: Handover
    plan: EngagementPlan

    def carry_out(self, order: SendMail | CancelMail | SkipMail, way: Way, now: datetime) -> None:
        """Any number of times, in any order. Raises RetryLaterError where another delivery of the message must settle
        what this one could not.
        """
        whose = None if isinstance(order, CancelMail) else order.customer_id
        log_about(whose, subject_of(order.send_key))
        match order:
            case SendMail():
                self._send(order, way, now)
            case CancelMail():
                keep_for = self.plan.delivery.keep_log_for
                in_time = self.log.cancel(order.send_key, order.reason, now=now, keep_for=keep_for)
                logger().info("mail called off", reason=order.reason, in_time=in_time)
            case SkipMail():
                met = self.log.skip(about(order, self.plan.delivery, now), order.reason, now)
                if met is None:
                    _tell(order, "skipped", order.reason)
                else:
                    _tell(order, "seen_before", met.status)

    def _send(self, order: SendMail, way: Way, now: datetime) -> None:
        turn: datetime | None = None
        for _ in range(_LOOKS):
            met, known = self.lookup.look_up(order)
            address, looked_at = self._where_to(order, met, known, way, now), now
            if address is None:
                return
            if turn is None:
                try:
                    turn = now = self.pace.wait_turn(now, way.deadline, bulk=way.bulk)
                except NotNowError as wait:
                    self._hold(order, way, wait.until - now, wait.because)
                    return
            if now - looked_at <= _STALE and self._keep_recent(order, known, now):
                with suppress(NoLongerTrueError):  # the next look finds what is so instead
                    if order.withheld:
                        self._withhold(order, met, now)
                    else:
                        self._hand_over(order, address, met, way, now)
                    return
        raise RetryLaterError("what decides about this mail changes just now", after=timedelta(seconds=1))

    def _where_to(
        self, order: SendMail, met: Entry | None, known: Circumstances, way: Way, now: datetime
    ) -> str | None:
        """The address of a mail that may leave now; None: it may not, and what becomes of it is seen to."""
        if met is not None and not self._may_go_on(order, met, now):
            if met.status in _NEVER_LEFT and met.reason != WITHHELD:
                self._forget_recent(order, known.contact)
            return None
        match self._decide(order, known, now):
            case Send(address):
                return address
            case Skip(reason):
                self._skip(order, known.contact, reason, now)
            case Hold(until, reason):
                self._hold(order, way, until - now, reason)
            case Leave():
                self._leave(order, known.contact, met, now)
        return None

    def _decide(self, order: SendMail, known: Circumstances, now: datetime) -> Decision:
        decision = decide(order, known, self.plan.delivery, now)
        if not isinstance(decision, Send):
            return decision
        return Skip("suppressed") if self.lookup.is_suppressed(decision.address, now) else decision

    def _may_go_on(self, order: SendMail, met: Entry, now: datetime) -> bool:
        """Whether a send key that somebody had before may be claimed again. Raises RetryLaterError while it is being
        sent.
        """
        match next_step(order, met, now):
            case NextStep.WAIT:
                after = met.lease_end - now if met.lease_end else None
                raise RetryLaterError("another worker is sending this mail", after=after)
            case NextStep.CLAIM_AGAIN:
                return True
            case NextStep.RECORD_UNKNOWN:
                self._record_unknown(order, now)
            case NextStep.LEAVE_IT:
                _tell(order, "seen_before", met.status)
        return False

    def _record_unknown(self, order: SendMail, now: datetime) -> None:
        if self.log.record_unknown(order.send_key, now):
            count("MailUnknown", campaign=order.campaign)
            _tell(order, "unknown")

    def _skip(self, order: SendMail, contact: Contact, reason: str, now: datetime) -> None:
        met = self.log.skip(about(order, self.plan.delivery, now), reason, now)
        if met is not None and self._may_go_on(order, met, now):
            # Transactional mail whose worker died: whether that one sent it is unknown, and it is not sent again.
            self._record_unknown(order, now)
        if met is not None:
            return
        self._forget_recent(order, contact)
        _tell(order, "skipped", reason)

    def _leave(self, order: SendMail, contact: Contact, met: Entry | None, now: datetime) -> None:
        """An outdated mail leaves no trace, so that its successor finds none."""
        if met is not None:
            # Transactional mail whose worker died, as above.
            self._record_unknown(order, now)
            return
        self._forget_recent(order, contact)
        _tell(order, "outdated")

    def _withhold(self, order: SendMail, met: Entry | None, now: datetime) -> None:
        """Skipped where SES would be asked, and with its place under the cap kept: what holds a mail up, and what the
        customer's later mails meet, is the same in a holdout as outside it. Raises NoLongerTrueError.
        """
        if met is not None:
            # Transactional mail whose worker died, as above.
            self._record_unknown(order, now)
            return
        if not self.lookup.is_still_true(order):
            raise NoLongerTrueError("the mail is outdated")
        if self.log.skip(about(order, self.plan.delivery, now), WITHHELD, now) is not None:
            raise NoLongerTrueError("the mail was called off, or another worker was faster")
        _tell(order, "skipped", WITHHELD)

    def _hold(self, order: SendMail, way: Way, until: timedelta, reason: str) -> None:
        """It goes round its queue: a message that waits invisibly counts as being worked on, and of those SQS allows
        120,000; one that is put anew does not, is never too old, and never counts as poison.
        """
        way.queue.put_later(order, until)
        _tell(order, "held", reason)

    def _hand_over(self, order: SendMail, address: str, met: Entry | None, way: Way, now: datetime) -> None:
        try:
            message_id = self.handover.hand_over(order, address, met, now, way.deadline, bulk=way.bulk)
        except StoppedError:
            self._hold(order, way, self.plan.delivery.look_again, "sending_stopped")
            return
        except NotNowError as wait:
            self._hold(order, way, wait.until - now, wait.because)
            return
        if message_id is None:
            self._forget_recent(order, self.contacts.get(order.customer_id))
            _tell(order, "skipped", "rejected")
        else:
            _tell(order, "sent", message_id)

    def _keep_recent(self, order: SendMail, known: Circumstances, now: datetime) -> bool:
        """Whether the mail has its place under the frequency cap: False if anything about the customer changed since
        the look, be it another mail to them.
        """
        if not marketing(order):
            return True
        others = others_lately(known.contact.recent, order.send_key, self.plan.delivery.frequency_cap, now)
        return self.contacts.keep_recent(known.contact, (*others, RecentMail(order.send_key, now)))

    def _forget_recent(self, order: SendMail, contact: Contact) -> None:
        """Give its place back, if it had one. Should that fail, the customer gets rather one mail too few."""
        if _holds_place(contact.recent, order.send_key):
            others = tuple(mail for mail in contact.recent if mail.send_key != order.send_key)
            self.contacts.keep_recent(contact, others)


def _holds_place(recent: Iterable[RecentMail], send_key: str) -> bool:
    return any(mail.send_key == send_key for mail in recent)


def _tell(order: SendMail | SkipMail, outcome: str, detail: str = "") -> None:
    if outcome == "sent":
        count("MailsSent", campaign=order.campaign)
    elif outcome == "skipped":
        # By reason alone: each series of a metric costs 30 cents a month.
        count("MailsSkipped", reason=detail)
    # Not the send key: customers' ids are part of some.
    who = customer_ref(order.customer_id)
    logger().info("mail", campaign=order.campaign, customer_ref=who, outcome=outcome, detail=detail)
