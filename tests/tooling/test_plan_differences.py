"""What one plan changes of another, as people read it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from engagement.plan import PLAN_FILE
from engagement.plan_yaml import read_yaml
from rishta_cli.plans.differences import differences

PLAN: dict[str, Any] = read_yaml(PLAN_FILE.read_text(encoding="utf-8"), source="plan")[0]


@pytest.fixture
def plan() -> dict[str, Any]:
    return deepcopy(PLAN)


def settings(plan: Mapping[str, Any], campaign: str) -> dict[str, Any]:
    found: dict[str, Any] = plan["campaigns"][campaign]["settings"]
    return found


def changed(plan: Mapping[str, Any]) -> dict[str, list[str]]:
    return differences(PLAN, plan)


def test_a_plan_changes_nothing_of_itself(plan: dict[str, Any]) -> None:
    assert changed(plan) == {}


def test_a_delay_is_told_by_its_step(plan: dict[str, Any]) -> None:
    settings(plan, "cart_nudge")["steps"][0]["after"] = "2h"
    assert changed(plan) == {"cart_nudge": ["steps, cart_reminder, after: 1h → 2h"]}


def test_a_step_put_in_front_changes_none_of_those_behind(plan: dict[str, Any]) -> None:
    step = {"after": "30m", "useful_for": "1h", "mail": "cart_early_reminder"}
    settings(plan, "cart_nudge")["steps"].insert(0, step)
    (line,) = changed(plan)["cart_nudge"]
    assert line.startswith('steps, cart_early_reminder: new, {"after": "30m"')


def test_steps_that_change_places_are_told(plan: dict[str, Any]) -> None:
    settings(plan, "cart_nudge")["steps"].reverse()
    order = "cart_last_call, cart_second_reminder, cart_reminder"
    assert changed(plan) == {"cart_nudge": [f"steps: in another order: {order}"]}


def test_entries_without_a_name_are_told_by_their_number() -> None:
    before, after = ({"a": {"list": [{"x": 1}, {"x": number}]}} for number in (2, 3))
    assert differences(before, after) == {"a": ["list, number 2, x: 2 → 3"]}


def test_words_of_a_list_come_and_go(plan: dict[str, Any]) -> None:
    words = plan["reviews"]["moderation"]["words"]["hold"]["en"]
    words.remove("crypto")
    words.append("refund")
    assert changed(plan) == {"reviews": ["moderation, words, hold, en: with refund; without crypto"]}


def test_what_is_left_out_and_what_is_new_are_told(plan: dict[str, Any]) -> None:
    del settings(plan, "birthday_offer")["follow_up"]
    plan["delivery"]["minimum_age"] = 18
    settings(plan, "birthday_offer")["years"] = {"from": 2}
    assert changed(plan) == {
        "delivery": ["minimum_age: 16 → 18"],
        "birthday_offer": ['years: new, {"from": 2}', 'follow_up: taken out, was {"days_before_end": 3}'],
    }


def test_a_campaign_is_switched_off_and_on(plan: dict[str, Any]) -> None:
    plan["campaigns"]["cart_nudge"]["enabled"] = False
    assert changed(plan) == {"cart_nudge": ["switched off"]}
    assert differences(plan, PLAN) == {"cart_nudge": ["switched on"]}


def test_campaigns_come_and_go(plan: dict[str, Any]) -> None:
    plan["campaigns"]["wedding_day"] = {"purpose": "Celebrate"} | plan["campaigns"].pop("birthday_offer")
    purpose = plan["campaigns"]["wedding_day"]["purpose"]
    found = changed(plan)
    assert found["wedding_day"] == [f"a new campaign: {purpose}"]
    (line,) = found["birthday_offer"]
    assert line.startswith("leaves the plan; ")
    assert found.keys() == {"wedding_day", "birthday_offer"}


def test_a_value_that_is_long_is_cut(plan: dict[str, Any]) -> None:
    plan["shop"]["postal_address"] = "x" * 500
    (line,) = changed(plan)["shop"]
    assert line.endswith("x…")
    assert len(line) < 200
