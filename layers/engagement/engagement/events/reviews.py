"""Facts about reviews."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from engagement.events.base import Event, Identifier, Instant, Text, Url
from engagement.events.orders import OrderFact

Rating = Annotated[int, Field(strict=True, ge=1, le=5)]
# Of a customer and a product: each has one review (`engagement.review_links.review_id_of`).
ReviewId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
# One word why.
Reason = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class InvitedProduct(BaseModel):
    """A product of an order that its customer may review, as the shop names and shows it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    review_id: ReviewId
    order_id: Identifier
    product_id: Identifier
    name: Text
    image_url: Url | None = None


class ReviewInvited(Event):
    """A customer may review these products by links that are good until `until` (out). The mail that has the links may
    not have left: nobody was asked yet.
    """

    customer_id: Identifier
    until: Instant
    products: Annotated[tuple[InvitedProduct, ...], Field(min_length=1, max_length=50)]


class ReviewSubmitted(OrderFact):
    """A customer reviewed something from this order: on our page (out), or on the shop's own (in). Without a
    `product_id` it is about all of the order. Told again with another rating it is the same review, edited.
    """

    rating: Rating
    product_id: Identifier | None = None
    review_id: ReviewId | None = None


class ReviewFact(OrderFact):
    """`revision` counts the states of a review; a later one is always later by `occurred_at`, too."""

    review_id: ReviewId
    product_id: Identifier
    rating: Rating
    revision: Annotated[int, Field(strict=True, ge=1)]


class ReviewPublished(ReviewFact):
    """A review can be seen by everybody (out)."""


class ReviewRejected(ReviewFact):
    """A review is not shown, or not any more (out). `reason` is one word, of the rules or of whoever decided."""

    reason: Reason


class ReviewModerated(Event):
    """Somebody of the shop's looked at a review and decided (in). It is about the text as of `revision` alone: one that
    was edited meanwhile has to be looked at again. `reason` is needed to reject. `moderator` is kept with the decision.
    """

    review_id: ReviewId
    revision: Annotated[int, Field(strict=True, ge=1)]
    published: bool
    reason: Reason | None = None
    moderator: Text
