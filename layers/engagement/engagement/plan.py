"""The engagement plan: every delay, offer, hour and language, and why each campaign exists.

`layers/engagement/engagement_plan.yaml` is its one source. A campaign's `settings` are checked by the model of the
capability that runs it, so that a new capability brings its own and edits nothing here.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    model_validator,
)

from engagement.brand import Brand
from engagement.errors import InvalidPlanError
from engagement.events.base import Text, Url
from engagement.events.customers import Locale, TimeZone, Topic
from engagement.plan_yaml import Lines, read_yaml

PLAN_FILE = Path(__file__).parents[1] / "engagement_plan.yaml"

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _duration(text: object) -> timedelta:
    amount, unit = str(text)[:-1], str(text)[-1:]
    if unit not in _UNITS or not amount.isdigit() or int(amount) == 0:
        raise ValueError("write a duration as a whole number and a unit: 30m, 1h or 7d")
    return timedelta(**{_UNITS[unit]: int(amount)})


def _share(text: object) -> Decimal:
    try:
        share = Decimal(str(text).removesuffix("%")) / 100
    except InvalidOperation:
        share = Decimal(0)
    if not str(text).endswith("%") or not 0 < share <= 1:
        raise ValueError("write a share as a percentage above 0%: 0.1%")
    return share


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Share = Annotated[Decimal, BeforeValidator(_share)]
Hour = Annotated[int, Field(strict=True, ge=0, le=24)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shop(_Section):
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


class QuietHours(_Section):
    """From `from_hour` to `to_hour` on the customer's clock, across midnight if the first is the later one."""

    from_hour: Hour
    to_hour: Hour

    @model_validator(mode="after")
    def _leave_time_for_mail(self) -> Self:
        if (self.to_hour - self.from_hour) % 24 == 0:
            raise ValueError("from and to are the same hour; without quiet_hours there are none")
        return self


class FrequencyCap(_Section):
    """So many marketing mails to one customer within any such span, all campaigns together."""

    mails: Annotated[int, Field(strict=True, ge=1, le=50)]
    within: Duration


class SoftBounces(_Section):
    """So many mails to one address that bounced softly within such a span suppress it for a while."""

    mails: Annotated[int, Field(strict=True, ge=2, le=20)]
    within: Duration
    suppress_for: Duration


class Fuse(_Section):
    """When a campaign pauses by itself: once so many of its mails were sent within the span, at these shares."""

    within: Duration
    at_least: Annotated[int, Field(strict=True, ge=1)]
    complaints: Share
    hard_bounces: Share


class Delivery(_Section):
    """The mail path."""

    # After so long a claim whose worker never reported back counts as `unknown`.
    claim_lease: Duration
    keep_log_for: Duration
    # How long a mail can be viewed in the browser.
    keep_pages_for: Duration
    # How often mail that waits for an account or a campaign to go on asks again.
    look_again: Duration
    quiet_hours: QuietHours | None = None
    frequency_cap: FrequencyCap
    soft_bounces: SoftBounces
    fuse: Fuse


class Campaign(_Section):
    """One line of an engagement plan. The words are for people; topic, kind and enabled decide."""

    purpose: Text
    audience: Text
    channel: Literal["email", "points"]
    frequency: Text
    owner: Text
    feedback: Text
    measure_of_success: Text
    enabled: bool = True
    # What a customer consents to; every campaign by e-mail has one.
    topic: Topic | None = None
    kind: Literal["marketing", "transactional"] = "marketing"
    settings: dict[str, Any] = {}


class CampaignSettings(_Section):
    """Base of each capability's own settings; `campaign` is the name of its entry in the plan."""

    campaign: ClassVar[str]


class EngagementPlan(_Section):
    shop: Shop
    delivery: Delivery
    topics: Mapping[Topic, Mapping[Language, Text]]
    campaigns: Mapping[Topic, Campaign]

    _lines: Lines = PrivateAttr()
    _source: str = PrivateAttr()

    def campaign(self, name: str) -> Campaign:
        """Raises InvalidPlanError if the plan has no such campaign."""
        if name not in self.campaigns:
            raise InvalidPlanError(f"{self._source}: campaigns: there is no {name!r}")
        return self.campaigns[name]

    def topic_name(self, topic: str, language: str) -> str:
        """What customers know a topic as; in the shop's language where it has no name in theirs.

        A topic that left the plan is called by its own word: links in old mails still lead to it.
        """
        names = self.topics.get(topic, {})
        return names.get(language) or names.get(self.shop.language) or topic.replace("_", " ")

    def settings[S: CampaignSettings](self, model: type[S]) -> S:
        """A campaign's settings as its capability's model. Raises InvalidPlanError naming line and field."""
        campaign = self.campaign(model.campaign)
        try:
            return model.model_validate(campaign.settings)
        except ValidationError as error:
            where = ("campaigns", model.campaign, "settings")
            raise InvalidPlanError(_describe(error, self._source, self._lines, where)) from None


@cache
def engagement_plan() -> EngagementPlan:
    """The plan that was deployed with the layer; read once in the life of an execution environment."""
    return read_plan(PLAN_FILE.read_text(encoding="utf-8"), source=PLAN_FILE.name)


def read_plan(text: str, *, source: str) -> EngagementPlan:
    """A plan from its YAML text. Raises InvalidPlanError: `engagement_plan.yaml:23: shop.locale: …`, a line a fault."""
    content, lines = read_yaml(text, source=source)
    try:
        plan = EngagementPlan.model_validate(content)
    except ValidationError as error:
        raise InvalidPlanError(_describe(error, source, lines, ())) from None
    for topic, names in plan.topics.items():
        if plan.shop.language not in names:
            line = lines.of(("topics", topic))
            raise InvalidPlanError(f"{source}:{line}: topics.{topic}: has no name in {plan.shop.language!r}")
    for name, campaign in plan.campaigns.items():
        if campaign.channel == "email" and campaign.topic not in plan.topics:
            line = lines.of(("campaigns", name, "topic"))
            raise InvalidPlanError(
                f"{source}:{line}: campaigns.{name}.topic: name one of {', '.join(plan.topics)}"
            )
    plan._lines, plan._source = lines, source
    return plan


def _describe(error: ValidationError, source: str, lines: Lines, where: tuple[str, ...]) -> str:
    faults = []
    for fault in error.errors(include_url=False):
        path = (*where, *fault["loc"])
        faults.append(f"{source}:{lines.of(path)}: {'.'.join(map(str, path))}: {fault['msg']}")
    return "\n".join(faults)
