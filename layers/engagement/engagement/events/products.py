"""Facts about products."""

from typing import Annotated

from pydantic import Field

from engagement.events.base import Event, Identifier, Text, Url
from engagement.money import Money


class ProductChanged(Event):
    """A product as it is sold from `occurred_at` on: its price in each currency, and whether it can be bought."""

    product_id: Identifier
    name: Text
    prices: Annotated[tuple[Money, ...], Field(max_length=50)] = ()
    available: bool = True
    image_url: Url | None = None
