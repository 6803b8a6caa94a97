"""Review requests in the local cloud, from the shop's fact to the customer's mail."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engagement.events.base import Event
from engagement.events.orders import OrderDelivered
from in_the_cloud import Kill, stride, tell
from local_cloud.cloud import LocalCloud
from shop_facts import (
    NOW,
    a_line,
    consent_changed,
    days,
    failures,
    hours,
    order_cancelled,
    order_delivered,
    order_refunded,
    registered,
    review_submitted,
    scheduled,
)

SAMPLES = Path(__file__).parents[3] / "events" / "review_requests"
MINUTE = timedelta(minutes=1)
FACTS, SWEEP = "ReviewRequestsFactsFunction", "ReviewRequestsSweepFunction"


# Falls due an hour after the beginning of each test: a week of sweeps shows no more than an hour of them.
DELIVERED = NOW - days(7) + hours(1)


@pytest.fixture(autouse=True)
def _no_schedule_but_this_rooms(cloud: LocalCloud) -> None:
    cloud.schedules_paused.update(set(cloud.functions) - {SWEEP})


def delivered(order_id: str = "order-77", **changes: Any) -> OrderDelivered:
    return order_delivered(order_id, **{"occurred_at": DELIVERED, **changes})


def asked(cloud: LocalCloud) -> list[str]:
    return [mail.to[0] for mail in cloud.mails if mail.tags["Campaign"] == "review_request"]


def sample(door: str, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SAMPLES / door / f"{name}.json").read_text(encoding="utf-8"))
    return content


def requests(cloud: LocalCloud) -> dict[str, dict[str, Any]]:
    return {item["order_id"]: item for item in cloud.table("ReviewRequestsTable")}


def test_a_week_after_the_delivery_the_customer_is_asked_once(cloud: LocalCloud) -> None:
    tell(cloud, registered(), delivered())
    cloud.advance(by=hours(1) - MINUTE)
    assert asked(cloud) == []
    stride(cloud, hours(30))
    assert asked(cloud) == ["cust-asha@mail.example.com"]


@pytest.mark.parametrize("closing", [order_cancelled(), order_refunded(), review_submitted()])
@pytest.mark.parametrize("closing_comes_first", [True, False])
def test_nobody_is_asked_about_an_order_that_is_closed(
    cloud: LocalCloud, closing: Event, closing_comes_first: bool
) -> None:
    facts: list[Event] = [delivered(), closing]
    tell(cloud, registered(), *(reversed(facts) if closing_comes_first else facts))
    cloud.advance(by=hours(3))
    assert asked(cloud) == []


def test_a_delivery_that_was_put_off_moves_the_request(cloud: LocalCloud) -> None:
    tell(cloud, registered(), delivered())
    cloud.advance(by=MINUTE)
    tell(cloud, delivered(occurred_at=DELIVERED + hours(2)))
    cloud.advance(by=hours(2))
    assert asked(cloud) == []
    cloud.advance(by=hours(2))
    assert len(asked(cloud)) == 1


def test_a_refund_that_overtakes_the_mail_stops_it_or_comes_too_late_and_never_mails_twice(
    cloud: LocalCloud,
) -> None:
    tell(cloud, registered(), delivered())
    cloud.schedules_paused.add(SWEEP)
    cloud.advance(by=hours(1))
    cloud.invoke(SWEEP, scheduled(cloud.now))
    assert cloud.backlog()["MailQueue"] == 1
    tell(cloud, order_refunded(occurred_at=cloud.now))
    assert len(asked(cloud)) <= 1
    assert requests(cloud)["order-77"]["closed_because"] == "refunded"
    assert cloud.dead_letters() == {}


def test_who_withdrew_their_consent_is_not_asked(cloud: LocalCloud) -> None:
    tell(cloud, registered(), delivered())
    cloud.advance(by=MINUTE)
    tell(cloud, consent_changed(topic="reviews", occurred_at=cloud.now))
    cloud.advance(by=hours(3))
    assert asked(cloud) == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_sweep_killed_at_any_call_still_asks_exactly_once(cloud: LocalCloud, moment: str) -> None:
    cloud.schedules_paused.add(SWEEP)
    # The second change of the table settles what the first one claimed.
    for operation, nth in [
        ("Query", 1),
        ("UpdateItem", 1),
        ("BatchGetItem", 1),
        ("SendMessageBatch", 1),
        ("UpdateItem", 2),
    ]:
        customer, killed = f"cust-{operation}-{nth}", Kill(SWEEP, operation, moment, nth)
        told = delivered(f"order-{operation}-{nth}", customer_id=customer, occurred_at=cloud.now - days(7))
        tell(cloud, registered(customer, occurred_at=cloud.now), told)
        cloud.faults.append(killed)
        cloud.invoke(SWEEP, scheduled(cloud.now))
        cloud.faults.clear()
        assert killed.happened
        for _ in range(2):
            cloud.advance(by=16 * MINUTE)
            cloud.invoke(SWEEP, scheduled(cloud.now))
            cloud.settle()
        assert asked(cloud).count(f"{customer}@mail.example.com") == 1, f"killed {moment} {operation} {nth}"


def test_the_mail_names_what_was_bought_in_the_customers_language(cloud: LocalCloud) -> None:
    tell(cloud, registered(locale="hi-IN"), delivered(lines=(a_line("Ilam tea", quantity=3),)))
    cloud.advance(by=hours(2))
    (mail,) = [mail for mail in cloud.mails if mail.tags["Campaign"] == "review_request"]
    assert "Ilam tea × 3" in mail.text
    assert "अपनी राय लिखें" in mail.text


@pytest.mark.parametrize("name", sorted(path.stem for path in (SAMPLES / "facts_door").glob("*.json")))
def test_of_every_sample_only_the_poisoned_messages_fail(cloud: LocalCloud, name: str) -> None:
    event = sample("facts_door", name)
    ids = [record["messageId"] for record in event["Records"]]
    for _ in range(2):
        answer = cloud.invoke(FACTS, event)
        assert answer.ok, answer.trace
        assert failures(answer.result) == [one for one in ids if one.startswith("poison-")]


def test_the_samples_say_what_they_are_named_after(cloud: LocalCloud) -> None:
    cloud.invoke(FACTS, sample("facts_door", "order_delivered"))
    assert sorted(requests(cloud)) == ["order-9001", "order-9002", "order-9003"]
    cloud.invoke(FACTS, sample("facts_door", "delivered_again_later"))
    assert requests(cloud)["order-9001"]["delivered_at"] == "2027-03-01T06:00:00.000000Z"
    cloud.invoke(FACTS, sample("facts_door", "order_refunded"))
    cloud.invoke(FACTS, sample("facts_door", "review_submitted"))
    closed = {name: item.get("closed_because") for name, item in requests(cloud).items()}
    assert closed == {"order-9001": "refunded", "order-9002": "reviewed", "order-9003": None}


def test_the_samples_of_the_sweep_ask_about_what_is_due(cloud: LocalCloud) -> None:
    tell(cloud, registered("cust-1042", occurred_at=NOW - days(90)))
    cloud.invoke(FACTS, sample("facts_door", "order_delivered"))
    answer = cloud.invoke(SWEEP, sample("sweep_door", "quarter_hour"))
    assert answer.result == {"mails": 1}


def test_nothing_personal_is_logged(cloud: LocalCloud) -> None:
    tell(cloud, registered(), delivered())
    cloud.invoke(FACTS, sample("facts_door", "mixed_batch"))
    cloud.advance(by=hours(2))
    for line in (line for function, line in cloud.logs if function in {FACTS, SWEEP}):
        assert "Asha" not in line
        assert "@mail.example.com" not in line
        assert "cust-asha" not in line
