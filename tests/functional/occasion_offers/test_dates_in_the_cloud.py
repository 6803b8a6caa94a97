"""The dates of customers in the local cloud: from the shop's fact to the row that a run finds."""

import json
from pathlib import Path
from typing import Any

import pytest

from date_house import tier_changed
from in_the_cloud import Kill, tell
from local_cloud.cloud import LocalCloud
from shop_facts import NOW, days, erased, failures, profile_updated, registered

DOOR = "OccasionOffersFactsFunction"
SAMPLES = Path(__file__).parents[3] / "events" / "occasion_offers" / "facts_door"


def kept(cloud: LocalCloud, customer_id: str) -> dict[str, dict[str, Any]]:
    items = cloud.table("OccasionsTable")
    return {item["occasion"]: item for item in items if item["customer_id"] == customer_id}


def bring(cloud: LocalCloud, name: str) -> None:
    event = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    poison = [record["messageId"] for record in event["Records"] if record["messageId"].startswith("poison-")]
    invocation = cloud.invoke(DOOR, event)
    assert failures(invocation.result) == poison
    logs = "".join(invocation.logs)
    assert not any(personal in logs for personal in ("Asha", "example.com", "1991-03-02", "1985-02-30"))


def test_what_the_samples_tell_is_kept(cloud: LocalCloud) -> None:
    bring(cloud, "placeholder_dates")
    reasons = {
        number: kept(cloud, f"cust-3000{number}").get("birthday", {}).get("refused") for number in range(1, 6)
    }
    assert reasons == {1: "placeholder", 2: "placeholder", 3: "in_the_future", 4: "too_long_ago", 5: None}
    assert kept(cloud, "cust-30006")["wedding_day"]["day_group"].startswith("refused#wedding_day#01-01#")
    bring(cloud, "erased_before_registered")
    assert kept(cloud, "cust-1042").keys() == {"#told"}
    bring(cloud, "mixed_batch")
    assert kept(cloud, "cust-20819")["birthday"]["date"] == "--12-31"
    assert {zone["time_zone"]: zone["shards"] for zone in cloud.table("TimeZonesTable")} == {
        "Asia/Kolkata": 4
    }


def test_a_customers_life_from_the_bus_to_the_table(cloud: LocalCloud) -> None:
    tell(cloud, tier_changed("silver"), registered(birthday="1991-03-02", dates={"wedding_day": "--12-11"}))
    assert kept(cloud, "cust-asha").keys() == {"#told", "birthday", "wedding_day", "joining"}
    assert {row["tier"] for row in kept(cloud, "cust-asha").values()} == {"silver"}
    tell(cloud, profile_updated(birthday="--03-02", time_zone="Asia/Tokyo", occurred_at=NOW))
    assert kept(cloud, "cust-asha").keys() == {"#told", "birthday", "joining"}
    assert kept(cloud, "cust-asha")["birthday"]["day_group"].startswith("birthday#03-02#Asia/Tokyo#")
    tell(cloud, erased(occurred_at=NOW))
    assert kept(cloud, "cust-asha").keys() == {"#told"}
    assert cloud.dead_letters() == {}


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_door_that_is_killed_keeps_the_fact_when_it_is_delivered_again(
    cloud: LocalCloud, moment: str
) -> None:
    kills = [Kill(DOOR, operation, moment) for operation in ("GetItem", "UpdateItem", "TransactWriteItems")]
    cloud.faults.extend(kills)
    tell(cloud, registered(birthday="1991-03-02"))
    cloud.advance(by=days(0.1))
    assert all(kill.happened for kill in kills)
    assert kept(cloud, "cust-asha").keys() == {"#told", "birthday", "joining"}
    assert cloud.dead_letters() == {}
