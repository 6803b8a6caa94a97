"""Loyalty points in the local cloud, from the shop's fact to the ledger and the news of it."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from engagement.events.base import Event
from engagement.events.benefits import Benefit
from engagement.plan import engagement_plan
from ledger_in_memory import offer_given_back
from local_cloud.cloud import AwsCall, Killed, LocalCloud
from loyalty_accrual.ledger import Account
from loyalty_accrual.table import Ledger
from shop_facts import (
    NOW,
    dollars,
    failures,
    hours,
    offer_redeemed,
    on_the_bus,
    order_paid,
    order_refunded,
    points_redeemed,
    review_published,
    review_rejected,
    rupees,
    sqs_batch,
)

SAMPLES = Path(__file__).parents[3] / "events" / "loyalty_accrual" / "facts_door"
FACTS = "LoyaltyAccrualFactsFunction"
ASHA = "cust-asha"
# What each sample leaves the customer cust-1042.
BALANCES = {
    "order_paid": 22,
    "order_refunded": 17,
    "refund_before_its_order": 17,
    "refund_in_another_currency": 22,
    "points_redeemed": -10,
    "offer_redeemed": 222,
    "offer_released": 22,
    "tier_reached": 620,
    "order_imported": 12,
    "duplicate": 22,
    "malformed": 0,
    "mixed_batch": 7,
    "review_published": 20,
    "review_rejected_afterwards": 0,
}


def tell(cloud: LocalCloud, *facts: Event) -> None:
    for fact in facts:
        cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()


def ledger(cloud: LocalCloud) -> Ledger:
    return Ledger(boto3.client("dynamodb", region_name="eu-central-1"), cloud.resources["LoyaltyTable"])


def news(cloud: LocalCloud) -> list[tuple[str, dict[str, Any]]]:
    """What the function told the bus, as (detail type, detail)."""
    return [
        (entry["DetailType"], json.loads(entry["Detail"]))
        for call in cloud.calls
        if call.function == FACTS and call.operation == "PutEvents"
        for entry in call.parameters["Entries"]
    ]


def sample(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return content


def test_a_paid_order_a_refund_and_a_redemption_add_up_and_are_told(cloud: LocalCloud) -> None:
    tell(
        cloud, order_paid(amount=rupees(1999)), order_refunded(amount=rupees(500)), points_redeemed(points=4)
    )
    assert ledger(cloud).account(ASHA) == Account(balance=10, total_earned=14, entry_count=3)
    assert ledger(cloud).audit(ASHA).agrees
    assert [(kind, detail["points"]) for kind, detail in news(cloud)] == [
        ("PointsEarned", 19),
        ("PointsTakenBack", 5),
    ]


def test_a_fact_told_twice_is_booked_once_and_has_one_event_id(cloud: LocalCloud) -> None:
    tell(cloud, order_paid(), order_paid())
    assert ledger(cloud).balance(ASHA) == 10
    assert {detail["event_id"] for _, detail in news(cloud)} == {"order-77~1paid"}


def test_killed_anywhere_a_fact_is_booked_once_and_it_and_the_tier_are_told(cloud: LocalCloud) -> None:
    calls: list[str] = []
    kill_at = 0

    def kill(call: AwsCall, when: str) -> None:
        if call.function == FACTS:
            calls.append(f"{when} {call.operation}")
            if len(calls) == kill_at:
                raise Killed

    cloud.schedules_paused.update(cloud.functions)
    cloud.faults.append(kill)
    # Before and after: reading the order, booking, reading the account, keeping the tier, telling, keeping that.
    for kill_at in range(1, 13):
        calls.clear()
        customer = f"cust-{kill_at}"
        tell(cloud, order_paid(f"order-{kill_at}", customer_id=customer, amount=rupees(60_000)))
        assert len(calls) == kill_at
        cloud.advance(by=hours(0.2))
        assert ledger(cloud).account(customer) == Account(balance=600, total_earned=600, entry_count=1)
        told = {kind for kind, detail in news(cloud) if detail["customer_id"] == customer}
        assert told == {"PointsEarned", "TierChanged"}
    assert cloud.dead_letters() == {}


def test_an_offer_of_points_and_a_new_tier_and_its_loss_go_their_way_over_the_bus(cloud: LocalCloud) -> None:
    tell(
        cloud,
        offer_redeemed(benefit=Benefit(points=600)),
        offer_redeemed("HQ7MKX4RTA", benefit=Benefit(percent=15)),
    )
    assert ledger(cloud).account(ASHA) == Account(balance=0, total_earned=0, entry_count=1)
    tell(cloud, order_paid())
    tell(cloud, offer_given_back(benefit=Benefit(points=600)))
    told = [(kind, detail.get("points") or detail["tier"]) for kind, detail in news(cloud)]
    assert told == [
        ("PointsEarned", 610),
        ("TierChanged", "silver"),
        ("PointsTakenBack", 600),
        ("TierChanged", "bronze"),
    ]
    assert ledger(cloud).account(ASHA) == Account(balance=10, total_earned=10, entry_count=3)
    assert ledger(cloud).audit(ASHA).agrees


def test_a_published_reviews_points_and_their_loss_go_their_way_over_the_bus(cloud: LocalCloud) -> None:
    tell(cloud, review_published(revision=1, rating=1))
    tell(cloud, review_rejected(revision=2, occurred_at=NOW + hours(1) / 60))
    points = engagement_plan().reviews.points
    assert [(kind, detail["points"], detail["order_id"]) for kind, detail in news(cloud)] == [
        ("PointsEarned", points, "order-77"),
        ("PointsTakenBack", points, "order-77"),
    ]
    assert ledger(cloud).account(ASHA) == Account(balance=0, total_earned=0, entry_count=2)
    assert ledger(cloud).audit(ASHA).agrees


def test_the_shops_past_is_booked_and_not_told(cloud: LocalCloud) -> None:
    tell(cloud, order_paid(imported=True))
    assert ledger(cloud).balance(ASHA) == 10
    assert news(cloud) == []


def test_a_refund_in_another_currency_fails_alone_and_says_why(cloud: LocalCloud) -> None:
    batch = sqs_batch(
        on_the_bus(order_paid()),
        on_the_bus(order_refunded(amount=dollars(3))),
        on_the_bus(points_redeemed(points=1)),
    )
    answer = cloud.invoke(FACTS, batch)
    assert failures(answer.result) == ["message-2"]
    assert ledger(cloud).balance(ASHA) == 9
    assert any("order-77 was paid in INR, not USD" in line for line in answer.logs)


def test_an_early_refund_in_another_currency_is_warned_of_when_its_order_comes(cloud: LocalCloud) -> None:
    tell(cloud, order_refunded(amount=dollars(3)), order_paid())
    assert ledger(cloud).balance(ASHA) == 10
    assert any("refunds in another currency than their order" in line for _, line in cloud.logs)


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.json")))
def test_of_every_sample_only_the_poisoned_messages_fail_and_the_points_are_booked_once(
    cloud: LocalCloud, name: str
) -> None:
    event = sample(name)
    ids = [record["messageId"] for record in event["Records"]]
    books = []
    for _ in range(2):
        answer = cloud.invoke(FACTS, event)
        assert answer.ok, answer.trace
        assert failures(answer.result) == [one for one in ids if one.startswith("poison-")]
        books.append(sorted(cloud.table("LoyaltyTable"), key=lambda item: str(item["record_id"])))
    assert books[0] == books[1]
    assert ledger(cloud).balance("cust-1042") == BALANCES[name]
    assert ledger(cloud).audit("cust-1042").agrees


def test_a_currency_without_a_rule_leaves_an_entry_of_nothing(cloud: LocalCloud) -> None:
    cloud.invoke(FACTS, sample("order_paid"))
    (entry,) = ledger(cloud).entries("cust-4410")
    assert (entry.points, entry.rule.kind) == (0, "no_earning")


def test_nothing_personal_is_logged(cloud: LocalCloud) -> None:
    cloud.invoke(FACTS, sample("mixed_batch"))
    cloud.invoke(FACTS, sample("malformed"))
    for _, line in cloud.logs:
        assert "cust-1042" not in line
