"""What SES's events mean for a mail, for the addresses in them, and for the campaign."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from engagement.mail_log import Status
from engagement.plan_sections import Fuse
from mail_feedback.events import Bounce, SesEvent
from mail_feedback.machines import is_apples_proxy, is_scanner


class Fact(StrEnum):
    """What is known of a mail, and counted: each once for a mail."""

    SENT = "sent"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    REJECTED = "rejected"
    BOUNCED = "bounced"
    SOFT_BOUNCED = "soft_bounced"
    COMPLAINED = "complained"
    OPENED = "opened"
    OPENED_BY_PROXY = "opened_by_proxy"
    OPENED_BY_SCANNER = "opened_by_scanner"
    CLICKED = "clicked"
    CLICKED_BY_SCANNER = "clicked_by_scanner"
    UNSUBSCRIBED = "unsubscribed"


_FACT_OF_KIND = {
    "Send": Fact.SENT,
    "DeliveryDelay": Fact.DELAYED,
    "Delivery": Fact.DELIVERED,
    "Reject": Fact.REJECTED,
    "Rendering Failure": Fact.REJECTED,
    # By SES's own lists of subscribers, should somebody come to use them.
    "Subscription": Fact.UNSUBSCRIBED,
}
_STATUS = {
    Fact.DELIVERED: Status.DELIVERED,
    Fact.REJECTED: Status.REJECTED,
    Fact.BOUNCED: Status.BOUNCED,
    Fact.COMPLAINED: Status.COMPLAINED,
}
# Soft bounces that speak of the mailbox or its server, and so of the next mail as well. The others speak of this mail
# (MessageTooLarge, ContentRejected, AttachmentRejected).
_OF_THE_MAILBOX = {"MailboxFull", "CustomTimeoutExceeded"}
# Of these only with the server's own notification: without it, `General` is an out-of-office reply as a rule
# (https://repost.aws/knowledge-center/ses-understand-soft-bounces).
_OF_THE_MAILBOX_IF_NOTIFIED = {"General", "Undetermined"}
# A receiver takes an earlier report back (RFC 5965's registry of feedback types).
_NO_COMPLAINT = "not-spam"


@dataclass(frozen=True)
class Addresses:
    """`for_good`: never to be written to again, because of `reason`. `softly`: bounced softly, which is to be noted."""

    for_good: tuple[str, ...] = ()
    reason: str = ""
    softly: tuple[str, ...] = ()


def addresses_in(event: SesEvent) -> Addresses:
    """A hard bounce and a complaint each end all mail to the address; a soft bounce may, if others follow."""
    if event.bounce:
        everybody = tuple(each.address for each in event.bounce.recipients)
        if event.bounce.kind == "Permanent":
            return Addresses(for_good=everybody, reason=Status.BOUNCED)
        return Addresses(softly=_softly_bounced(event.bounce))
    if _complains(event) and event.complaint:
        complaining = tuple(each.address for each in event.complaint.recipients)
        return Addresses(for_good=complaining, reason=Status.COMPLAINED)
    return Addresses()


def facts_in(event: SesEvent, delivered_at: datetime | None) -> dict[Fact, datetime]:
    """What an event tells of its mail, each with its instant: of most kinds also that SES had taken the mail, so that
    a Send that got lost is missing in no count. `delivered_at`: if that is known by now.
    """
    fact = _fact(event, delivered_at or event.mail.timestamp)
    if fact is None:
        return {}
    taken = {} if fact is Fact.REJECTED else {Fact.SENT: event.mail.timestamp}
    return {**taken, fact: event.at}


def status_of(facts: Mapping[Fact, datetime]) -> Status:
    """The status that a mail has by these facts; each of them shows at least that SES took it."""
    return next((_STATUS[fact] for fact in facts if fact in _STATUS), Status.SENT)


def _fact(event: SesEvent, arrived_at: datetime) -> Fact | None:
    match event:
        case SesEvent(kind="Bounce", bounce=bounce) if bounce:
            return Fact.BOUNCED if bounce.kind == "Permanent" else Fact.SOFT_BOUNCED
        case SesEvent(kind="Complaint"):
            return Fact.COMPLAINED if _complains(event) else None
        case SesEvent(kind="Open", opening=opening) if opening:
            if is_apples_proxy(opening.user_agent):
                return Fact.OPENED_BY_PROXY
            by_scanner = is_scanner(opening.user_agent, event.at - arrived_at)
            return Fact.OPENED_BY_SCANNER if by_scanner else Fact.OPENED
        case SesEvent(kind="Click", click=click) if click:
            by_scanner = is_scanner(click.user_agent, event.at - arrived_at)
            return Fact.CLICKED_BY_SCANNER if by_scanner else Fact.CLICKED
        case _:
            return _FACT_OF_KIND.get(event.kind)


def _complains(event: SesEvent) -> bool:
    return event.complaint is not None and event.complaint.feedback_type != _NO_COMPLAINT


def _softly_bounced(bounce: Bounce) -> tuple[str, ...]:
    if bounce.subtype in _OF_THE_MAILBOX:
        return tuple(each.address for each in bounce.recipients)
    if bounce.subtype in _OF_THE_MAILBOX_IF_NOTIFIED:
        return tuple(each.address for each in bounce.recipients if each.status)
    return ()


type Counts = Mapping[str, int]


def since_resumed(by_day: Mapping[date, Counts], baseline: Mapping[date, Counts]) -> dict[str, int]:
    """All days together, less what had been counted of each when the campaign was resumed."""
    return {
        fact: sum(
            max(0, counted.get(fact, 0) - baseline.get(day, {}).get(fact, 0))
            for day, counted in by_day.items()
        )
        for fact in (Fact.SENT, Fact.COMPLAINED, Fact.BOUNCED)
    }


def reason_to_pause(counted: Counts, fuse: Fuse) -> str | None:
    """`complaints` or `hard_bounces`, if more of a meaningful number of mails did so than the plan lets pass."""
    sent = counted[Fact.SENT]
    if sent < fuse.at_least:
        return None
    if Decimal(counted[Fact.COMPLAINED]) > fuse.complaints * sent:
        return "complaints"
    if Decimal(counted[Fact.BOUNCED]) > fuse.hard_bounces * sent:
        return "hard_bounces"
    return None
