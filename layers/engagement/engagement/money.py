"""Money: an integer of minor units (cents, paise, whole yen) with its ISO 4217 currency. Never a float."""

from decimal import Decimal
from functools import cache
from typing import Annotated

from babel.core import Locale
from babel.numbers import format_currency, get_currency_precision
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Money(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    # Strict, and below DynamoDB's 38 digits: JSON's 19.99 or "1999" is an error, not a guess.
    amount_minor: Annotated[int, Field(strict=True, ge=0, le=10**15)]
    currency: Currency

    def times(self, quantity: int) -> "Money":
        # Not validated again: the bounds are for what comes in, and a product of two may be larger.
        return Money.model_construct(amount_minor=self.amount_minor * quantity, currency=self.currency)


def display_money(money: Money, locale: str) -> str:
    """₹1,00,000 in `hi-IN`, $19.99 in `en-US`: the locale's grouping, the currency's decimals.

    A whole amount has no `.00`: exact all the same, and what price tags say.
    """
    amount = Decimal(money.amount_minor).scaleb(-get_currency_precision(money.currency))
    known = locale.replace("-", "_")
    if amount % 1:
        return format_currency(amount, money.currency, locale=known)
    return format_currency(amount, money.currency, _whole(known), locale=known, currency_digits=False)


@cache
def _whole(locale: str) -> str:
    """The locale's pattern for money, without decimals."""
    pattern: str = Locale.parse(locale).currency_formats["standard"].pattern
    return pattern.replace(".00", "")
