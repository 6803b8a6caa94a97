"""A small run, killed before and after every AWS call: one suite for the real engine and for its likeness in memory,
with which tests/unit kills the workers of a thousand customers.
"""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from dynamodb_in_memory import DynamoDBInMemory
from engagement.items import from_item
from occasion_world import TABLES, Killed, OccasionWorld
from watched_client import Moment

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NINE_IN_KATHMANDU = datetime(2027, 3, 1, 3, 15, tzinfo=UTC)
QUARTER_HOUR = timedelta(minutes=15)
PAGE_SIZE = 5
CUSTOMERS, GROUPS = 42, 6


@pytest.fixture(params=["engine", "memory"])
def world(
    request: pytest.FixtureRequest,
    dynamodb: "DynamoDBClient",
    dynamodb_table: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> OccasionWorld:
    monkeypatch.setattr("occasion_offers.choosing.PAGE_SIZE", PAGE_SIZE)
    if request.param == "memory":
        world = OccasionWorld(DynamoDBInMemory(TABLES), {name: name for name in TABLES})
    else:
        world = OccasionWorld(dynamodb, {name: dynamodb_table(name) for name in TABLES})
    # Seven in each group: a page of five, and one that is not full.
    zones = ("Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok")
    world.crowd(CUSTOMERS, now=NINE_IN_KATHMANDU, zones=zones, shards=2, told="1990-03-01")
    return world


class Death:
    """Comes before or after the call of this number. `calls`: how many were begun."""

    def __init__(self, at: int, moment: Moment) -> None:
        self._at, self._moment = at, moment
        self.calls = 0

    def __call__(self, moment: Moment, call: str) -> None:
        self.calls += moment == "before"
        if (self.calls, moment) == (self._at, self._moment):
            raise Killed


def killed_at_every_call(world: OccasionWorld, work: Callable[[], object]) -> int:
    """Does the work over and over, each time one call further, until nothing is left to be killed at. How often."""
    kills = 0
    while True:
        for moment in ("before", "after"):
            world.watch = Death(kills // 2 + 1, moment)
            try:
                work()
            except Killed:
                kills += 1
            else:
                return kills


def send_keys(world: OccasionWorld) -> list[str]:
    """As often as they were handed over."""
    return [json.loads(body)["send_key"] for body in world.posted.mails]


def mailed(world: OccasionWorld) -> dict[str, str]:
    """The code in each mail, by its send key."""
    mails = [json.loads(body) for body in world.posted.mails]
    codes = {(mail["send_key"], mail["text"]) for mail in mails}
    assert len(codes) == len(dict(codes)), "one customer was promised two codes"
    return dict(codes)


def offers(world: OccasionWorld) -> dict[str, str]:
    if isinstance(world.client, DynamoDBInMemory):
        items = list(world.client.tables["OffersTable"].values())
    else:
        items = world.client.scan(TableName=world.tables["OffersTable"])["Items"]
    return {item["offer_key"]: item["code"] for item in map(from_item, items)}


def test_everybody_is_mailed_once_though_every_worker_dies_at_every_call(world: OccasionWorld) -> None:
    kills = killed_at_every_call(world, lambda: world.tick(NINE_IN_KATHMANDU))
    world.posted.pages = list(dict.fromkeys(world.posted.pages))
    while world.posted.pages:
        waiting = Counter(world.posted.pages[1:])
        kills += killed_at_every_call(world, lambda: world.celebrate_next(NINE_IN_KATHMANDU))
        ordered = Counter(world.posted.pages) - waiting
        # Of all the workers only two came so far: one died after its very last call, and one lived.
        assert set(ordered.values()) <= {2}
        # To be killed anew for each would tell nothing new.
        world.posted.pages = list(dict.fromkeys(world.posted.pages))
    world.watch = lambda _moment, _call: None
    world.tick(NINE_IN_KATHMANDU + QUARTER_HOUR)
    world.celebrate_all(NINE_IN_KATHMANDU + QUARTER_HOUR)
    assert kills > 100
    # Handed over by a worker that died after it, and by one that lived; where there is a page behind, also by two that
    # died before and after they ordered it.
    assert Counter(Counter(send_keys(world)).values()) == {2: 2 * GROUPS, 4: PAGE_SIZE * GROUPS}
    assert len(mailed(world)) == CUSTOMERS
    assert mailed(world) == offers(world)
    told = [json.loads(fact) for fact in world.posted.facts]
    assert {fact["offer_key"]: fact["code"] for fact in told} == offers(world)


def test_a_tick_that_dies_at_every_call_is_done_by_the_next(world: OccasionWorld) -> None:
    killed_at_every_call(world, lambda: world.tick(NINE_IN_KATHMANDU))
    world.posted.pages.clear()
    world.watch = lambda _moment, _call: None
    assert world.tick(NINE_IN_KATHMANDU + QUARTER_HOUR) == 0


def test_an_undisturbed_run_hands_each_mail_over_once_and_tells_of_each_offer_once(
    world: OccasionWorld,
) -> None:
    world.tick(NINE_IN_KATHMANDU)
    assert world.celebrate_all(NINE_IN_KATHMANDU) == 2 * GROUPS
    assert len(world.posted.mails) == len(world.posted.facts) == len(offers(world)) == CUSTOMERS
