"""Facts about points. A point is an integer."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from engagement.events.base import Event, Identifier
from engagement.events.customers import CustomerFact, Tier, Topic

# The largest amount of money, 10^15, earns 10^18 by the most generous rate, 1,000 points for each minor unit, and a
# thousand times that by the most generous multipliers; with what offers give besides, that is still in bounds.
Points = Annotated[int, Field(strict=True, ge=1, le=2 * 10**21)]
# What points were earned by.
Source = Literal["order", "review", "sign_up", "birthday", "referral"]


class ReferralCompleted(CustomerFact):
    """A friend, whom `customer_id` had invited, became a customer (in): told when the shop thinks it earned."""

    friend_id: Identifier


class PointsFact(Event):
    """`event_id` follows from the ledger entry's id."""

    customer_id: Identifier
    points: Points


class PointsEarned(PointsFact):
    """Points were credited (out). They can be spent from `spendable_on` on, and last until the end of the day before
    `expires_on`; both are days at the shop. Without `expires_on` they last.

    An order's are those by its money and by the offers that it redeemed. `order_id` is there for an order and for a
    review of something from it.
    """

    source: Source
    order_id: Identifier | None = None
    spendable_on: date | None = None
    expires_on: date | None = None


class PointsTakenBack(PointsFact):
    """Points were taken back for a refund, a cancellation, with an offer that a cancelled order gave back, or with a
    review that was rejected after all (out).
    """

    order_id: Identifier


class PointsRedeemed(PointsFact):
    """Points were spent: the shop committed the reservation `redemption_id` (out)."""

    redemption_id: Identifier
    order_id: Identifier | None = None


class PointsGivenBack(PointsFact):
    """Points that had paid for an order came back, for the order was refunded or cancelled (out)."""

    order_id: Identifier


class PointsExpired(PointsFact):
    """Points were not used in time (out)."""


class PointsAdjusted(Event):
    """Somebody of the shop's corrected a balance by so many points, up or down (out)."""

    customer_id: Identifier
    points: Annotated[int, Field(strict=True, ge=-2 * 10**21, le=2 * 10**21)]


class TierChanged(CustomerFact):
    """A customer reached another tier, or fell back to one (out). Our ledger alone knows the tiers of the plan: a shop
    that told its own would be contradicted by the next booking. `benefits` are the tier's, by the plan's names.
    """

    tier: Tier
    benefits: tuple[Topic, ...] = ()
