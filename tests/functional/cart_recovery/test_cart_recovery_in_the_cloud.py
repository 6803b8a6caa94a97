"""Recovery in the local cloud: from the facts on the bus to the counters, and to CartRecovered on the bus."""

import json
from typing import Any

import boto3

from cart_recovery.counters_table import ExperimentCounters
from cart_recovery.rules import Group
from in_the_cloud import Kill, only_schedule, tell
from local_cloud.cloud import LocalCloud
from shop_facts import (
    NOW,
    a_line,
    hours,
    order_cancelled,
    order_paid,
    order_placed,
    order_refunded,
    registered,
    rupees,
)
from tests.unit.cart_recovery.house import EXPERIMENT, cart_nudged

FUNCTION = "CartRecoveryFactsFunction"
ADDRESS = "asha@mail.example.com"


def counted(cloud: LocalCloud, variant: str) -> dict[str, int]:
    client = boto3.client("dynamodb", region_name="eu-central-1")
    groups = ExperimentCounters(client, cloud.resources["ExperimentCountersTable"]).groups()
    return {name: by for name, by in groups.get(Group(EXPERIMENT, 2, variant), {}).items() if by}


def news(cloud: LocalCloud) -> list[dict[str, Any]]:
    """What the room told the bus."""
    return [
        json.loads(entry["Detail"])
        for call in cloud.calls
        if call.function == FUNCTION and call.operation == "PutEvents"
        for entry in call.parameters["Entries"]
    ]


def test_a_nudged_customer_buys_as_a_guest_and_a_holdout_by_itself(cloud: LocalCloud) -> None:
    only_schedule(cloud, FUNCTION)
    killed = Kill(FUNCTION, "PutEvents", "after")
    cloud.faults.append(killed)
    lines = (a_line(),)
    guest = {"customer_id": "guest-1", "occurred_at": NOW - hours(1)}
    # The shop's orders are quicker than our own facts about the nudges.
    tell(cloud, registered(email=ADDRESS), registered("cust-noah"))
    tell(cloud, order_paid("order-1", amount=rupees(900), **guest))
    tell(cloud, order_placed("order-1", cart_id=None, email=ADDRESS.title(), lines=lines, **guest))
    tell(cloud, order_placed("order-2", customer_id="cust-noah", cart_id="cart-2", occurred_at=NOW))
    tell(cloud, order_paid("order-2", customer_id="cust-noah", amount=rupees(50)))
    nudge = cart_nudged(occurred_at=NOW - hours(2))
    withheld: dict[str, Any] = {"variant": "holdout", "withheld": True, "customer_id": "cust-noah"}
    tell(cloud, nudge, cart_nudged("cart-2", occurred_at=NOW - hours(2), **withheld))
    cloud.advance(by=hours(0.5))  # what was killed comes again
    assert killed.happened
    tell(cloud, nudge, order_refunded("order-1", amount=rupees(100), **guest))

    bought = {"customers": 1, "exposures": 1, "recovered": 1, "orders": 1}
    refunded = {"revenue_INR": 80_000, "refunded_INR": 10_000, "payers_INR": 1, "squares_INR": 80_000**2}
    assert counted(cloud, "question") == bought | refunded
    assert counted(cloud, "holdout") == bought | {
        "revenue_INR": 5_000,
        "payers_INR": 1,
        "squares_INR": 5_000**2,
    }
    told, again = news(cloud)  # at least once, and then the same
    assert told == again
    assert (told["event_id"], told["customer_id"]) == ("order-order-1-recovered", "cust-asha")
    assert told["amount"] == {"amount_minor": 90_000, "currency": "INR"}

    tell(cloud, order_cancelled("order-1", **guest))
    assert counted(cloud, "question") == {"customers": 1, "exposures": 1}
    assert len(news(cloud)) == 2
    assert cloud.dead_letters() == {}
    assert not any(word in line for _, line in cloud.logs for word in (ADDRESS, "cust-asha", "guest-1"))
