"""Handing over: a send key is claimed, a last look taken, SES is asked, and the log learns what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4
from zlib import crc32

from engagement.errors import EngagementError, RetryLaterError
from engagement.mail_log import About, Entry, MailLog
from engagement.mail_orders import SendMail, SkipMail
from engagement.metrics import count
from engagement.observability import customer_ref, explanation, logger
from engagement.plan_sections import Delivery
from mail_delivery.circumstances import Lookup
from mail_delivery.mail_pages import MailPages
from mail_delivery.pace import NotNowError, Pace
from mail_delivery.ses import (
    OutcomeUnknownError,
    RejectedError,
    Ses,
    StoppedError,
    ThrottledError,
    UnreachableError,
)

_THROTTLED_TRIES = 3
_TRIES = 3


class NoLongerTrueError(EngagementError):
    """What the mail was written upon changed since the look, or it was called off. It did not leave."""


@dataclass(frozen=True)
class Handover:
    lookup: Lookup
    log: MailLog
    pages: MailPages
    pace: Pace
    ses: Ses
    plan: Delivery

    def hand_over(
        self,
        order: SendMail,
        address: str,
        met: Entry | None,
        now: datetime,
        deadline: datetime,
        *,
        bulk: bool,
    ) -> str | None:
        """Claim the send key, where `met` is what it was seen to have; ask SES; SES's message id, None if SES refuses
        this mail for good.

        Raises RetryLaterError where nobody can go on now: another worker was faster, SES's rate is used up, the account
        is stopped (StoppedError), or SES's answer is missing; NoLongerTrueError after the last look. In all but a
        missing answer the claim is given back.
        """
        lease_end = now + self.plan.claim_lease
        expires_at = now + self.plan.keep_pages_for
        self.pages.keep(order.customer_id, order.send_key, order.html, expires_at=expires_at)
        claim_id = uuid4().hex
        self._claim(order, claim_id, met, now)
        try:
            message_id = self._ask(order, address, claim_id, now, deadline, bulk=bulk)
        except RejectedError:
            count("MailRejected", campaign=order.campaign)
            _try_hard(lambda: self.log.record_refused(order.send_key, now))
            return None
        except OutcomeUnknownError as error:
            # The claim stays: who meets it when its lease is over knows that nobody knows.
            _try_hard(lambda: self.pace.had_no_answer(now))
            raise RetryLaterError(str(error), after=lease_end - now) from error
        except Exception as error:
            # Both, whatever becomes of either: a claim that is not given back is a mail that is not sent.
            learn = partial(self._learn_from, error, now)
            _try_hard(lambda: self.log.release(order.send_key, claim_id, now))
            _try_hard(learn)
            raise
        self._record_sent(order, message_id, now)
        return message_id

    def _claim(self, order: SendMail, claim_id: str, met: Entry | None, now: datetime) -> None:
        lease = self.plan.claim_lease
        if met is not None:
            if not self.log.claim_again(order.send_key, claim_id=claim_id, now=now, lease=lease):
                raise RetryLaterError("another worker took this mail over")
            return
        try:
            faster = self.log.claim(about(order, self.plan, now), claim_id=claim_id, now=now, lease=lease)
        except Exception:
            # The put may have arrived all the same; a claim that nobody works on would cost the mail.
            self.log.release(order.send_key, claim_id, now)
            raise
        if faster is not None:
            raise RetryLaterError("another worker was faster", after=timedelta(seconds=1))

    def _ask(
        self, order: SendMail, address: str, claim_id: str, now: datetime, deadline: datetime, *, bulk: bool
    ) -> str:
        for _ in range(_THROTTLED_TRIES):
            # Nothing may come between this look and SES.
            if not self.lookup.may_still_leave(order, claim_id):
                raise NoLongerTrueError("the mail is outdated")
            try:
                return self.ses.send(order, address)
            except ThrottledError:
                self.pace.was_throttled(now)
                now = self.pace.wait_turn(now, deadline, bulk=bulk)
        # Not all at the same second.
        after = timedelta(seconds=10 + crc32(order.send_key.encode()) % 20)
        raise NotNowError(now + after, "no_turn")

    def _learn_from(self, error: Exception, now: datetime) -> None:
        if isinstance(error, StoppedError):
            self.pace.stop(now + self.plan.look_again, error.because)
        elif isinstance(error, UnreachableError):
            self.pace.had_no_answer(now)

    def _record_sent(self, order: SendMail, message_id: str, now: datetime) -> None:
        """Whatever happens here, the message is done with: delivered again, it could only send the mail twice."""
        if not _try_hard(lambda: self.log.record_sent(order.send_key, message_id, now)):
            # SES's own event settles the entry.
            count("MailUnknown", campaign=order.campaign)
        _try_hard(self.pace.went_well)


def _try_hard(write: Callable[[], object]) -> bool:
    """Some times over; whether it worked in the end."""
    for _ in range(_TRIES):
        try:
            write()
        except Exception as error:  # noqa: BLE001 - there is no better moment, and nobody who could do better
            logger().error("not written down", extra=explanation(error))
        else:
            return True
    return False


def about(order: SendMail | SkipMail, plan: Delivery, now: datetime) -> About:
    """What the log says about a mail besides its status."""
    return About(
        send_key=order.send_key,
        campaign=order.campaign,
        variant=order.variant,
        customer_ref=customer_ref(order.customer_id),
        expires_at=now + plan.keep_log_for,
    )
