"""Facts about reviews."""

from typing import Annotated

from pydantic import Field

from engagement.events.orders import OrderFact


class ReviewSubmitted(OrderFact):
    """A customer reviewed something from this order."""

    rating: Annotated[int, Field(strict=True, ge=1, le=5)]
