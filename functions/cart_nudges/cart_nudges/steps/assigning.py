"""Assigning: which form of a step a customer gets. By nothing but their id and the experiment, so always the same."""

from dataclasses import dataclass
from hashlib import sha256

from cart_nudges.campaign import Experiment, Incentive, Step
from engagement.events.carts import HOLDOUT, STANDARD


@dataclass(frozen=True)
class Form:
    """What a customer gets of a step. `experiment` and `variant` are what it counts under; `mail_variant` names it in
    the mail path; `withheld`: it is an experiment's holdout.
    """

    experiment: str
    variant: str
    mail_variant: str
    mail: str
    subject: str
    incentive: Incentive | None
    withheld: bool = False


def form_of(step: Step, number: int, customer_id: str) -> Form:
    """The form in which the customer gets this step."""
    name = f"step-{number}"
    if step.experiment is None:
        return Form(name, STANDARD, name, step.mail, step.subject, step.incentive)
    variant = assigned(step.experiment, customer_id)
    counted = (step.experiment.name, variant, f"{name}-{variant}")
    if variant == HOLDOUT:
        return Form(*counted, step.mail, step.subject, incentive=None, withheld=True)
    form = step.experiment.variants[variant]
    return Form(
        *counted, form.mail or step.mail, form.subject or step.subject, form.incentive or step.incentive
    )


def assigned(experiment: Experiment, customer_id: str) -> str:
    """The variant for a customer: each its share by weight, in the plan's order, and the holdout last."""
    weights = {name: variant.weight for name, variant in experiment.variants.items()}
    if experiment.holdout:
        weights[HOLDOUT] = experiment.holdout
    number = int.from_bytes(sha256(f"{experiment.name}:{customer_id}".encode()).digest())
    place = number % sum(weights.values())
    for name, weight in weights.items():
        if place < weight:
            return name
        place -= weight
    raise AssertionError("a place beyond all weights")


def may_bring_incentive(step: Step) -> bool:
    """Whether any form of the step comes with an offer."""
    variants = step.experiment.variants.values() if step.experiment else ()
    return bool(step.incentive or any(variant.incentive for variant in variants))
