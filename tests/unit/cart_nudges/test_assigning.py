"""Which form of a step a customer gets."""

from collections import Counter
from typing import Any

import pytest

from cart_nudges.campaign import Experiment, Step
from cart_nudges.steps.assigning import Form, assigned, form_of, may_bring_incentive
from cart_nudges.steps.telling import cart_nudged
from shop_facts import NOW, days
from tests.unit.cart_nudges.test_steps_of_a_cart import handed

INCENTIVE = {
    "percent": 10,
    "valid_for": "5d",
    "worth_at_least": [{"amount_minor": 150000, "currency": "INR"}],
    "not_again_for": "90d",
}
IDS = [f"cust-{number}" for number in range(10_000)]


EXPERIMENT: dict[str, Any] = {
    "name": "coupon_or_not",
    "variants": {"plain": {"weight": 60}, "coupon": {"weight": 30, "incentive": INCENTIVE}},
    "holdout": 10,
}


def an_experiment(**changes: Any) -> Experiment:
    return Experiment.model_validate({**EXPERIMENT, **changes})


def a_step(**changes: Any) -> Step:
    known = {"after": "1h", "useful_for": "20h", "mail": "cart_reminder"}
    return Step.model_validate({**known, **changes})


def forms(step: Step) -> dict[str, Form]:
    return {form.variant: form for form in (form_of(step, 2, customer_id) for customer_id in IDS[:300])}


def test_the_shares_are_as_the_weights_say() -> None:
    shares = Counter(assigned(an_experiment(), customer_id) for customer_id in IDS)
    assert shares["plain"] == pytest.approx(6000, rel=0.05)
    assert shares["coupon"] == pytest.approx(3000, rel=0.05)
    assert shares["holdout"] == pytest.approx(1000, rel=0.08)


def test_a_customer_stays_in_their_variant() -> None:
    """Held against values that never change: a new hash would move every customer of a running experiment."""
    names = ("asha", "farid", "lina", "mira", "nila", "omar")
    variants = ["plain", "coupon", "plain", "coupon", "holdout", "coupon"]
    assert [assigned(an_experiment(), f"cust-{name}") for name in names] == variants


def test_one_experiment_says_nothing_about_another() -> None:
    both = Counter(
        (assigned(an_experiment(), each), assigned(an_experiment(name="another"), each)) for each in IDS
    )
    assert both["plain", "plain"] == pytest.approx(3600, rel=0.1)
    assert both["holdout", "holdout"] == pytest.approx(100, rel=0.35)


def test_without_a_holdout_everybody_gets_something() -> None:
    shares = Counter(assigned(an_experiment(holdout=None), customer_id) for customer_id in IDS)
    assert shares.keys() == {"plain", "coupon"}
    assert shares["plain"] == pytest.approx(6667, rel=0.05)


def test_what_a_variant_does_not_say_is_as_the_step_has_it() -> None:
    variants = {
        "as_it_is": {"weight": 1},
        "other": {"weight": 1, "mail": "cart_last_call", "subject": "subject_question"},
    }
    step = a_step(experiment={"name": "other_mail", "variants": variants}, incentive=INCENTIVE)
    assert forms(step) == {
        "as_it_is": Form(
            "other_mail", "as_it_is", "step-2-as_it_is", "cart_reminder", "subject", step.incentive
        ),
        "other": Form(
            "other_mail", "other", "step-2-other", "cart_last_call", "subject_question", step.incentive
        ),
    }


def test_the_holdout_is_withheld_and_gets_no_incentive() -> None:
    step = a_step(experiment=EXPERIMENT)
    held = forms(step)["holdout"]
    assert (held.withheld, held.incentive, held.mail_variant) == (True, None, "step-2-holdout")
    assert not forms(step)["plain"].withheld


def test_a_step_without_an_experiment_counts_as_itself() -> None:
    form = form_of(a_step(), 2, "cust-asha")
    assert (form.experiment, form.variant, form.mail_variant) == ("step-2", "standard", "step-2")


def test_whether_a_step_may_come_with_an_offer() -> None:
    assert not may_bring_incentive(a_step())
    assert may_bring_incentive(a_step(incentive=INCENTIVE))
    variants = {"coupon": {"weight": 1, "incentive": INCENTIVE}}
    assert may_bring_incentive(a_step(experiment={"name": "coupons", "variants": variants}))


def test_the_fact_of_a_nudge_says_who_was_kept_in_the_holdout() -> None:
    held = cart_nudged("cart-9", handed(variant="holdout"), NOW, recovered_within=days(3))
    got = cart_nudged("cart-9", handed(), NOW, recovered_within=days(3))
    assert (held.withheld, got.withheld) == (True, False)
    assert got.counts_until == NOW + days(3)
    assert got.event_id == "cart-cart-9-step-1-nudged"


def test_the_longest_cart_id_makes_a_fact_too() -> None:
    told = {cart_nudged(name * 50, handed(), NOW, recovered_within=days(3)).event_id for name in ("aa", "ab")}
    assert len(told) == 2
