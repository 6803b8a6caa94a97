"""Cart nudges in the local cloud, from the shop's fact to the customer's mail."""

from datetime import timedelta

import pytest

from engagement.due_work import SHARDS
from in_the_cloud import Kill, only_schedule, ses_at_its_rate, stride, tell
from local_cloud.cloud import LocalCloud
from shop_facts import (
    NOW,
    a_line,
    cart_updated,
    hours,
    order_placed,
    registered,
    scheduled,
)

MINUTE = timedelta(minutes=1)
SWEEP = "CartNudgesSweepFunction"


@pytest.fixture(autouse=True)
def _no_schedule_but_this_rooms(cloud: LocalCloud) -> None:
    only_schedule(cloud, SWEEP)


def nudges(cloud: LocalCloud) -> list[str]:
    return [mail.to[0] for mail in cloud.mails if mail.tags["Campaign"] == "cart_nudge"]


def test_a_cart_left_for_an_hour_is_nudged_about_once(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated())
    cloud.advance(by=hours(1) - MINUTE)
    assert nudges(cloud) == []
    stride(cloud, hours(30))
    assert nudges(cloud) == ["cust-asha@mail.example.com"]


def test_activity_restarts_the_wait(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated())
    cloud.advance(by=50 * MINUTE)
    tell(cloud, cart_updated(occurred_at=NOW + 50 * MINUTE))
    cloud.advance(by=50 * MINUTE)
    assert nudges(cloud) == []
    cloud.advance(by=20 * MINUTE)
    assert len(nudges(cloud)) == 1


def test_no_nudge_when_the_cart_was_bought_meanwhile(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated())
    cloud.advance(by=59 * MINUTE)
    tell(cloud, order_placed(occurred_at=NOW + 59 * MINUTE))
    stride(cloud, hours(30))
    assert nudges(cloud) == []


def test_no_nudge_when_the_order_is_told_before_the_cart(cloud: LocalCloud) -> None:
    tell(cloud, registered(), order_placed(occurred_at=NOW), cart_updated(occurred_at=NOW - MINUTE))
    stride(cloud, hours(30))
    assert nudges(cloud) == []


def test_no_nudge_for_an_emptied_cart(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated(), cart_updated(lines=(), occurred_at=NOW + MINUTE))
    stride(cloud, hours(30))
    assert nudges(cloud) == []


def test_no_nudge_when_the_cart_is_bought_while_the_nudge_waits_in_the_mail_path(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated())
    cloud.schedules_paused.add(SWEEP)
    cloud.advance(by=hours(1))
    cloud.invoke(SWEEP, scheduled(cloud.now))
    assert cloud.backlog()["MailQueue"] == 1
    tell(cloud, order_placed(occurred_at=cloud.now))
    cloud.advance(by=hours(2))
    assert nudges(cloud) == []
    (entry,) = cloud.table("MailLogTable")
    assert (entry["mail_status"], entry["cancelled_because"]) == ("cancelled", "bought")


def test_who_empties_the_cart_while_the_nudge_waits_is_not_nudged(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated())
    with ses_at_its_rate(cloud):
        cloud.advance(by=hours(1))
    assert cloud.backlog()["MailQueue"] == 1
    tell(cloud, cart_updated(lines=(), occurred_at=cloud.now))
    cloud.advance(by=hours(2))
    assert nudges(cloud) == []


def test_nobody_mailed_for_a_guests_cart_until_the_customer_is_known(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated(customer_id=None))
    cloud.advance(by=hours(2))
    assert nudges(cloud) == []
    tell(cloud, cart_updated(occurred_at=cloud.now))
    cloud.advance(by=hours(2))
    assert len(nudges(cloud)) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("operation", "nth"),
    [
        ("GetParameter", 1),
        *(("Query", shard) for shard in range(1, SHARDS + 1)),
        ("UpdateItem", 1),
        ("BatchGetItem", 1),
        ("SendMessageBatch", 1),
        ("UpdateItem", 2),
    ],
)
def test_a_sweep_killed_at_any_call_still_leads_to_exactly_one_nudge(
    cloud: LocalCloud, operation: str, nth: int, moment: str
) -> None:
    tell(cloud, registered(), cart_updated())
    kill = Kill(SWEEP, operation, moment, nth)
    cloud.faults.append(kill)
    cloud.advance(by=hours(3))
    assert kill.happened
    assert nudges(cloud) == ["cust-asha@mail.example.com"]


def test_the_mail_shows_what_is_in_the_cart_as_it_is_now(cloud: LocalCloud) -> None:
    tell(cloud, registered(locale="hi-IN"), cart_updated(lines=(a_line("Old tea"),)))
    tell(cloud, cart_updated(lines=(a_line("Ilam tea", quantity=3),), occurred_at=NOW + MINUTE))
    cloud.advance(by=hours(2))
    (mail,) = [mail for mail in cloud.mails if mail.tags["Campaign"] == "cart_nudge"]
    assert "Ilam tea × 3" in mail.text
    assert "Old tea" not in mail.text
