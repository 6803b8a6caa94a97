"""What the plan may say about points and tiers."""

from typing import Any

import pytest

from engagement.errors import InvalidPlanError
from engagement.plan import PLAN_FILE, engagement_plan, read_plan
from loyalty_accrual.campaign import LoyaltyAccrualSettings, earning_today

PLAN = PLAN_FILE.read_text(encoding="utf-8")


def changed(old: str, new: str) -> Any:
    assert old in PLAN
    return read_plan(PLAN.replace(old, new, 1), source="plan.yaml")


def test_the_plan_that_ships_is_valid() -> None:
    settings = engagement_plan().settings(LoyaltyAccrualSettings)
    assert {earning.currency for earning in settings.earning} >= {"INR", "USD"}
    assert settings.tiers[0].from_points == 0


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{currency: USD, points", "{currency: INR, points", "give each currency once"),
        ("for_each_minor: 10000}", "for_each_minor: 0}", "for_each_minor"),
        ("for_each_minor: 10000}", "for_each_minor: 99.5}", "for_each_minor"),
        ("{currency: INR, points: 1", "{currency: INR, points: 1001", "points"),
        ("{currency: INR,", "{currency: rupees,", "currency"),
        ("{name: bronze, from_points: 0}", "{name: bronze, from_points: 1}", "the first tier is from 0"),
        ("from_points: 500}", "from_points: 2000}", "from more than the one before"),
        ("from_points: 500}", "from_points: 3000}", "from more than the one before"),
        ("{name: silver,", "{name: gold,", "a name of its own"),
        # A tier's name is told as a fact, and campaigns name tiers by it.
        ("{name: silver,", "{name: Silver Club,", "should match pattern"),
    ],
)
def test_a_wrong_line_is_named(old: str, new: str, complaint: str) -> None:
    plan = changed(old, new)
    with pytest.raises(InvalidPlanError, match=complaint) as raised:
        plan.settings(LoyaltyAccrualSettings)
    assert str(raised.value).startswith("plan.yaml:")


def test_nothing_is_earned_while_the_campaign_is_switched_off() -> None:
    assert earning_today(engagement_plan()) != ()
    assert earning_today(changed("channel: points", "channel: points\n    enabled: false")) == ()
