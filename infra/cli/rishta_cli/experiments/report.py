"""What is known of experiments: the counts of `cart_recovery`, beside what the plan says of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engagement.events.carts import HOLDOUT, STANDARD
from engagement.plan import EngagementPlan
from rishta_cli.experiments.figures import FEWEST_PAYERS, MISMATCH_BELOW, Arm, currencies, sample_ratio
from rishta_cli.project import import_from_room

_OF_STEP = (
    "Counted: each order once, for the last mail before it that arrived: about the order's own cart, or else sharing a"
    " product with it. What a holdout bought is not in here."
)
_OF_EXPERIMENT = (
    "Counted: of each cart the first order in the time after its nudge, or after the moment at which the holdout did"
    " not get it, whatever other steps did. So an order may also count for a step, and in another experiment."
)


@dataclass(frozen=True)
class Report:
    """A step by itself (`step-2`), or an experiment at it. `arms`: in an experiment the one to compare with first;
    `weights`: by the plan, None if it left it.
    """

    name: str
    step: int
    arms: tuple[Arm, ...]
    weights: Mapping[str, int] | None

    @property
    def is_experiment(self) -> bool:
        return self.name != f"step-{self.step}"

    @property
    def title(self) -> str:
        return f"Step {self.step}: {self.name}" if self.is_experiment else f"Step {self.step}"

    @property
    def counted(self) -> str:
        """Which orders are, in a sentence or two."""
        return _OF_EXPERIMENT if self.is_experiment else _OF_STEP

    @property
    def base(self) -> Arm | None:
        """The one to compare with: only an experiment measures all alike."""
        return self.arms[0] if self.is_experiment else None

    @property
    def too_few_paid(self) -> str:
        """Why revenue is not shown, in a sentence; empty where all of it is."""
        paid = currencies(self.arms)
        if all(arm.revenue(currency) for arm in self.arms for currency in paid):
            return ""
        return f"–: fewer than {FEWEST_PAYERS} customers paid, too few to tell revenue by."

    @property
    def is_mismatch(self) -> bool:
        chance = self._chance()
        return chance is not None and chance < MISMATCH_BELOW

    @property
    def split(self) -> str:
        """Whether the customers were shared out as planned, in a sentence; empty where there was nothing to share."""
        if not self.is_experiment:
            return ""
        if self.weights is None:
            return "The plan has it no more, so its split is not checked."
        strangers = [arm.variant for arm in self.arms if arm.variant not in self.weights]
        if strangers:
            return f"Not in the plan: {', '.join(strangers)}. Its split is not checked."
        if len(self.weights) == 1:
            return ""
        chance = self._chance()
        planned = ", ".join(f"{variant} {weight}" for variant, weight in self.weights.items())
        if chance is None:
            return f"Too few customers to check the split (planned: {planned})."
        if self.is_mismatch:
            return (
                f"SAMPLE RATIO MISMATCH, p < {MISMATCH_BELOW}: the split is not what was planned ({planned})."
                " Until you know why, these figures mean nothing."
            )
        return f"The split is as planned ({planned}): p = {chance:.3f}."

    def _chance(self) -> float | None:
        if self.weights is None or any(arm.variant not in self.weights for arm in self.arms):
            return None
        return sample_ratio(self.arms, self.weights)


def reports(plan: EngagementPlan, counted: Mapping[Any, Mapping[str, int]]) -> list[Report]:
    """Of all steps, and experiments, that were counted or are planned; `counted`: by the room's groups."""
    planned = planned_weights(plan)
    found = []
    for step, name in {(group.step, group.experiment) for group in counted} | planned.keys():
        weights = planned.get((step, name))
        arms = {
            group.variant: Arm(group.variant, counts)
            for group, counts in counted.items()
            if (group.step, group.experiment) == (step, name)
        }
        for variant in weights or ():
            arms.setdefault(variant, Arm(variant, {}))
        found.append(Report(name, step, _ordered(arms.values(), weights or {}), weights))
    return sorted(found, key=lambda report: (report.step, report.is_experiment, report.name))


def planned_weights(plan: EngagementPlan) -> dict[tuple[int, str], dict[str, int]]:
    """The weight of each variant, and in an experiment of the holdout, by step and name."""
    campaign = import_from_room("cart_nudges", "campaign")
    assert campaign, "the room cart_nudges has settings"
    planned = {}
    for number, step in enumerate(plan.settings(campaign.CartNudgeSettings).steps, 1):
        weights = {STANDARD: 1}
        if step.experiment:
            weights = {name: variant.weight for name, variant in step.experiment.variants.items()}
            held = {HOLDOUT: step.experiment.holdout} if step.experiment.holdout else {}
            planned[number, step.experiment.name] = weights | held
        planned[number, f"step-{number}"] = weights
    return planned


def _ordered(arms: Iterable[Arm], weights: Mapping[str, int]) -> tuple[Arm, ...]:
    """The holdout, which shows what happens without a nudge; then the variants as the plan has them."""
    places = [HOLDOUT, *weights]
    return tuple(
        sorted(
            arms,
            key=lambda arm: (
                places.index(arm.variant) if arm.variant in places else len(places),
                arm.variant,
            ),
        )
    )
