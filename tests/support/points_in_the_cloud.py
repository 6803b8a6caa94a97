"""Points in the local cloud: what the shop asks about them, what the bus was told, what the ledger has."""

import json
from datetime import timedelta
from typing import Any

import boto3

from engagement.plan import engagement_plan
from local_cloud.cloud import HttpResponse, LocalCloud
from loyalty.auditing import audited
from loyalty.entries import Entry
from loyalty.links import points_url
from loyalty.table import Ledger
from offer_facts import signature
from stack_secrets import signing_keys

ASHA = "cust-asha"
FACTS, SWEEP, SPENDING = "LoyaltyFactsFunction", "LoyaltySweepFunction", "LoyaltySpendingFunction"
CHECKOUT = {"customer_id": ASHA, "reservation_id": "checkout-1"}


def ledger(cloud: LocalCloud) -> Ledger:
    return Ledger(boto3.client("dynamodb", region_name="eu-central-1"), cloud.resources["LoyaltyTable"])


def entries(cloud: LocalCloud, customer_id: str = ASHA) -> tuple[Entry, ...]:
    return ledger(cloud).records(customer_id).entries


def points(cloud: LocalCloud, customer_id: str = ASHA) -> tuple[int, int]:
    """What the customer has, as the shop is told: what has matured, and what is pending."""
    told = statement(cloud, customer_id)
    return told["balance"], sum(each["points"] for each in told["pending"])


def matured(cloud: LocalCloud, customer_id: str = ASHA) -> int:
    return points(cloud, customer_id)[0]


def statement(cloud: LocalCloud, customer_id: str = ASHA) -> dict[str, Any]:
    path = f"/points/statement?customer_id={customer_id}"
    answer = cloud.http("GET", path, headers=signature(path))
    assert answer.status == 200, answer.body
    told: dict[str, Any] = json.loads(answer.body)
    return told


def at_the_till(cloud: LocalCloud, page: str, **asked: Any) -> tuple[int, dict[str, Any]]:
    """What the shop's checkout is answered, by default of Asha's `checkout-1`."""
    answer = ask_the_till(cloud, page, **asked)
    return answer.status, json.loads(answer.body)


def ask_the_till(cloud: LocalCloud, page: str, **asked: Any) -> HttpResponse:
    path = f"/points/{page}"
    headers = signature(path) | {"content-type": "application/json"}
    answer = cloud.http("POST", path, body=json.dumps(CHECKOUT | asked), headers=headers)
    cloud.settle()
    return answer


def link_to(cloud: LocalCloud, customer_id: str = ASHA) -> str:
    """The path of a link to the customer's points as a mail has it, good for a day."""
    return points_url(signing_keys(cloud), "", customer_id, cloud.now + timedelta(days=1), "en")


def news(cloud: LocalCloud, customer_id: str = ASHA) -> list[tuple[str, dict[str, Any]]]:
    """What the bus was told of the customer's points and tier, as (detail type, detail)."""
    told = [
        (entry["DetailType"], json.loads(entry["Detail"]))
        for call in cloud.calls
        if call.function in (FACTS, SWEEP, SPENDING) and call.operation == "PutEvents"
        for entry in call.parameters["Entries"]
    ]
    return [(kind, detail) for kind, detail in told if detail["customer_id"] == customer_id]


def differences(cloud: LocalCloud, customer_id: str = ASHA) -> tuple[str, ...]:
    """What the audit finds wrong."""
    return audited(ledger(cloud).records(customer_id), engagement_plan().tiers).differences
