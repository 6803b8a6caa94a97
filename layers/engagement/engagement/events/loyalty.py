"""Facts about points. A point is an integer."""

from typing import Annotated

from pydantic import Field

from engagement.events.base import Event, Identifier

# The largest amount of money, 10^15, earns as many by the most generous rule, 1,000 points for each minor unit.
Points = Annotated[int, Field(strict=True, ge=1, le=10**18)]


class PointsFact(Event):
    customer_id: Identifier
    points: Points


class PointsRedeemed(PointsFact):
    """The shop took points as payment (in)."""

    redemption_id: Identifier


class PointsEarned(PointsFact):
    """Points were credited for an order (out). `event_id` follows from the ledger entry's id."""

    order_id: Identifier


class PointsTakenBack(PointsFact):
    """Points were taken back for a refund (out). `event_id` follows from the ledger entry's id."""

    order_id: Identifier
