"""Offers in the local cloud: at the checkout, in an order, and on the bus until their end."""

import json
from datetime import timedelta
from typing import Any

import boto3

from in_the_cloud import only_schedule, tell
from local_cloud.cloud import LocalCloud
from offer_facts import CODE, an_offer, keep_offer, order_with, signature
from shop_facts import NOW, order_cancelled

MINUTE = timedelta(minutes=1)
SWEEP = "OffersSweepFunction"


def keep(cloud: LocalCloud, **changes: Any) -> None:
    client = boto3.client("dynamodb", region_name="eu-central-1")
    keep_offer(client, cloud.resources["OffersTable"], an_offer(**changes))


def look_up(cloud: LocalCloud, path: str) -> tuple[int, dict[str, Any]]:
    answer = cloud.http("GET", path, headers=signature(path))
    assert answer.headers["cache-control"] == "no-store"
    return answer.status, json.loads(answer.body)


def news(cloud: LocalCloud) -> list[tuple[str, str]]:
    """What the room told the bus, as (kind, code)."""
    return [
        (entry["DetailType"], json.loads(entry["Detail"])["code"])
        for call in cloud.calls
        if (call.function or "").startswith("Offers") and call.operation == "PutEvents"
        for entry in call.parameters["Entries"]
    ]


def test_a_code_from_the_checkout_to_the_order_and_back(cloud: LocalCloud) -> None:
    keep(cloud)
    assert cloud.http("GET", f"/offers/{CODE}").status == 403

    status, answer = look_up(cloud, "/offers/acdef%2034679?customer_id=cust-asha")
    assert (status, answer["valid"], answer["benefit"]["percent"]) == (200, True, 15)
    assert look_up(cloud, f"/offers/{CODE}?customer_id=cust-noah")[1]["reason"] == "another_customers"
    assert look_up(cloud, "/offers/WELCOME_10")[0] == 404
    assert look_up(cloud, f"/offers/{CODE}?customer_id=cust%20asha")[0] == 400

    order = order_with("acdef-34679")
    tell(cloud, order, order, order_with(CODE, order_id="order-78"))
    assert look_up(cloud, f"/offers/{CODE}")[1]["redeemed_by"] == "order-77"
    assert news(cloud) == [("OfferRedeemed", CODE)] * 2 + [("OfferRefused", CODE)]
    assert any('"reason":"already_redeemed"' in line for _, line in cloud.logs)

    tell(cloud, order_cancelled(), order_with(CODE, order_id="order-79"))
    assert look_up(cloud, f"/offers/{CODE}")[1]["redeemed_by"] == "order-79"
    assert news(cloud)[3:] == [("OfferReleased", CODE), ("OfferRedeemed", CODE)]
    assert not any(CODE in line or "cust-asha" in line for _, line in cloud.logs)
    assert cloud.dead_letters() == {}


def test_an_offer_is_reminded_of_and_expires_in_its_time(cloud: LocalCloud) -> None:
    only_schedule(cloud, SWEEP)
    keep(cloud, remind_at=NOW + 7 * MINUTE, expires_at=NOW + 20 * MINUTE)
    cloud.advance(by=9 * MINUTE)
    assert news(cloud) == []
    cloud.advance(by=2 * MINUTE)
    assert news(cloud) == [("OfferNearedExpiry", CODE)]
    cloud.advance(by=68 * MINUTE)
    assert len(news(cloud)) == 1
    cloud.advance(by=2 * MINUTE)
    assert news(cloud)[1:] == [("OfferExpired", CODE)]
