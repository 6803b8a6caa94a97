"""Announcing: what of the ledger is told to others."""

from typing import Any

from engagement.events.base import Event
from engagement.events.loyalty import (
    PointsAdjusted,
    PointsEarned,
    PointsExpired,
    PointsGivenBack,
    PointsRedeemed,
    PointsTakenBack,
    Source,
    TierChanged,
)
from loyalty.drafts import event_id_of
from loyalty.entries import NEVER, Entry, EntryKind, Movement
from loyalty.terms import Terms

_SOURCES: dict[EntryKind, Source] = {
    EntryKind.REVIEW_PUBLISHED: "review",
    EntryKind.REVIEW_REJECTED: "review",
    EntryKind.SIGN_UP: "sign_up",
    EntryKind.BIRTHDAY: "birthday",
    EntryKind.REFERRAL: "referral",
}


def announcement(entry: Entry, terms: Terms) -> Event | None:
    """What is told of an entry, the same fact however often it is; None where there is nothing to tell.

    Nothing to tell: no points moved, and all that concerns an imported order. That is the shop's past, told in any
    order, so that its refunds cannot be told from new ones. A tier is told all the same: the customer has it now.
    """
    if entry.kind is EntryKind.TIER_CHANGED:
        return _tier_changed(entry, terms)
    return _points_moved(entry) if entry.movement and not entry.imported else None


def _points_moved(entry: Entry) -> Event:
    told: dict[str, Any] = {
        "event_id": event_id_of(entry.entry_id),
        "occurred_at": entry.booked_at,
        "customer_id": entry.customer_id,
    }
    points, order_id = abs(entry.points), entry.order_id
    match entry.movement:
        case Movement.EARNED:
            days: dict[str, Any] = {}
            if entry.lot:
                ends = entry.lot.expires_on if entry.lot.expires_on != NEVER else None
                days = {"spendable_on": entry.lot.matures_on, "expires_on": ends}
            source = _SOURCES.get(entry.kind, "order")
            return PointsEarned(**told, points=points, source=source, order_id=order_id, **days)
        case Movement.TAKEN_BACK:
            return PointsTakenBack(**told, points=points, order_id=order_id or "")
        case Movement.REDEEMED:
            redemption_id = entry.redemption_id or ""
            return PointsRedeemed(**told, points=points, redemption_id=redemption_id, order_id=order_id)
        case Movement.GIVEN_BACK:
            return PointsGivenBack(**told, points=points, order_id=order_id or "")
        case Movement.EXPIRED:
            return PointsExpired(**told, points=points)
        case _:
            return PointsAdjusted(**told, points=entry.points)


def _tier_changed(entry: Entry, terms: Terms) -> TierChanged:
    tier = terms.tiers.of(entry.tier)
    return TierChanged(
        event_id=event_id_of(entry.entry_id),
        occurred_at=entry.occurred_at,
        customer_id=entry.customer_id,
        tier=entry.tier or tier.name,
        benefits=tuple(tier.benefits) if tier.name == entry.tier else (),
    )
