"""Birthdays in the local cloud: from the registration to the mail, at the customer's own nine o'clock."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from engagement.events.base import Event
from local_cloud.cloud import AwsCall, Killed, LocalCloud
from shop_facts import days, erased, failures, hours, profile_updated, registered, scheduled

RUN, PAGE = "BirthdayOffersRunFunction", "BirthdayOffersPageFunction"
SAMPLES = Path(__file__).parents[3] / "events" / "birthday_offers"
Fault = Callable[[AwsCall, Literal["before", "after"]], None]


def sample(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return content


def tell(cloud: LocalCloud, *facts: Event) -> None:
    for fact in facts:
        cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()


def celebrated(cloud: LocalCloud) -> list[tuple[str, datetime]]:
    return [
        (mail.to[0].partition("@")[0], mail.sent_at)
        for mail in cloud.mails
        if mail.tags["Campaign"] == "birthday_offer"
    ]


@pytest.mark.parametrize("name", ["quarter_hour", "common_year_28_february"])
def test_each_tick_orders_the_inhabited_zones_whose_morning_it_is_once(cloud: LocalCloud, name: str) -> None:
    tell(cloud, registered("cust-asha"), registered("cust-noah", time_zone="America/St_Johns"))
    assert cloud.invoke(RUN, sample(f"run_door/{name}")).result == {"pages": 1}
    assert [item["time_zone"] for item in cloud.table("BirthdayRunsTable")] == ["Asia/Kolkata"]
    assert cloud.invoke(RUN, sample(f"run_door/{name}")).result == {"pages": 0}


@pytest.mark.parametrize("name", sorted(path.stem for path in (SAMPLES / "page_door").glob("*.json")))
def test_of_each_sample_page_the_poison_fails_and_nothing_else(cloud: LocalCloud, name: str) -> None:
    event = sample(f"page_door/{name}")
    poison = [record["messageId"] for record in event["Records"] if record["messageId"].startswith("poison-")]
    assert failures(cloud.invoke(PAGE, event).result) == poison


def test_everyone_is_wished_a_happy_birthday_at_their_own_nine_o_clock(cloud: LocalCloud) -> None:
    tell(
        cloud,
        registered("cust-asha", birthday="1991-03-02"),
        registered("cust-noah", birthday="--03-02", time_zone="America/St_Johns"),
        registered("cust-tane", birthday="2001-03-02", time_zone="Pacific/Chatham"),
        registered("cust-tomorrow", birthday="2001-03-03"),
        registered("cust-quiet", birthday="1991-03-02", consents=()),
    )
    cloud.advance(to=datetime(2027, 3, 3, 0, 0, tzinfo=UTC))
    assert celebrated(cloud) == [
        ("cust-tane", datetime(2027, 3, 1, 19, 15, tzinfo=UTC)),
        ("cust-asha", datetime(2027, 3, 2, 3, 30, tzinfo=UTC)),
        ("cust-noah", datetime(2027, 3, 2, 12, 30, tzinfo=UTC)),
    ]
    assert cloud.dead_letters() == {}


def test_the_code_in_the_mail_is_the_one_that_was_issued(cloud: LocalCloud) -> None:
    tell(cloud, registered(birthday="1991-03-02"))
    cloud.advance(by=days(1))
    (offer,) = cloud.table("OffersTable")
    (mail,) = cloud.mails
    assert offer["code"] in mail.html
    assert offer["offer_key"] == "birthday_offer:cust-asha:2027"


def test_who_moves_west_on_the_birthday_is_not_wished_twice(cloud: LocalCloud) -> None:
    tell(cloud, registered(birthday="1991-03-02", time_zone="Pacific/Chatham"))
    cloud.advance(by=hours(12))
    moved = profile_updated(birthday="1991-03-02", time_zone="Pacific/Honolulu", occurred_at=cloud.now)
    tell(cloud, moved)
    cloud.advance(by=days(2))
    assert [name for name, _ in celebrated(cloud)] == ["cust-asha"]


def test_who_was_erased_the_day_before_is_not_wished(cloud: LocalCloud) -> None:
    tell(cloud, registered(birthday="1991-03-02"), erased())
    cloud.advance(by=days(2))
    assert celebrated(cloud) == []


def test_a_run_that_was_down_all_morning_catches_up(cloud: LocalCloud) -> None:
    tell(cloud, registered(birthday="1991-03-02"))
    cloud.schedules_paused.add(RUN)
    cloud.advance(to=datetime(2027, 3, 2, 9, 10, tzinfo=UTC))
    cloud.schedules_paused.discard(RUN)
    cloud.advance(by=hours(20))
    assert celebrated(cloud) == [("cust-asha", datetime(2027, 3, 2, 9, 15, tzinfo=UTC))]


def test_a_run_that_was_down_all_day_wishes_nobody_late(cloud: LocalCloud) -> None:
    tell(cloud, registered(birthday="1991-03-02"))
    cloud.schedules_paused.add(RUN)
    cloud.advance(to=datetime(2027, 3, 2, 14, 30, tzinfo=UTC))
    cloud.schedules_paused.discard(RUN)
    cloud.advance(by=days(1))
    assert celebrated(cloud) == []


@pytest.mark.parametrize("function", [RUN, PAGE])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_call_everyone_is_still_wished_once(
    cloud: LocalCloud, function: str, moment: Literal["before", "after"]
) -> None:
    tell(cloud, registered("cust-asha", birthday="1991-03-02"), registered("cust-bela", birthday="--03-02"))
    cloud.advance(to=datetime(2027, 3, 2, 3, 20, tzinfo=UTC))
    kinds_killed: set[str] = set()

    def kill_once_at_each_kind_of_call(call: AwsCall, when: Literal["before", "after"]) -> None:
        if call.function == function and when == moment and call.operation not in kinds_killed:
            kinds_killed.add(call.operation)
            raise Killed

    cloud.faults.append(kill_once_at_each_kind_of_call)
    cloud.advance(to=datetime(2027, 3, 2, 12, 0, tzinfo=UTC))
    assert sorted(name for name, _ in celebrated(cloud)) == ["cust-asha", "cust-bela"]
    assert "SendMessageBatch" in kinds_killed


def test_the_run_reads_what_is_due_and_never_a_whole_table(cloud: LocalCloud) -> None:
    tell(cloud, registered(birthday="1991-03-02"))
    cloud.advance(by=days(1))
    operations = {call.operation for call in cloud.calls if call.function in (RUN, PAGE)}
    assert "Query" in operations
    assert "Scan" not in operations


def test_a_repeated_tick_sends_nothing_twice(cloud: LocalCloud) -> None:
    tell(cloud, registered(birthday="1991-03-02"))
    cloud.advance(to=datetime(2027, 3, 2, 3, 30, tzinfo=UTC))
    for _ in range(3):
        cloud.invoke(RUN, scheduled(datetime(2027, 3, 2, 3, 30, tzinfo=UTC)))
        cloud.settle()
    assert len(celebrated(cloud)) == 1
