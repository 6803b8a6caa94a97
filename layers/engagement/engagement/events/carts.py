"""Facts about carts: what the shop tells of them, and what we tell of those that were left."""

from typing import Annotated

from pydantic import Field, StringConstraints

from engagement.events.base import Event, Identifier, Instant, Line, TypedAddress
from engagement.money import Money

# A step of the sequence of nudges, from 1 on.
StepNumber = Annotated[int, Field(strict=True, ge=1, le=20)]
ExperimentName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
VariantName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
# The variant of those whom an experiment gives nothing, and of everyone where a step has no experiment.
HOLDOUT = "holdout"
STANDARD = "standard"


class CartFact(Event):
    cart_id: Identifier


class CartUpdated(CartFact):
    """The cart as it stands at `occurred_at`, the moment of the customer's last activity; no lines: it was emptied.

    `customer_id` is absent while nobody is logged in; `email` is what was typed at the checkout, passed over where it
    is no address. Where neither is told, the cart stays whose it was.
    """

    customer_id: Identifier | None = None
    email: TypedAddress = None
    lines: Annotated[tuple[Line, ...], Field(max_length=200)] = ()


class CartDeleted(CartFact):
    """The cart is no more: the same as emptied."""


class CartsMerged(CartFact):
    """A guest's cart became part of a customer's: `cart_id` is no more, the other is told by updates of its own."""

    into_cart_id: Identifier


class CartAbandoned(CartFact):
    """Ours (out): a customer left a cart with something in it. `occurred_at`: since when it counts as left."""

    customer_id: Identifier
    lines: tuple[Line, ...]


class CartNudged(CartFact):
    """Ours (out): a step of the nudges about a cart reached its customer, or, `withheld`, would have, had an experiment
    not kept them in its holdout. `occurred_at`: when; `product_ids`: what was in the cart. An order placed until
    `counts_until` (UTC) counts as recovered by it.
    """

    customer_id: Identifier
    step: StepNumber
    experiment: ExperimentName
    variant: VariantName
    withheld: bool = False
    product_ids: Annotated[tuple[Identifier, ...], Field(max_length=200)]
    counts_until: Instant


class CartRecovered(CartFact):
    """Ours (out): a paid order followed a nudge about the cart. `amount`: what was paid, before any refund."""

    customer_id: Identifier
    order_id: Identifier
    step: StepNumber
    experiment: ExperimentName
    variant: VariantName
    amount: Money
