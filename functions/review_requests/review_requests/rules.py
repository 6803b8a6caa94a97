"""When a review is asked for, and when not."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engagement.events.base import Line
from engagement.events.orders import OrderCancelled, OrderRefunded
from engagement.events.reviews import ReviewSubmitted
from review_requests.campaign import ReviewRequestSettings

type ClosingFact = OrderCancelled | OrderRefunded | ReviewSubmitted


class Closed(StrEnum):
    """Why a request is closed for good; the words stand in the mail log as well."""

    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    REVIEWED = "reviewed"


@dataclass(frozen=True)
class Product:
    """What was delivered, as far as a mail about it needs to know."""

    product_id: str
    name: str
    quantity: int


@dataclass(frozen=True)
class ReviewRequest:
    """The request about one order as it stands; instants are UTC.

    `begun`: a sweep took it on, so that its mail may be on its way. `asked`: its mail was handed over.
    """

    order_id: str
    delivered_at: datetime | None = None
    customer_id: str | None = None
    products: tuple[Product, ...] = ()
    closed: Closed | None = None
    begun: bool = False
    asked: bool = False


def send_key(order_id: str) -> str:
    """One request an order, however often its delivery is told, moved, swept or handed over."""
    return f"review_request:{order_id}:first"


def request_due_at(delivered_at: datetime, settings: ReviewRequestSettings) -> datetime:
    """The customer has the plan's `after_delivery` to try what arrived."""
    return delivered_at + settings.after_delivery


def useful_until(delivered_at: datetime, settings: ReviewRequestSettings) -> datetime:
    """A request that comes later than this asks about something long forgotten."""
    return request_due_at(delivered_at, settings) + settings.useful_for


def reason_to_close(fact: ClosingFact) -> Closed:
    """Called off, sent back or reviewed: there is nothing left to ask.

    Any refund closes the request, of however little. We do not know yet which of an order's products a refund is for,
    and rather ask one customer too few than somebody how they like what they sent back.
    """
    match fact:
        case OrderCancelled():
            return Closed.CANCELLED
        case OrderRefunded():
            return Closed.REFUNDED
        case ReviewSubmitted():
            return Closed.REVIEWED


def reason_not_to_ask(request: ReviewRequest) -> str | None:
    """Never about an order that was called off, sent back, reviewed or asked about already; None if we may ask."""
    if request.closed:
        return request.closed.value
    if request.asked:
        return "asked_already"
    if request.delivered_at is None:
        return "not_delivered"
    return None


def products_of(lines: tuple[Line, ...]) -> tuple[Product, ...]:
    """The order's products, each once: a shop may split one product over several lines."""
    products: dict[str, Product] = {}
    for line in lines:
        earlier = products.get(line.product_id)
        quantity = line.quantity + (earlier.quantity if earlier else 0)
        products[line.product_id] = Product(product_id=line.product_id, name=line.name, quantity=quantity)
    return tuple(products.values())
