"""Facts about orders. Amounts are what the customer pays for goods: net of discounts, without shipping."""

from typing import Annotated

from pydantic import Field

from engagement.events.base import Event, Identifier, Line
from engagement.money import Money


class OrderFact(Event):
    order_id: Identifier
    customer_id: Identifier


class OrderPlaced(OrderFact):
    """A cart became an order. `cart_id` is absent for an order without a cart (by telephone, say)."""

    cart_id: Identifier | None = None


class OrderPaid(OrderFact):
    """An order was paid. `imported` marks the shop's past, told later: it earns points and is no reason for a mail."""

    amount: Money
    imported: bool = False


class OrderDelivered(OrderFact):
    """The goods arrived at `occurred_at`."""

    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=200)]


class OrderCancelled(OrderFact):
    """An order was called off, before or after payment."""


class OrderRefunded(OrderFact):
    """Money went back: all of an order's, or part; one order may have several refunds."""

    refund_id: Identifier
    amount: Money
