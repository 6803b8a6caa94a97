"""What an offer is worth: so much percent, a sum, a gift, or points."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engagement.events.base import Identifier, Text
from engagement.money import Money

type BenefitKind = Literal["percent", "amount", "gift", "points"]
_KINDS: tuple[BenefitKind, ...] = ("percent", "amount", "gift", "points")


class Gift(BaseModel):
    """A product that the shop adds to the order, by its name in each language (`{en: …, hi: …}`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product_id: Identifier
    name: Annotated[Mapping[str, Text], Field(min_length=1)]


class Benefit(BaseModel):
    """Exactly one of the four: `{percent: 15}`, `{amount: {amount_minor: 20000, currency: INR}}`,
    `{gift: {product_id: mug, name: {en: A mug}}}` or `{points: 200}`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    percent: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    amount: Money | None = None
    gift: Gift | None = None
    points: Annotated[int, Field(strict=True, ge=1, le=10**9)] | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if sum(getattr(self, kind) is not None for kind in _KINDS) != 1:
            raise ValueError(f"give one of {', '.join(_KINDS)}")
        if self.amount is not None and self.amount.amount_minor == 0:
            raise ValueError("an amount of nothing is no offer")
        return self

    @property
    def kind(self) -> BenefitKind:
        return next(kind for kind in _KINDS if getattr(self, kind) is not None)
