"""The parts of an engagement plan that hold for all campaigns, and the units in which plans are written."""

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from engagement.brand import Brand
from engagement.events.base import Text, Url
from engagement.events.customers import Locale, TimeZone, Topic
from engagement.events.customers import Tier as TierName
from engagement.money import Currency

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_WRITTEN = re.compile(r"([0-9]{1,8})([mhd])")
_MULTIPLIED = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?x")
_MOST_TIMES = 1000
# A century: nobody means more, and the calendar ends.
_LONGEST = timedelta(days=36_525)


def _duration(text: object) -> timedelta:
    written = _WRITTEN.fullmatch(str(text))
    duration = timedelta(**{_UNITS[written[2]]: int(written[1])}) if written else timedelta(0)
    if not timedelta(0) < duration <= _LONGEST:
        raise ValueError("write a duration as a whole number and a unit: 30m, 1h or 7d")
    return duration


def _share(text: object) -> Decimal:
    try:
        share = Decimal(str(text).removesuffix("%")) / 100
    except InvalidOperation:
        share = Decimal(0)
    if not str(text).endswith("%") or not 0 < share <= 1:
        raise ValueError("write a share as a percentage above 0%: 0.1%")
    return share


def _multiplier(text: object) -> int:
    written = _MULTIPLIED.fullmatch(str(text))
    times = int(written[1]) * 100 + int((written[2] or "").ljust(2, "0")) if written else 0
    if not 1 <= times <= _MOST_TIMES:
        raise ValueError("write a multiplier up to 10x, with two decimals at most: 2x or 1.25x")
    return times


