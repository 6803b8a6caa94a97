"""A plan is published while everything runs: functions follow it within five minutes, and a broken one moves nobody."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from engagement.plan import PLAN_FILE
from engagement.published_plan import pack
from in_the_cloud import only_schedule, tell
from local_cloud.cloud import AwsCall, LocalCloud
from shop_facts import a_line, cart_updated, registered

MINUTE = timedelta(minutes=1)
TEXT = PLAN_FILE.read_text(encoding="utf-8")
NUDGED_AFTER = "- after: 1h"
BROKEN = "shop: {name: Chai & Co"


@pytest.fixture(autouse=True)
def _the_sweep_of_carts_alone(cloud: LocalCloud) -> None:
    only_schedule(cloud, "CartNudgesSweepFunction")


def publish(cloud: LocalCloud, value: str) -> None:
    boto3.client("ssm").put_parameter(
        Name="/local/engagement-plan", Value=value, Type="String", Overwrite=True, Tier="Intelligent-Tiering"
    )


def nudged_after(duration: str) -> str:
    return pack(TEXT.replace(NUDGED_AFTER, f"- after: {duration}", 1))


def leave_a_cart(cloud: LocalCloud, customer: str) -> None:
    tell(
        cloud,
        registered(customer),
        cart_updated(f"cart-{customer}", customer_id=customer, occurred_at=cloud.now, lines=(a_line(),)),
    )


def nudged(cloud: LocalCloud) -> int:
    return sum(mail.tags["Campaign"] == "cart_nudge" for mail in cloud.mails)


def refusals(cloud: LocalCloud) -> list[dict[str, Any]]:
    lines = [json.loads(line) for _, line in cloud.logs if line.startswith("{") and "plan refused" in line]
    return [line for line in lines if line.get("message") == "plan refused"]


def test_a_shorter_delay_is_followed_by_functions_that_run_within_five_minutes(cloud: LocalCloud) -> None:
    leave_a_cart(cloud, "asha")
    cloud.advance(by=5 * MINUTE)
    publish(cloud, nudged_after("30m"))
    cloud.advance(by=5 * MINUTE)
    leave_a_cart(cloud, "bela")
    cloud.advance(by=29 * MINUTE)
    assert nudged(cloud) == 0
    cloud.advance(by=6 * MINUTE)  # the sweep's next round
    (mail,) = cloud.mails
    assert "bela" in mail.to[0]


def test_a_broken_plan_moves_no_function_warm_or_cold_and_is_told_once_in_each(cloud: LocalCloud) -> None:
    publish(cloud, nudged_after("30m"))
    leave_a_cart(cloud, "asha")
    publish(cloud, BROKEN)
    cloud.advance(by=35 * MINUTE)  # the sweep begins cold: the broken plan is all that it ever sees first
    assert nudged(cloud) == 1
    assert not any(invocation.error for invocation in cloud.invocations)
    told = refusals(cloud)
    assert {(line["plan_version"], line["followed_version"]) for line in told} == {(2, 1)}
    for each in range(8):
        cloud.publish(
            "CartUpdated", cart_updated(f"cart-{each}", occurred_at=cloud.now).model_dump(mode="json")
        )
    cloud.settle()
    assert len(refusals(cloud)) <= len(told) + 1  # the facts' function, cold before, met it as well
    publish(cloud, nudged_after("20m"))
    cloud.advance(by=5 * MINUTE)
    leave_a_cart(cloud, "bela")
    cloud.advance(by=25 * MINUTE)
    assert "bela" in cloud.mails[-1].to[0]


def test_functions_go_on_while_ssm_tells_no_plan(cloud: LocalCloud) -> None:
    publish(cloud, nudged_after("30m"))
    leave_a_cart(cloud, "asha")
    cloud.advance(by=5 * MINUTE)

    def away(call: AwsCall, moment: str) -> None:
        if "engagement-plan" in str(call.parameters.get("Name")) and moment == "before":
            raise TimeoutError("SSM does not answer")

    cloud.faults.append(away)
    cloud.advance(by=30 * MINUTE)
    assert nudged(cloud) == 1
    assert not any(invocation.error for invocation in cloud.invocations)
