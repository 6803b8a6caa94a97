"""Every sample of the shop's facts about customers, through the door."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_cloud.cloud import Killed, LocalCloud
from shop_facts import erased, failures, hours, on_the_bus, registered, sqs_batch

DOOR = "CustomerProfilesFactsFunction"
SAMPLES = Path(__file__).parents[3] / "events" / "customer_profiles" / "facts_door"


def sample(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return content


def kept(cloud: LocalCloud) -> dict[str, dict[str, Any]]:
    return {item["customer_id"]: item for item in cloud.table("CustomersTable")}


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.json")))
def test_of_each_sample_the_poison_fails_and_nothing_else(cloud: LocalCloud, name: str) -> None:
    event = sample(name)
    answer = cloud.invoke(DOOR, event)
    poison = [record["messageId"] for record in event["Records"] if record["messageId"].startswith("poison-")]
    assert failures(answer.result) == poison


def test_registered_customers_are_kept_with_the_shops_defaults(cloud: LocalCloud) -> None:
    cloud.invoke(DOOR, sample("customer_registered"))
    customers = kept(cloud)
    # By it a checkout's address leads to its customer; whose it is, nobody can tell from it.
    assert len(customers["cust-1042"].pop("address_hash")) == 64
    assert customers["cust-1042"] == {
        "customer_id": "cust-1042",
        "email": "asha.iyer@example.com",
        "name": "Asha Iyer",
        "locale": "hi-IN",
        "time_zone": "Asia/Kolkata",
        "birthday": "1991-03-02",
        "told_at": "2027-03-01T04:59:58.000000Z",
        "registered_at": "2027-03-01T04:59:58.000000Z",
    }
    assert customers["cust-20818"]["birthday"][-5:] == "02-29"
    assert customers["cust-20818"]["time_zone"] == "America/St_Johns"
    assert (customers["cust-20819"]["locale"], customers["cust-20819"]["time_zone"]) == (
        "en-IN",
        "Asia/Kolkata",
    )
    assert "birthday" not in customers["cust-20819"]


def test_an_erasure_that_comes_first_is_the_last_word(cloud: LocalCloud) -> None:
    cloud.invoke(DOOR, sample("erased_before_registered"))
    assert kept(cloud)["cust-1042"].keys() == {"customer_id", "erased_at"}


def test_customers_with_placeholder_birthdays_are_kept_without_one_and_the_reason_is_logged(
    cloud: LocalCloud,
) -> None:
    logs = cloud.invoke(DOOR, sample("placeholder_birthdays")).logs
    assert [json.loads(line)["reason"] for line in logs if "date refused" in line] == [
        *("placeholder", "placeholder", "in_the_future", "too_long_ago")
    ]
    counted = [json.loads(line) for line in logs if '"DateRefused"' in line]
    assert [one["reason"] for one in counted if "reason" in one] == [
        *("placeholder", "placeholder", "in_the_future", "too_long_ago")
    ]
    for personal in ("cust-3000", "Kabir", "1900-01-01", "1970-01-01", "2027-03-14", "0001-01-01"):
        assert personal not in "".join(logs)
    birthdays = {name: item.get("birthday") for name, item in kept(cloud).items()}
    assert birthdays == dict.fromkeys(("cust-30001", "cust-30002", "cust-30003", "cust-30004")) | {
        "cust-30005": "1988-01-01"
    }


def test_further_dates_are_kept_refused_and_removed_as_the_birthday_is(cloud: LocalCloud) -> None:
    logs = "".join(cloud.invoke(DOOR, sample("further_dates")).logs)
    dates = {name: item.get("dates") for name, item in kept(cloud).items()}
    assert dates == {
        "cust-30011": {"wedding_day": "2014-11-23", "name_day": "--06-13"},
        "cust-30012": {"name_day": "--06-13"},
        "cust-30013": None,
    }
    assert "wedding_day" in logs
    assert not any(day in logs for day in ("1970-01-01", "2014-11-23", "06-13"))


def test_a_malformed_fact_says_which_field_and_shows_no_value(cloud: LocalCloud) -> None:
    logs = "".join(cloud.invoke(DOOR, sample("mixed_batch")).logs)
    assert "CustomerUpdated: birthday" in logs
    for personal in ("asha.iyer", "Asha Iyer", "rohan", "Rohan", "1985-02-30"):
        assert personal not in logs


def test_a_malformed_fact_ends_alone_among_the_dead_letters(cloud: LocalCloud) -> None:
    cloud.send("CustomerProfilesQueue", on_the_bus(registered()))
    cloud.send("CustomerProfilesQueue", '{"detail-type": "CustomerRegistered", "detail": {}}')
    cloud.advance(by=hours(2))
    assert "cust-asha" in kept(cloud)
    assert cloud.dead_letters() == {
        "CustomerProfilesQueue": ['{"detail-type": "CustomerRegistered", "detail": {}}']
    }


def test_a_door_that_is_killed_after_its_write_does_no_harm_when_the_fact_comes_again(
    cloud: LocalCloud,
) -> None:
    def kill(call: object, moment: str) -> None:
        if moment == "after":
            raise Killed

    event = sqs_batch(on_the_bus(registered()))
    cloud.faults.append(kill)
    assert cloud.invoke(DOOR, event).error is not None
    cloud.faults.clear()
    assert failures(cloud.invoke(DOOR, event).result) == []
    assert failures(cloud.invoke(DOOR, sqs_batch(on_the_bus(erased()))).result) == []
    assert kept(cloud)["cust-asha"].keys() == {"customer_id", "erased_at"}
