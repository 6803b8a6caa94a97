"""Announcing: what became of an offer, as facts. Each is the same however often it is told."""

from datetime import datetime
from hashlib import sha256

from engagement.events.offers import (
    OfferExpired,
    OfferNearedExpiry,
    OfferRedeemed,
    OfferRefused,
    OfferReleased,
    RefusalTold,
)
from engagement.events.orders import OrderPlaced
from engagement.offers import Offer, about


def redeemed(offer: Offer, *, order_id: str, at: datetime) -> OfferRedeemed:
    """`at`: when the order was placed."""
    return OfferRedeemed(**about(offer, f"redeemed-{_short(order_id)}", at), order_id=order_id)


def released(offer: Offer, *, order_id: str, at: datetime) -> OfferReleased:
    """`at`: when the order was cancelled."""
    return OfferReleased(**about(offer, f"released-{_short(order_id)}", at), order_id=order_id)


def refused(offer: Offer, order: OrderPlaced, reason: RefusalTold) -> OfferRefused:
    """Of the offer only its code, which stands in the order: it may be somebody else's."""
    return OfferRefused(
        event_id=f"offer-{offer.code}-refused-{reason}-{_short(order.order_id)}",
        occurred_at=order.occurred_at,
        code=offer.code,
        order_id=order.order_id,
        customer_id=order.customer_id,
        reason=reason,
    )


def neared_expiry(offer: Offer) -> OfferNearedExpiry:
    """Occurred when the reminder was due, however much later it is told."""
    return OfferNearedExpiry(**about(offer, "neared-expiry", offer.remind_at or offer.expires_at))


def expired(offer: Offer) -> OfferExpired:
    """Occurred at the offer's end."""
    return OfferExpired(**about(offer, "expired", offer.expires_at))


def _short(order_id: str) -> str:
    """An order in an event's id: its own may be as long as that."""
    return sha256(order_id.encode()).hexdigest()[:16]
