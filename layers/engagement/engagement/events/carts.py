"""Facts about carts."""

from typing import Annotated

from pydantic import Field

from engagement.events.base import Event, Identifier, Line


class CartUpdated(Event):
    """The cart as it stands at `occurred_at`, the moment of the customer's last activity; no lines: it was emptied.

    `customer_id` is absent while nobody is logged in.
    """

    cart_id: Identifier
    customer_id: Identifier | None = None
    lines: Annotated[tuple[Line, ...], Field(max_length=200)] = ()
