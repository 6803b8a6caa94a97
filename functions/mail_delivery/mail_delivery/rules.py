"""Whether a mail may leave, and what its send key's past means."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engagement.mail_log import Claim, Status
from engagement.mail_orders import SendMail


@dataclass(frozen=True)
class Send:
    """The mail leaves, to this address."""

    address: str


@dataclass(frozen=True)
class Skip:
    """The mail does not leave, for a reason of one word."""

    reason: str


@dataclass(frozen=True)
class Recipient:
    """Whom a mail is for, as known now. `consent` to the mail's topic: True, False (withdrawn), None (never asked)."""

    address: str
    consent: bool | None
    suppressed: bool


def decide(
    order: SendMail, recipient: Recipient | None, *, campaign_enabled: bool, now: datetime
) -> Send | Skip:
    """A mail leaves while it is useful, if its campaign runs, to a customer who exists and whose mailbox takes mail.

    Marketing needs consent to its topic besides. Transactional mail passes consent, but never suppression: an
    address that bounced or complained gets nothing at all.
    """
    if now > order.useful_until:
        return Skip("too_late")
    if not campaign_enabled:
        return Skip("campaign_disabled")
    if recipient is None:
        return Skip("no_profile")
    if order.kind == "marketing" and recipient.consent is None:
        return Skip("no_consent")
    if order.kind == "marketing" and not recipient.consent:
        return Skip("unsubscribed")
    if recipient.suppressed:
        return Skip("suppressed")
    return Send(recipient.address)


class NextStep(StrEnum):
    """What to do about a send key that somebody had before."""

    LEAVE_IT = "leave_it"
    WAIT = "wait"
    RECORD_UNKNOWN = "record_unknown"
    CLAIM_AGAIN = "claim_again"


def next_step(order: SendMail, met: Claim, now: datetime) -> NextStep:
    """A decided mail stays decided. One that a worker has just now is waited for, as long as its lease runs.

    After that nobody can tell whether SES took it. Marketing then is at most once: it rather never comes than twice.
    Transactional mail is at least once, unless it was called off.
    """
    if met.status not in (Status.SENDING, Status.UNKNOWN):
        return NextStep.LEAVE_IT
    if met.lease_end is not None and now < met.lease_end:
        return NextStep.WAIT
    if order.kind == "transactional" and not met.cancelled:
        return NextStep.CLAIM_AGAIN
    return NextStep.LEAVE_IT if met.status is Status.UNKNOWN else NextStep.RECORD_UNKNOWN
