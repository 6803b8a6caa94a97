"""When a cart is nudged about, and when not."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cart_nudges.campaign import CartNudgeSettings
from engagement.events.base import Line
from engagement.money import Money


class CartStatus(StrEnum):
    OPEN = "open"
    BOUGHT = "bought"


@dataclass(frozen=True)
class Cart:
    """A cart as it stands; instants are UTC, `activity_at` by the shop's clock."""

    cart_id: str
    status: CartStatus
    activity_at: datetime | None = None
    customer_id: str | None = None
    lines: tuple[Line, ...] = ()
    nudged: bool = False


def send_key(cart_id: str) -> str:
    """One nudge a cart, however often it is touched, swept or delivered."""
    return f"cart_nudge:{cart_id}:step-1"


def nudge_due_at(cart: Cart, settings: CartNudgeSettings) -> datetime | None:
    """When nobody touched the cart for the plan's `idle_for`; None if there is nobody or nothing to write to."""
    if cart.activity_at is None or reason_not_to_nudge(cart):
        return None
    return cart.activity_at + settings.idle_for


def reason_not_to_nudge(cart: Cart) -> str | None:
    """Never for a cart that was bought, emptied or nudged already, nor for nobody's; None if it may be nudged."""
    if cart.status is CartStatus.BOUGHT:
        return "bought"
    if not cart.lines:
        return "emptied"
    if cart.nudged:
        return "nudged_already"
    if cart.customer_id is None:
        return "customer_unknown"
    return None


def useful_until(cart: Cart, settings: CartNudgeSettings) -> datetime:
    """A nudge that comes later than this reminds of nothing; raises ValueError for a cart without activity."""
    if cart.activity_at is None:
        raise ValueError("this cart was never active")
    return cart.activity_at + settings.idle_for + settings.useful_for


def total(lines: tuple[Line, ...]) -> Money | None:
    """What the cart costs; None where its lines are in several currencies."""
    currencies = {line.unit_price.currency for line in lines}
    if len(currencies) != 1:
        return None
    amount = sum(line.unit_price.amount_minor * line.quantity for line in lines)
    # Sums of amounts that were checked one by one.
    return Money.model_construct(amount_minor=amount, currency=currencies.pop())
