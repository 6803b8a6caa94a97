"""The engagement plan: every delay, offer, hour and language, and why each campaign exists.

`layers/engagement/engagement_plan.yaml` is its one source. A campaign's `settings` are checked by the model of the
capability that runs it, so that a new capability brings its own and edits nothing here.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    PrivateAttr,
    ValidationError,
)

from engagement.errors import InvalidPlanError
from engagement.events.base import Text
from engagement.events.customers import Topic
from engagement.plan_sections import (
    Delivery,
    Language,
    OfferRules,
    PlanSection,
    ReviewRules,
    Shop,
    TierRules,
)
from engagement.plan_yaml import Lines, read_yaml

PLAN_FILE = Path(__file__).parents[1] / "engagement_plan.yaml"


class Campaign(PlanSection):
    """One line of an engagement plan. The words are for people; topic, kind and enabled decide."""

    purpose: Text
    audience: Text
    channel: Literal["email", "points"]
    frequency: Text
    owner: Text
    feedback: Text
    measure_of_success: Text
    enabled: bool = True
    # The room that runs it, where that runs several campaigns.
    capability: Topic | None = None
    # What a customer consents to; every campaign by e-mail has one.
    topic: Topic | None = None
    kind: Literal["marketing", "transactional"] = "marketing"
    settings: Mapping[str, Any] = {}


class CampaignSettings(PlanSection):
    """Base of each capability's own settings; `campaign` is the name of its entry in the plan."""

    campaign: ClassVar[str]


class SharedSettings(PlanSection):
    """Base of the settings of a capability that runs several campaigns, each with such settings of its own."""

    capability: ClassVar[str]


class EngagementPlan(PlanSection):
    shop: Shop
    delivery: Delivery
    offers: OfferRules
    reviews: ReviewRules
    tiers: TierRules
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
        return self._settings_of(model.campaign, model)

    def all_settings[S: SharedSettings](self, model: type[S], *, enabled: bool = False) -> dict[str, S]:
        """The settings of each campaign that the capability runs, by its name, in the plan's order; those that are
        switched off too, unless only the `enabled` ones are asked for. Raises InvalidPlanError naming line and field.
        """
        return {
            name: self._settings_of(name, model)
            for name, campaign in self.campaigns.items()
            if campaign.capability == model.capability and (campaign.enabled or not enabled)
        }

    def _settings_of[S: BaseModel](self, name: str, model: type[S]) -> S:
        try:
            return model.model_validate(self.campaign(name).settings)
        except ValidationError as error:
            where = ("campaigns", name, "settings")
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
