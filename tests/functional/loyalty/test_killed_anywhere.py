"""Functions of the ledger that are killed before or after any of their calls: booked once, told, and mailed once."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from in_the_cloud import Kill, only_schedule, stride, tell
from local_cloud.cloud import AwsCall, Killed, LocalCloud
from points_in_the_cloud import FACTS, SPENDING, SWEEP, ask_the_till, differences, entries, news, points
from shop_facts import NOW, days, hours, order_paid, registered, rupees

LONG_AGO = NOW - days(20)
MOMENTS = ("before", "after")


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(now=NOW) as cloud:
        only_schedule(cloud, SWEEP)
        yield cloud


def killed_everywhere(
    cloud: LocalCloud, function: str, do: Callable[[str], object], prepare: Callable[[str], None]
) -> list[str]:
    """Do it for another customer each time, killed one moment later each time, until it lives to its end. Returns the
    customers.
    """
    customers: list[str] = []
    for kill_at in range(1, 100):
        moments: list[str] = []

        def kill(call: AwsCall, when: str, moments: list[str] = moments, kill_at: int = kill_at) -> None:
            if call.function == function:
                moments.append(f"{when} {call.operation}")
                if len(moments) == kill_at:
                    raise Killed

        prepare(f"cust-{kill_at}")
        cloud.faults.append(kill)
        do(f"cust-{kill_at}")
        cloud.faults.remove(kill)
        if len(moments) < kill_at:
            break
        customers.append(f"cust-{kill_at}")
    return customers


def earn(cloud: LocalCloud, customer_id: str, amount: int = 60_000) -> None:
    """Points that can be spent at once."""
    order_id = f"order-of-{customer_id}"
    tell(cloud, order_paid(order_id, customer_id=customer_id, amount=rupees(amount), occurred_at=LONG_AGO))


def test_a_fact_is_booked_once_and_told_with_the_tier_it_makes(cloud: LocalCloud) -> None:
    # By the message that comes again: no sweep helps.
    cloud.schedules_paused.add(SWEEP)
    customers = killed_everywhere(cloud, FACTS, partial(earn, cloud), lambda _: None)
    # Before and after: reading, booking, telling the fact, telling the tier, keeping that it was told.
    assert len(customers) >= 8
    cloud.advance(by=hours(0.5))
    for customer_id in customers:
        assert [entry.kind for entry in entries(cloud, customer_id)] == ["paid", "tier_changed"]
        assert {kind for kind, _ in news(cloud, customer_id)} == {"PointsEarned", "TierChanged"}
        assert len({detail["event_id"] for _, detail in news(cloud, customer_id)}) == 2
        assert points(cloud, customer_id) == (600, 0)
        assert differences(cloud, customer_id) == ()
    assert cloud.dead_letters() == {}


@pytest.mark.parametrize("page", ["reserve", "commit", "release"])
def test_the_checkout_that_comes_again_finds_it_done_once(cloud: LocalCloud, page: str) -> None:
    def ask(customer_id: str, page: str = page) -> int:
        asked = {"points": 60, "order_id": f"tea-of-{customer_id}"} if page == "reserve" else {}
        return ask_the_till(
            cloud, page, customer_id=customer_id, reservation_id=f"checkout-of-{customer_id}", **asked
        ).status

    def prepare(customer_id: str) -> None:
        earn(cloud, customer_id, 10_000)
        if page != "reserve":
            assert ask(customer_id, "reserve") == 200

    customers = killed_everywhere(cloud, SPENDING, ask, prepare)
    assert len(customers) >= 4
    for customer_id in customers:
        assert ask(customer_id) == 200
    cloud.advance(by=hours(0.2))
    for customer_id in customers:
        spent = [entry.points for entry in entries(cloud, customer_id) if entry.redemption_id]
        assert spent == ([-60] if page == "commit" else [])
        told = {detail["event_id"] for kind, detail in news(cloud, customer_id) if kind == "PointsRedeemed"}
        assert len(told) == len(spent)
        assert differences(cloud, customer_id) == ()


def test_a_sweep_tells_a_tier_and_congratulates_once(cloud: LocalCloud) -> None:
    """One customer's points mature each day, and the sweep that finds it is killed at another call each time."""
    operations = (
        "GetItem",
        "TransactWriteItems",
        "PutEvents",
        "BatchGetItem",
        "SendMessageBatch",
        "PutItem",
    )
    kills = [Kill(SWEEP, operation, moment) for operation in operations for moment in MOMENTS]
    for number, _ in enumerate(kills):
        customer_id, paid_at = f"cust-{number}", NOW - days(13) + days(number)
        paid = order_paid(
            f"order-{number}", customer_id=customer_id, amount=rupees(60_000), occurred_at=paid_at
        )
        tell(cloud, registered(customer_id, occurred_at=NOW - days(365)), paid)
    for kill in kills:
        cloud.faults.append(kill)
        stride(cloud, days(1), every=hours(6))
        cloud.faults.remove(kill)
        assert kill.happened, kill
    stride(cloud, days(2), every=hours(6))
    mailed = [mail.to[0] for mail in cloud.mails if mail.tags["Campaign"] == "tier_reached"]
    assert sorted(mailed) == sorted(f"cust-{number}@mail.example.com" for number, _ in enumerate(kills))
    for number, _ in enumerate(kills):
        told = {detail["event_id"] for kind, detail in news(cloud, f"cust-{number}") if kind == "TierChanged"}
        assert len(told) == 1
        assert differences(cloud, f"cust-{number}") == ()
