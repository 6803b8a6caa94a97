"""The rules: why an offer cannot be redeemed, and what its falling due means. Instants are UTC."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from engagement.offers import Offer, expiry_due
from engagement.plan_sections import OfferRules

type Refusal = Literal["unknown", "another_customers", "already_redeemed", "ended"]


def why_refused(
    offer: Offer | None, *, customer_id: str | None, at: datetime, order_id: str | None = None
) -> Refusal | None:
    """Why this customer cannot redeem the offer by an order placed `at` that instant; None if nothing is in its way.

    Without a customer it is the offer's own. The order that redeemed an offer is told of again, so that one may.
    What can change until it is written, `Redemptions.redeem` puts to the table as a condition.
    """
    if offer is None:
        return "unknown"
    if customer_id not in (None, offer.customer_id):
        return "another_customers"
    if offer.redeemed_by is not None:
        return None if offer.redeemed_by == order_id else "already_redeemed"
    return "ended" if at >= offer.expires_at else None


class Due(StrEnum):
    """What a due offer is due for."""

    REMINDER = "reminder"
    EXPIRY = "expiry"
    # Its end is not to be called yet, and there is nothing to remind of: look again then.
    LATER = "later"
    NOTHING = "nothing"


def what_is_due(offer: Offer, *, reminded: bool, now: datetime, rules: OfferRules) -> Due:
    """A reminder whose time passed during an outage is told as long as the offer can still be used."""
    if offer.redeemed_by is not None:
        return Due.NOTHING
    if now >= expiry_due(offer, rules):
        return Due.EXPIRY
    if offer.remind_at is not None and not reminded and now < offer.expires_at:
        return Due.REMINDER
    return Due.LATER
