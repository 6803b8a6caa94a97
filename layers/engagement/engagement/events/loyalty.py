"""Facts about points. A point is an integer."""

from typing import Annotated

from pydantic import Field

from engagement.events.base import Event, Identifier
from engagement.events.customers import CustomerFact, Tier

# The largest amount of money, 10^15, earns 10^18 by the most generous rule, 1,000 points for each minor unit; with
# what an order's offers give besides, ten of 10^9 at the most, that is still in bounds.
Points = Annotated[int, Field(strict=True, ge=1, le=2 * 10**18)]


class PointsFact(Event):
    customer_id: Identifier
    points: Points


class PointsRedeemed(PointsFact):
    """The shop took points as payment (in)."""

    redemption_id: Identifier


class PointsEarned(PointsFact):
    """Points were credited for an order (by its money, by the offers that it redeemed, or both), or for a published
    review of something from it (out).

    `event_id` follows from the ledger entry's id.
    """

    order_id: Identifier


class PointsTakenBack(PointsFact):
    """Points were taken back for a refund, with an offer that a cancelled order gave back, or with a review that was
    rejected after all (out).

    `event_id` follows from the ledger entry's id.
    """

    order_id: Identifier


class TierChanged(CustomerFact):
    """A customer reached another tier, or fell back to one (out). Our ledger alone knows the tiers of the plan: a shop
    that told its own would be contradicted by the next booking.
    """

    tier: Tier
