"""What all facts share. A fact is named in the past tense and is complete in itself."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

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


class Event(BaseModel):
    """A fact: `event_id` names this telling of it, `occurred_at` (UTC) is when it became true at its source.

    Unknown fields are ignored, so that a shop may send more than we know. A fact may come twice, late or out of
    order; whoever consumes it keys its work on the business ids, not on `event_id`.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: Identifier
    occurred_at: Instant


class Line(BaseModel):
    """One product in a cart or an order."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    product_id: Identifier
    name: Text
    quantity: Quantity = 1
    unit_price: Money
    image_url: Url | None = None
