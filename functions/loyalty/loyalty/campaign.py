"""What the engagement plan says about loyalty: what earns points, how long they last, and the mails about them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engagement.events.base import Identifier, Text
from engagement.money import Currency
from engagement.plan import CampaignSettings, SharedSettings
from engagement.plan_sections import Duration, Hour, Multiplier, PlanSection

_BonusPoints = Annotated[int, Field(strict=True, ge=0, le=10**6)]
_A_DAY = timedelta(days=1)


def _whole_days(duration: timedelta) -> timedelta:
    if duration % _A_DAY:
        raise ValueError("write whole days: 14d")
    return duration


WholeDays = Annotated[Duration, AfterValidator(_whole_days)]


class Earning(PlanSection):
    """`points` for every `for_each_minor` that was paid in `currency`."""

    currency: Currency
    # Bounded so that the largest amount of money there is earns no more points than a fact about points can tell.
    points: Annotated[int, Field(strict=True, ge=1, le=1000)]
    for_each_minor: Annotated[int, Field(strict=True, ge=1, le=10**15)]


class EarnOn(PlanSection):
    """Whether tax, and what was paid for sending, earn as well."""

    tax: bool
    shipping: bool


class Multipliers(PlanSection):
    """A product's own beats its category's."""

    products: Mapping[Identifier, Multiplier] = {}
    categories: Mapping[Identifier, Multiplier] = {}


class Period(PlanSection):
    """From the beginning of `first_day` to the end of `last_day` at the shop, everything earns so many times as much;
    or only these products and categories. Of several periods the one that gives most counts.
    """

    name: Text
    first_day: date
    last_day: date
    times: Multiplier
    products: tuple[Identifier, ...] = ()
    categories: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("last_day is before first_day")
        return self

    def holds_for(self, day: date, product_id: str | None, category: str | None) -> bool:
        meant = not (self.products or self.categories)
        meant = meant or product_id in self.products or category in self.categories
        return meant and self.first_day <= day <= self.last_day


class Bonuses(PlanSection):
    """Points for what is no order; 0: none. A review's are in the plan's `reviews`."""

    sign_up: _BonusPoints = 0
    birthday: _BonusPoints = 0
    referral: _BonusPoints = 0
    # A birthday that was entered or changed more lately than this earns nothing this year.
    birthday_unchanged_for: WholeDays


class Expiry(PlanSection):
    """Points end so long after they became spendable (`earning`), or all of them so long after the last order or
    redemption, or after any last became spendable (`activity`); on that day, or with its month.
    """

    after: WholeDays
    counted_from: Literal["earning", "activity"]
    ends_with: Literal["day", "month"]
    # So long before that the customer is reminded.
    remind_before: Annotated[tuple[WholeDays, ...], Field(max_length=5)] = ()


def _each_currency_once(earning: tuple[Earning, ...]) -> tuple[Earning, ...]:
    currencies = [one.currency for one in earning]
    if len(set(currencies)) < len(currencies):
        raise ValueError("give each currency once")
    return earning


class LoyaltySettings(CampaignSettings):
    """`pending_for`: points of an order are not spendable, and count for no tier, until so long after it was paid."""

    campaign: ClassVar[str] = "loyalty"

    earning: Annotated[tuple[Earning, ...], AfterValidator(_each_currency_once)]
    earn_on: EarnOn
    multipliers: Multipliers = Multipliers()
    periods: tuple[Period, ...] = ()
    pending_for: WholeDays | None = None
    bonuses: Bonuses
    # Whether taking back may leave a customer with less than nothing; otherwise what is missing is let off.
    below_zero: bool
    reserved_for: Duration
    expiry: Expiry | None = None


class LoyaltyMailSettings(SharedSettings):
    """A mail about points. It leaves at `local_hour` on the shop's clock, a tier's at once (but for quiet hours); it is
    of no use `useful_for` later.
    """

    capability: ClassVar[str] = "loyalty"

    mail: Literal["points_expiring", "tier_reached", "tier_lowered", "points_statement"]
    local_hour: Hour = 0
    useful_for: Duration

    @model_validator(mode="after")
    def _has_its_hour(self) -> Self:
        if ("local_hour" in self.model_fields_set) == self.mail.startswith("tier_"):
            raise ValueError("a reminder and a statement have a local_hour, and a tier's mail has none")
        return self
