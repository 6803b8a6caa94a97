"""Announcing: what of the ledger is told to others."""

from hashlib import sha256

from engagement.events.loyalty import PointsEarned, PointsTakenBack
from loyalty_accrual.ledger import Entry, EntryKind

_LONGEST_IDENTIFIER = 100


def announcement(entry: Entry) -> PointsEarned | PointsTakenBack | None:
    """Points that an order earned or a refund took back; None where there is nothing to tell.

    Nothing to tell: no points moved, the shop's own redemption, and all that concerns an imported order. That is the
    shop's past, told in any order, so that its refunds cannot be told from new ones.
    """
    if entry.imported or entry.order_id is None or entry.points == 0:
        return None
    kind = PointsEarned if entry.kind is EntryKind.PAID else PointsTakenBack
    return kind(
        event_id=event_id_of(entry.entry_id),
        occurred_at=entry.booked_at,
        customer_id=entry.customer_id,
        order_id=entry.order_id,
        points=abs(entry.points),
    )


def event_id_of(entry_id: str) -> str:
    """The entry's id as an event's: always the same, and another one for each entry.

    An event's id has no `:` and 100 characters at most; two of the shop's ids in one entry's can be longer.
    """
    readable = entry_id.replace("~", "~0").replace(":", "~1")
    return readable if len(readable) <= _LONGEST_IDENTIFIER else sha256(entry_id.encode()).hexdigest()
