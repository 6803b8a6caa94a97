"""What the mail log's entry says about a step."""

from enum import Enum, auto

from engagement.mail_log import WITHHELD, Entry, Status

# Of an unknown one nobody can say that it did not arrive, and it is never sent again.
_LEFT = frozenset(
    (Status.SENT, Status.DELIVERED, Status.BOUNCED, Status.COMPLAINED, Status.REJECTED, Status.UNKNOWN)
)


class Fate(Enum):
    NOT_DECIDED = auto()
    BEING_SENT = auto()
    # The mail left, or would have left and was withheld: it counts.
    EXPOSED = auto()
    # It never leaves.
    OVER = auto()


def fate(entry: Entry | None, *, lost: bool) -> Fate:
    """What became of the mail. `lost`: its time has been over for long; if it is still being sent then, its worker
    died, and nobody can tell.
    """
    if entry is None:
        return Fate.NOT_DECIDED
    if entry.status is Status.SENDING:
        return Fate.EXPOSED if lost else Fate.BEING_SENT
    withheld = entry.status is Status.SKIPPED and entry.reason == WITHHELD
    return Fate.EXPOSED if withheld or entry.status in _LEFT else Fate.OVER
