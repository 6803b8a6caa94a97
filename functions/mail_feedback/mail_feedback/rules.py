"""What SES's events mean for a mail and for the addresses in them."""

from dataclasses import dataclass

from engagement.mail_log import Status
from mail_feedback.events import SesEvent


@dataclass(frozen=True)
class Verdict:
    """The mail's new status, if it has one, and whom never to write to again."""

    status: Status | None = None
    suppressed: tuple[str, ...] = ()


def verdict(event: SesEvent) -> Verdict:
    """A hard bounce and a complaint each end all mail to the address; a soft bounce ends and settles nothing."""
    match event:
        case SesEvent(kind="Delivery"):
            return Verdict(Status.DELIVERED)
        case SesEvent(kind="Bounce", bounce=bounce) if bounce and bounce.kind == "Permanent":
            return Verdict(Status.BOUNCED, tuple(each.address for each in bounce.recipients))
        case SesEvent(kind="Complaint", complaint=complaint) if complaint:
            return Verdict(Status.COMPLAINED, tuple(each.address for each in complaint.recipients))
        case _:
            return Verdict()
