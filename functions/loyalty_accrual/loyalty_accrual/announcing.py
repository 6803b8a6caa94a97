"""Announcing: what of the ledger is told to others."""

from hashlib import sha256

from engagement.clock import to_text
from engagement.events.loyalty import PointsEarned, PointsTakenBack, TierChanged
from loyalty_accrual.ledger import Entry, Standing

_LONGEST_IDENTIFIER = 100
_DIGITS = 32


def announcement(entry: Entry) -> PointsEarned | PointsTakenBack | None:
    """Points that an order or a review brought, or lost again; None where there is nothing to tell.

    Nothing to tell: no points moved, the shop's own redemption, and all that concerns an imported order. That is the
    shop's past, told in any order, so that its refunds cannot be told from new ones.
    """
    if entry.imported or entry.order_id is None or entry.earned == 0:
        return None
    kind = PointsEarned if entry.points > 0 else PointsTakenBack
    return kind(
        event_id=event_id_of(entry.entry_id),
        occurred_at=entry.booked_at,
        customer_id=entry.customer_id,
        order_id=entry.order_id,
        points=abs(entry.points),
    )


def tier_change(standing: Standing) -> TierChanged | None:
    """The tier that the customer has now, the same fact however often it is told; None where that is known.

    Of imported orders too: they tell nobody's past, the customer has the tier from now on.
    """
    if standing.told or standing.tier is None or standing.since is None:
        return None
    change = f"{standing.customer_id}#{to_text(standing.since)}"
    return TierChanged(
        event_id=f"tier-{sha256(change.encode()).hexdigest()[:_DIGITS]}",
        occurred_at=standing.since,
        customer_id=standing.customer_id,
        tier=standing.tier,
    )


def event_id_of(entry_id: str) -> str:
    """The entry's id as an event's: always the same, and another one for each entry.

    An event's id has no `:` and 100 characters at most; two of the shop's ids in one entry's can be longer.
    """
    readable = entry_id.replace("~", "~0").replace(":", "~1")
    return readable if len(readable) <= _LONGEST_IDENTIFIER else sha256(entry_id.encode()).hexdigest()
