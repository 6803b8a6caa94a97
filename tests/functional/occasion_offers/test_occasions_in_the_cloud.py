"""Occasions in the local cloud: from the registration to the mail, at the customer's own hour."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from engagement.events.customers import CustomerRegistered
from in_the_cloud import tell
from local_cloud.cloud import AwsCall, Killed, LocalCloud
from shop_facts import NOW, days, erased, hours, profile_updated, registered, scheduled

RUN, PAGE = "OccasionOffersRunFunction", "OccasionOffersPageFunction"
SAMPLES = Path(__file__).parents[3] / "events" / "occasion_offers"
NINE_IN_KOLKATA = datetime(2027, 3, 2, 3, 30, tzinfo=UTC)


def long_known(customer_id: str = "cust-asha", **more: Any) -> CustomerRegistered:
    """A customer who registered two months ago."""
    return registered(customer_id, **{"occurred_at": NOW - days(60), **more})


def celebrated(cloud: LocalCloud) -> list[tuple[str, str, datetime]]:
    """Campaign, customer and moment of each mail."""
    return [(mail.tags["Campaign"], mail.to[0].partition("@")[0], mail.sent_at) for mail in cloud.mails]


def wished(cloud: LocalCloud) -> list[tuple[str, datetime]]:
    return [(who, at) for campaign, who, at in celebrated(cloud) if campaign == "birthday_offer"]


@pytest.mark.parametrize("name", ["quarter_hour", "common_year_28_february"])
def test_each_tick_orders_the_days_that_have_come_once(cloud: LocalCloud, name: str) -> None:
    tell(cloud, long_known("cust-asha"), long_known("cust-noah", time_zone="America/St_Johns"))
    tick = json.loads((SAMPLES / "run_door" / f"{name}.json").read_text(encoding="utf-8"))
    assert cloud.invoke(RUN, tick).result["pages"] > 0
    done = {
        (run["campaign"], run["time_zone"]): run["last_local_date"]
        for run in cloud.table("OccasionRunsTable")
    }
    assert done["birthday_offer", "Asia/Kolkata"] == tick["scheduled_at"][:10]
    assert ("birthday_offer", "America/St_Johns") not in done
    assert cloud.invoke(RUN, tick).result == {"pages": 0}


def test_everyone_is_celebrated_at_their_own_hour_and_with_their_own_code(cloud: LocalCloud) -> None:
    tell(
        cloud,
        long_known("cust-asha", birthday="1991-03-02"),
        long_known("cust-noah", birthday="--03-02", time_zone="America/St_Johns"),
        long_known("cust-tane", birthday="2001-03-02", time_zone="Pacific/Chatham"),
        long_known("cust-tomorrow", birthday="2001-03-03"),
        long_known("cust-quiet", birthday="1991-03-02", consents=()),
        long_known("cust-child", birthday="2015-03-02"),
        long_known("cust-placeholder", birthday="1970-01-01"),
        registered("cust-new", birthday="1991-03-02"),
        long_known("cust-one-year", occurred_at=datetime(2026, 3, 2, 6, tzinfo=UTC)),
        long_known("cust-ten-years", occurred_at=datetime(2017, 3, 2, 6, tzinfo=UTC)),
    )
    cloud.advance(to=datetime(2027, 3, 3, 0, 0, tzinfo=UTC))
    assert celebrated(cloud) == [
        ("birthday_offer", "cust-tane", datetime(2027, 3, 1, 19, 15, tzinfo=UTC)),
        ("birthday_offer", "cust-asha", NINE_IN_KOLKATA),
        ("first_anniversary_offer", "cust-one-year", NINE_IN_KOLKATA + hours(1)),
        ("anniversary_offer", "cust-ten-years", NINE_IN_KOLKATA + hours(1)),
        ("birthday_offer", "cust-noah", datetime(2027, 3, 2, 12, 30, tzinfo=UTC)),
    ]
    codes = {offer["customer_id"]: offer["code"] for offer in cloud.table("OffersTable")}
    assert len(set(codes.values())) == 5
    for mail in cloud.mails:
        assert codes[mail.to[0].partition("@")[0]] in mail.html
    assert cloud.dead_letters() == {}
    operations = {call.operation for call in cloud.calls if call.function in (RUN, PAGE)}
    assert "Query" in operations
    assert "Scan" not in operations


def test_who_moves_east_on_the_day_into_a_zone_that_is_done_already_is_wished_once(cloud: LocalCloud) -> None:
    tell(
        cloud,
        long_known("cust-asha", birthday="1991-03-02", time_zone="America/New_York"),
        long_known("cust-noah"),
    )
    cloud.advance(to=NINE_IN_KOLKATA + hours(2))
    moved = profile_updated("cust-asha", birthday="1991-03-02", occurred_at=cloud.now)
    tell(cloud, moved)
    cloud.advance(by=hours(24))
    assert wished(cloud) == [("cust-asha", NINE_IN_KOLKATA + hours(2) + timedelta(minutes=1))]


def test_who_moves_west_on_the_day_is_wished_once_and_who_left_before_it_not_at_all(
    cloud: LocalCloud,
) -> None:
    tell(
        cloud,
        long_known("cust-tane", birthday="1991-03-02", time_zone="Pacific/Chatham"),
        long_known("cust-gone", birthday="1991-03-02"),
        erased("cust-gone"),
    )
    cloud.advance(by=hours(12))
    moved = profile_updated(
        "cust-tane", birthday="1991-03-02", time_zone="Pacific/Honolulu", occurred_at=cloud.now
    )
    tell(cloud, moved)
    cloud.advance(by=days(2))
    assert [who for who, _ in wished(cloud)] == ["cust-tane"]


def test_an_outage_of_hours_is_caught_up_and_one_of_a_day_is_told_of(cloud: LocalCloud) -> None:
    tell(
        cloud,
        long_known("cust-asha", birthday="1991-03-02"),
        long_known("cust-bela", birthday="1991-03-03"),
        long_known("cust-chitra", birthday="1991-03-04"),
    )
    cloud.schedules_paused.add(RUN)
    cloud.advance(to=datetime(2027, 3, 2, 9, 10, tzinfo=UTC))
    cloud.schedules_paused.discard(RUN)
    cloud.advance(by=hours(1))
    assert wished(cloud) == [("cust-asha", datetime(2027, 3, 2, 9, 15, tzinfo=UTC))]
    cloud.schedules_paused.add(RUN)
    cloud.advance(to=datetime(2027, 3, 4, 5, 10, tzinfo=UTC))
    cloud.schedules_paused.discard(RUN)
    cloud.advance(by=hours(1))
    assert wished(cloud)[1:] == [("cust-chitra", datetime(2027, 3, 4, 5, 15, tzinfo=UTC))]
    log = {entry["send_key"]: entry for entry in cloud.table("MailLogTable")}
    missed = log["birthday_offer:cust-bela:2027"]
    assert (missed["mail_status"], missed["reason"]) == ("skipped", "too_late")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_once_at_each_kind_of_call_everyone_is_still_wished_once(
    cloud: LocalCloud, moment: Literal["before", "after"]
) -> None:
    tell(cloud, long_known("cust-asha", birthday="1991-03-02"), long_known("cust-bela", birthday="--03-02"))
    cloud.advance(to=NINE_IN_KOLKATA - hours(0.2))
    killed: set[tuple[str, str]] = set()

    def kill_once_at_each_kind_of_call(call: AwsCall, when: Literal["before", "after"]) -> None:
        at = (call.function, call.operation)
        if call.function in (RUN, PAGE) and when == moment and at not in killed:
            killed.add(at)
            raise Killed

    cloud.faults.append(kill_once_at_each_kind_of_call)
    cloud.advance(to=datetime(2027, 3, 2, 12, 0, tzinfo=UTC))
    assert sorted(who for who, _ in wished(cloud)) == ["cust-asha", "cust-bela"]
    assert {(RUN, "SendMessageBatch"), (PAGE, "SendMessageBatch"), (PAGE, "PutEvents")} <= killed


def test_a_repeated_tick_sends_nothing_twice(cloud: LocalCloud) -> None:
    tell(cloud, long_known(birthday="1991-03-02"))
    cloud.advance(to=NINE_IN_KOLKATA)
    for _ in range(3):
        cloud.invoke(RUN, scheduled(NINE_IN_KOLKATA))
        cloud.settle()
    assert len(wished(cloud)) == 1