Duration = Annotated[timedelta, BeforeValidator(_duration)]
# In hundredths.
Multiplier = Annotated[int, BeforeValidator(_multiplier)]
Share = Annotated[Decimal, BeforeValidator(_share)]
Hour = Annotated[int, Field(strict=True, ge=0, le=24)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class PlanSection(BaseModel):
    """What is written is meant: an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Shop(PlanSection):
    """The shop as its customers know it."""

    name: Text
    website: Url
    postal_address: Text
    locale: Locale
    time_zone: TimeZone
    brand: Brand

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def language(self) -> str:
        return self.locale.partition("-")[0]


class QuietHours(PlanSection):
    """From `from_hour` to `to_hour` on the customer's clock, across midnight if the first is the later one."""

    from_hour: Hour
    to_hour: Hour

    @model_validator(mode="after")
    def _leave_time_for_mail(self) -> Self:
        if (self.to_hour - self.from_hour) % 24 == 0:
            raise ValueError("from and to are the same hour; without quiet_hours there are none")
        return self


class FrequencyCap(PlanSection):
    """So many marketing mails to one customer within any such span, all campaigns together."""

    mails: Annotated[int, Field(strict=True, ge=1, le=50)]
    within: Duration


class SoftBounces(PlanSection):
    """So many mails to one address that bounced softly within such a span suppress it for a while."""

    mails: Annotated[int, Field(strict=True, ge=2, le=20)]
    within: Duration
    suppress_for: Duration


class Fuse(PlanSection):
    """When a campaign pauses by itself: once so many of its mails were sent within the span, at these shares."""

    within: Duration
    at_least: Annotated[int, Field(strict=True, ge=1)]
    complaints: Share
    hard_bounces: Share


class Delivery(PlanSection):
    """The mail path."""

    # After so long a claim whose worker never reported back counts as `unknown`.
    claim_lease: Duration
    keep_log_for: Duration
    # How long a mail can be viewed in the browser.
    keep_pages_for: Duration
    # How often mail that waits for an account or a campaign to go on asks again.
    look_again: Duration
    quiet_hours: QuietHours | None = None
    # No marketing to a customer whom we know to be younger than this, in years.
    minimum_age: Annotated[int, Field(strict=True, ge=0, le=25)] = 0
    frequency_cap: FrequencyCap
    soft_bounces: SoftBounces
    fuse: Fuse


class OfferRules(PlanSection):
    """What holds for the offers of all campaigns."""

    # An order of the last minute may be told late: an offer counts as expired only so long after its end.
    wait_for_late_orders: Duration
    # How long after its end it is remembered what became of an offer. Longer than a year: whose day is moved within the
    # year asks for the same offer again on the new day, and what was forgotten would be issued, and be good, once more.
    keep_for: Annotated[Duration, Field(ge=timedelta(days=370))]

    @model_validator(mode="after")
    def _ends_before_it_is_forgotten(self) -> Self:
        if self.keep_for <= self.wait_for_late_orders:
            raise ValueError(
                "keep_for is longer than wait_for_late_orders, or offers are forgotten unexpired"
            )
        return self


class HeldWords(PlanSection):
    """Words, by language, that a review is rejected for, and those for which somebody looks at it first."""

    reject: Mapping[Language, tuple[Text, ...]] = {}
    hold: Mapping[Language, tuple[Text, ...]] = {}


class Moderation(PlanSection):
    """What the rules mind before a review is shown. Stars alone always are: how many there are is minded by no rule."""

    # A text that is shorter, in letters, waits for somebody's look; none at all does not.
    text_at_least: Annotated[int, Field(strict=True, ge=1, le=200)]
    # In whose scripts reviews are shown at once; one in another waits for somebody who can read it.
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    words: HeldWords = HeldWords()


class Help(PlanSection):
    """Who gave so few stars is offered help besides; their review is treated like any other."""

    at_most_stars: Annotated[int, Field(strict=True, ge=1, le=4)]
    url: Url


class ReviewRules(PlanSection):
    """What holds for reviews, however they are asked for."""

    # How long the links in a mail work.
    link_valid_for: Duration
    # For a review that is shown, whatever it says; 0: none.
    points: Annotated[int, Field(strict=True, ge=0, le=10**6)]
    help: Help
    moderation: Moderation


class Tier(PlanSection):
    """Whoever reaches `threshold` (points, or money in minor units), and not the next one's. Their orders earn so many
    `times` as much.

    `benefits` are what it brings besides, by a name for other capabilities, as customers read it in each language.
    """

    name: TierName
    threshold: Annotated[int, Field(strict=True, ge=0, le=10**15)]
    # In hundredths.
    times: Multiplier = 100
    # How customers know the tier.
    title: Mapping[Language, Text]
    benefits: Mapping[Topic, Mapping[Language, Text]] = {}


class Downgrade(PlanSection):
    """A period over which too little was measured costs the tier, `grace` after its end; by how much."""

    grace: Duration | None = None
    by: Literal["one_step", "fully"]


class TierRules(PlanSection):
    """What tiers there are, from the lowest up, and how they are reached."""

    by: Literal["points", "spend"]
    # Of `spend`.
    currency: Currency | None = None
    over: Literal["calendar_year", "rolling_year"]
    downgrade: Downgrade
    steps: Annotated[tuple[Tier, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ascend_from_nothing(self) -> Self:
        thresholds = [tier.threshold for tier in self.steps]
        if thresholds[0] != 0 or thresholds != sorted(set(thresholds)):
            raise ValueError(
                "the first tier's threshold is 0, and each further one's more than the one before"
            )
        if len({tier.name for tier in self.steps}) < len(self.steps):
            raise ValueError("give each tier a name of its own")
        return self

    @model_validator(mode="after")
    def _names_its_currency(self) -> Self:
        if (self.by == "spend") != (self.currency is not None):
            raise ValueError("spend has a currency, and points have none")
        if self.downgrade.grace and self.downgrade.grace % timedelta(days=1):
            raise ValueError("grace is in whole days")
        return self

    def of(self, name: str | None) -> Tier:
        """The tier of this name; the lowest for one that the plan does not know, and for None."""
        return next((tier for tier in self.steps if tier.name == name), self.steps[0])
