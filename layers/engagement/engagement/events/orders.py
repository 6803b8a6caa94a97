"""Facts about orders. Amounts are what the customer pays for goods: net of discounts, without shipping."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    OnErrorOmit,
    model_validator,
)

from engagement.events.base import Event, Identifier, Instant, Line, Quantity, Text, TypedAddress
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
Lines = Annotated[tuple[Line, ...], Field(min_length=1, max_length=200)]
# Seen from where it is sent: a foreign parcel takes longer.
Destination = Literal["domestic", "foreign"]


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


class PaidLine(BaseModel):
    """What was paid for one product of an order: `amount` for all `quantity` of it, net of discounts; of that, `tax`.

    `category` is the shop's own word for what it is.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    product_id: Identifier
    quantity: Quantity = 1
    amount: Money
    tax: Money | None = None
    category: Identifier | None = None


class OrderPaid(OrderFact):
    """An order was paid. `imported` marks the shop's past, told later: it earns points and is no reason for a mail.

    `amount` is the goods' in all; `tax` is what of it is tax, and `shipping` what was paid for sending, beside it.
    `lines` say what `amount` is made of; one product may be in several. Where they are more than `amount`, each is
    worth less, in proportion; where they are less, the rest is money for nothing in particular.
    """

    amount: Money
    tax: Money | None = None
    shipping: Money | None = None
    lines: Annotated[tuple[PaidLine, ...], Field(max_length=200)] = ()
    imported: bool = False

    @model_validator(mode="after")
    def _in_one_currency(self) -> Self:
        parts = [self.tax, self.shipping, *(part for line in self.lines for part in (line.amount, line.tax))]
        if any(part.currency != self.amount.currency for part in parts if part):
            raise ValueError("tax, shipping and lines are in the currency of amount")
        return self


class OrderFulfilled(OrderFact):
    """A parcel left, with these `lines`; what is sent without one (a download) is fulfilled by it too.

    An order may come in several parcels. One that takes the place of another (which was lost, or came back) is a parcel
    of its own, told later. `expected_at` is when the carrier means to deliver it; it is told anew, with a later
    `occurred_at`, when that changes.
    """

    fulfilment_id: Identifier
    lines: Lines
    destination: Destination = "domestic"
    expected_at: Instant | None = None


class OrderDelivered(OrderFact):
    """A parcel arrived at `occurred_at`, with these `lines`. Without a `fulfilment_id` it is the order's only one. Told
    anew with a later `occurred_at`, the later one counts.
    """

    fulfilment_id: Identifier | None = None
    lines: Lines
    destination: Destination = "domestic"


class OrderCancelled(OrderFact):
    """An order was called off, before or after payment."""


class RefundedLine(BaseModel):
    """What of an order was sent back, or never came. `amount` is what was paid back for it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    product_id: Identifier
    quantity: Quantity = 1
    amount: Money | None = None


class OrderRefunded(OrderFact):
    """Money went back: all of an order's, or part; one order may have several refunds.

    `amount` is the goods' (`shipping`: what came back of that, beside it). `lines` are what it is for: none of them,
    for money alone (the goods are kept); None where the shop does not say.
    """

    refund_id: Identifier
    amount: Money
    shipping: Money | None = None
    lines: Annotated[tuple[RefundedLine, ...], Field(max_length=200)] | None = None


class CaseFact(OrderFact):
    case_id: Identifier


class CaseOpened(CaseFact):
    """The customer wants to send something back, or is not content with an order, and waits for the shop's answer."""

    kind: Literal["complaint", "return"]


class CaseClosed(CaseFact):
    """The shop settled it, one way or another. What was sent back is told by the refund."""
