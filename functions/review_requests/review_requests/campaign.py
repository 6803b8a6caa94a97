"""What the engagement plan says about review requests."""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar, Self

from pydantic import model_validator

from engagement.events.base import Identifier
from engagement.plan import CampaignSettings
from engagement.plan_sections import Duration, Hour, PlanSection

# What waiting for the hour on the customer's clock can add.
_A_DAY = timedelta(days=1)


class AskAfter(PlanSection):
    """From a product's arrival to the request. A category beats what is digital, and that where it was sent."""

    domestic: Duration
    foreign: Duration
    digital: Duration
    by_category: Mapping[Identifier, Duration] = {}

    @property
    def longest(self) -> timedelta:
        return max(self.domestic, self.foreign, self.digital, *self.by_category.values())


class Transit(PlanSection):
    """How long a parcel is on its way."""

    domestic: Duration
    foreign: Duration


class Exclude(PlanSection):
    categories: frozenset[Identifier] = frozenset()
    products: frozenset[Identifier] = frozenset()


class ReviewRequestSettings(CampaignSettings):
    """`local_hour`: 0 to 24 on the customer's own clock. `remind_after`: from the request; None: nobody is reminded."""

    campaign: ClassVar[str] = "review_request"

    ask_after: AskAfter
    transit: Transit
    deliveries_are_told: bool
    wait_for_rest: Duration
    together_within: Duration
    local_hour: Hour
    useful_for: Duration
    remind_after: Duration | None = None
    exclude: Exclude = Exclude()
    keep_request_for: Duration
    keep_reviewed_for: Duration

    @model_validator(mode="after")
    def _leaves_time_to_ask(self) -> Self:
        if self.useful_for < self.together_within + _A_DAY:
            raise ValueError(
                "useful_for must be a day longer than together_within: orders wait for one another"
            )
        return self

    @model_validator(mode="after")
    def _kept_while_useful(self) -> Self:
        until_asked = max(self.transit.domestic, self.transit.foreign) + self.ask_after.longest
        until_asked += self.wait_for_rest + self.useful_for
        until_reminded = self.remind_after + self.useful_for if self.remind_after else timedelta()
        if self.keep_request_for < until_asked + until_reminded:
            raise ValueError(
                "keep_request_for must not end before all delays are over, the reminder's included"
            )
        return self
