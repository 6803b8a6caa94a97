"""What the mail log's entry says about a mail that was handed over."""

from datetime import datetime

from engagement.mail_log import Entry, Status
from review_requests.customers import Handed
from review_requests.waiting import is_lost

# Of an unknown one nobody can say that it did not arrive, and it is never sent again.
_LEFT = frozenset(
    (Status.SENT, Status.DELIVERED, Status.BOUNCED, Status.COMPLAINED, Status.REJECTED, Status.UNKNOWN)
)


def learned(handed: Handed, entry: Entry | None, now: datetime) -> Handed | None:
    """The mail with what became of it; None: nothing is decided yet. One that is being sent stays as it is."""
    if entry is None:
        return _lost(handed, now) if is_lost(handed, now) else None
    left_at = entry.left_at or entry.changed_at
    if entry.status is Status.SENDING:
        # Long after its time, whoever was sending it has died, and nobody can tell.
        return (
            handed.model_copy(update={"over": True, "left_at": left_at}) if is_lost(handed, now) else handed
        )
    left = {"left_at": left_at} if entry.status in _LEFT else {}
    return handed.model_copy(update={"over": True, **left})


def _lost(handed: Handed, now: datetime) -> Handed:
    """The mail path had all the time that there was: from now on it is a mail that nobody gets. Nor did anybody take
    that for as long, it is told for the last time.
    """
    if handed.reason:
        return handed.model_copy(update={"over": True})
    again = now + (handed.useful_until - handed.at)
    return handed.model_copy(update={"reason": "lost", "at": now, "useful_until": again, "products": ()})
