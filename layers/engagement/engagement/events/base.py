"""What all facts share. A fact is named in the past tense and is complete in itself."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from engagement.money import Money

_NOT_CARRIED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Outside these, a shop's clock or its arithmetic is wrong; and text would no longer sort as time does.
_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)


def _utc(instant: datetime) -> datetime:
    if not _EARLIEST <= instant <= _LATEST:
        raise ValueError("an instant must lie between 1970 and 2199")
    return instant.astimezone(UTC)


def _carried(text: str) -> str:
    # SQS takes the characters that XML 1.0 has, and refuses a whole message for any other.
    if _NOT_CARRIED.search(text):
        raise ValueError("holds a control character, or one that is none")
    return text


def _or_not_told(told: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(told.strip() if isinstance(told, str) else told)
    except ValidationError:
        return None


# An id of the shop's, in ASCII: it becomes part of mail tags and links. No ":" and no "#": they separate the parts
# of business keys such as `order-77:paid`.
Identifier = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@/+=~-]*$")
]
# Any offset comes in, UTC is kept.
Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_carried),
]
Url = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https://[^\s\"'<>]+$")]
Quantity = Annotated[int, Field(strict=True, ge=1, le=100_000)]
# Form only (RFC 5321's length); whether it exists, SES tells.
EmailAddress = Annotated[
    str,
    StringConstraints(
        max_length=254, pattern=r"^[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]+$"
    ),
]
# As somebody typed it. What is no address is as good as not told: a fact that carries a slip is a fact none the less,
# and a cart must not be nudged about because of one.
TypedAddress = Annotated[EmailAddress | None, WrapValidator(_or_not_told)]


class Event(BaseModel):
    """A fact: `event_id` names this telling of it, `occurred_at` (UTC) is when it became true at its source.

    Unknown fields are ignored, so that a shop may send more than we know. A fact may come twice, late or out of
    order; whoever consumes it keys its work on the business ids, not on `event_id`.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: Identifier
    occurred_at: Instant


class Line(BaseModel):
    """One product in a cart or an order. `product_id` names what is bought, the size and the colour included; `options`
    say them in the shop's words: `{"Size": "250 g"}`. `category` is the shop's own word for what it is.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    product_id: Identifier
    name: Text
    quantity: Quantity = 1
    unit_price: Money
    image_url: Url | None = None
    options: Annotated[Mapping[Text, Text], Field(max_length=10)] = {}
    category: Identifier | None = None
    # How it comes: in a parcel; by mail or download; as money for somebody's next order.
    kind: Literal["physical", "digital", "gift_card"] = "physical"
