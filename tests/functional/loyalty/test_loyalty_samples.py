"""The samples of facts about points: what each leaves a customer, and that poison fails alone and says why."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_cloud.cloud import LocalCloud
from points_in_the_cloud import FACTS, differences, entries, points
from shop_facts import (
    dollars,
    failures,
    hours,
    on_the_bus,
    order_paid,
    order_refunded,
    referral_completed,
    sqs_batch,
)

SAMPLES = Path(__file__).parents[3] / "events" / "loyalty" / "facts_door"
# What each sample leaves the customer cust-1042: what has matured, and what is pending.
LEFT = {
    "customer_erased": (0, 0),
    "customer_registered": (25, 0),
    "customer_updated": (25, 0),
    "duplicate": (0, 22),
    "malformed": (0, 0),
    "mixed_batch": (100, 17),
    "offer_redeemed": (0, 222),
    "offer_released": (0, 22),
    "order_cancelled": (0, 0),
    "order_imported": (0, 0),
    "order_paid": (0, 22),
    "order_refunded": (0, 17),
    # ₹1,500 of tea without its tax, twice, and ₹500 of cups; then one of two packets went back.
    "order_refunded_by_line": (0, 20),
    "referral_completed": (100, 0),
    "refund_before_its_order": (0, 17),
    "refund_in_another_currency": (0, 22),
    "review_published": (20, 0),
    "review_rejected_afterwards": (0, 0),
    "tier_reached": (0, 620),
}


def sample(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return content


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
        books.append([(entry.entry_id, entry.points) for entry in entries(cloud, "cust-1042")])
    assert books[0] == books[1]
    assert points(cloud, "cust-1042") == LEFT[name]
    assert differences(cloud, "cust-1042") == ()
    assert not any("cust-1042" in line for _, line in cloud.logs)


def test_a_refund_in_another_currency_fails_alone_and_says_why(cloud: LocalCloud) -> None:
    batch = sqs_batch(
        on_the_bus(order_paid()),
        on_the_bus(order_refunded(amount=dollars(3))),
        on_the_bus(referral_completed()),
    )
    answer = cloud.invoke(FACTS, batch)
    assert failures(answer.result) == ["message-2"]
    assert points(cloud) == (100, 10)
    assert any("order-77 was paid in INR, not USD" in line for line in answer.logs)


def test_poison_reaches_the_dead_letter_queue_alone(cloud: LocalCloud) -> None:
    cloud.schedules_paused |= cloud.functions.keys()
    good = order_paid()
    cloud.send("LoyaltyQueue", '{"detail-type": "OrderPaid", "detail": {"order_id":')
    cloud.send("LoyaltyQueue", on_the_bus(good))
    cloud.advance(by=hours(2))
    assert {queue: len(bodies) for queue, bodies in cloud.dead_letters().items()} == {"LoyaltyQueue": 1}
    assert points(cloud) == (0, 10)


def test_a_currency_without_a_rule_leaves_an_entry_of_nothing(cloud: LocalCloud) -> None:
    cloud.invoke(FACTS, sample("order_paid"))
    (entry,) = entries(cloud, "cust-4410")
    assert (entry.points, entry.rule.kind) == (0, "no_earning")
