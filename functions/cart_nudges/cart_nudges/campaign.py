"""What the engagement plan says about cart nudges."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, model_validator

from engagement.events.base import Url
from engagement.events.carts import HOLDOUT, ExperimentName, VariantName
from engagement.money import Money
from engagement.offers import OfferTerms
from engagement.plan import CampaignSettings
from engagement.plan_sections import Duration, PlanSection

# Those in `mails/`.
type Mail = Literal["cart_reminder", "cart_second_reminder", "cart_last_call"]
# A word of the mail's in its catalogue, such as `subject` or `subject_question`.
SubjectWord = Annotated[str, StringConstraints(pattern=r"^subject(_[a-z]+)*$")]
Weight = Annotated[int, Field(strict=True, ge=1, le=1000)]
WhenItMayNotLeave = Literal["wait", "skip"]


class Incentive(OfferTerms):
    """An offer for a cart that is worth at least one of these sums, in its own currency, unless its customer had such
    an offer within `not_again_for`: nobody is to learn to leave carts for coupons.
    """

    worth_at_least: Annotated[tuple[Money, ...], Field(min_length=1)]
    not_again_for: Duration


class Variant(PlanSection):
    """One form of a step, for its share of the customers; what it does not say is as the step has it."""

    weight: Weight
    mail: Mail | None = None
    subject: SubjectWord | None = None
    incentive: Incentive | None = None


class Experiment(PlanSection):
    """Which form of a step brings carts back. Customers are shared out by the weights, `holdout` of them get nothing.

    Changing the weights moves customers; so a changed experiment gets a new name.
    """

    name: ExperimentName
    variants: Annotated[Mapping[VariantName, Variant], Field(min_length=1, max_length=10)]
    holdout: Weight | None = None

    @model_validator(mode="after")
    def _no_variant_is_the_holdout(self) -> Self:
        if HOLDOUT in self.variants:
            raise ValueError(f"{HOLDOUT} is the share of those who get nothing: no variant has that name")
        return self


class Step(PlanSection):
    """One mail of the sequence: so long `after` the cart's last activity, and of use for so long from then on."""

    after: Duration
    useful_for: Duration
    mail: Mail
    subject: SubjectWord = "subject"
    incentive: Incentive | None = None
    # What becomes of it where the customer's clock, or their other mails, are against it.
    in_quiet_hours: WhenItMayNotLeave = "wait"
    over_the_cap: WhenItMayNotLeave = "skip"
    experiment: Experiment | None = None


class CartNudgeSettings(CampaignSettings):
    """The steps in their order, and what holds for all of them."""

    campaign: ClassVar[str] = "cart_nudge"

    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=20)]
    # An order within so long after a nudge counts as recovered by it.
    recovered_within: Duration
    # A cart that nobody touches any more is forgotten after so long, and its link leads nowhere.
    keep_cart_for: Duration
    # The shop's page that puts a cart together again: it gets `?token=…`, which GET /carts/{token} makes a cart of.
    restore_url: Url

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        for earlier, later in pairwise(self.steps):
            if later.after < earlier.after + earlier.useful_for:
                raise ValueError("a step begins when the one before is of no more use, or later")
        last = self.steps[-1]
        if self.keep_cart_for < last.after + last.useful_for + self.recovered_within:
            raise ValueError("keep_cart_for must not end before an order could follow the last nudge")
        names = [step.experiment.name for step in self.steps if step.experiment]
        if len(names) != len(set(names)):
            raise ValueError("each step's experiment has a name of its own")
        return self

    @property
    def restore_host(self) -> str:
        return urlsplit(self.restore_url).hostname or ""
