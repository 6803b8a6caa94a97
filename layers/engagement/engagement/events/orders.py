"""Facts about orders. Amounts are what the customer pays for goods: net of discounts, without shipping."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, OnErrorOmit

from engagement.events.base import Event, Identifier, Line, Text, TypedAddress
from engagement.money import Money


def _as_issued(typed: str) -> str:
    """People type codes in small letters, and in groups with whatever between them."""
    return "".join(filter(str.isalnum, typed)).upper() or typed


def _listed(told: object) -> object:
    """One text alone is one code; what is neither that nor a list holds none."""
    if isinstance(told, str):
        return [told]
    return told if isinstance(told, list | tuple) else ()


def _first_ones(codes: tuple[str, ...]) -> tuple[str, ...]:
    return codes[:_MOST_CODES]


_MOST_CODES = 10
# As somebody typed it, in any form, and kept as we issue codes. One that we never issued, the shop's own or a slip, is
# no fault of the fact that carries it.
OfferCode = Annotated[Text, AfterValidator(_as_issued)]
# What cannot be a code is left out, and what is beyond the tenth. An order is an order, whatever stood in the field for
# codes at the checkout: its cart must not be nudged about because of that.
OfferCodes = Annotated[
    tuple[OnErrorOmit[OfferCode], ...], BeforeValidator(_listed), AfterValidator(_first_ones)
]
_CODES_SCHEMA: dict[str, Any] = {"maxItems": _MOST_CODES}


class OrderFact(Event):
    """A guest has a `customer_id` too: the shop's id of them, be it `guest-<order>`."""

    order_id: Identifier
    customer_id: Identifier


class OrderPlaced(OrderFact):
    """A cart became an order. `cart_id` is absent for an order without a cart (by telephone, say); `offer_codes` are
    those that the customer entered: what cannot be one is passed over, and so is what is beyond the tenth. By `email`
    and `lines` we know a cart that its customer bought under another id, or as a guest; an `email` that is no address
    is passed over.
    """

    cart_id: Identifier | None = None
    email: TypedAddress = None
    lines: Annotated[tuple[Line, ...], Field(max_length=200)] = ()
    offer_codes: Annotated[OfferCodes, Field(json_schema_extra=_CODES_SCHEMA)] = ()


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
