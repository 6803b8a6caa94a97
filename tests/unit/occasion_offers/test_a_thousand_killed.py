"""A run of a thousand customers, killed before and after every AWS call that it makes.

A worker changes the world by its calls and by nothing else. So what a kill leaves behind is the world as it stood at
that moment of an undisturbed run, with the message that was being worked on still on its queue: each such world is
copied, and then lives on by itself, through the redelivery of the message and the next tick.
"""

import json
import os
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import pytest

from dynamodb_in_memory import DynamoDBInMemory, once
from engagement.items import from_item, to_item
from engagement.offers import offer_attributes
from occasion_world import TABLES, OccasionWorld, Posted
from watched_client import Moment

NINE_IN_KATHMANDU = datetime(2027, 3, 1, 3, 15, tzinfo=UTC)
# Nine o'clock has come in each of them, in the last just now.
ZONES = ("Asia/Yangon", "Asia/Dhaka", "Asia/Bangkok", "Asia/Thimphu", "Asia/Kathmandu")
CUSTOMERS, SHARDS = 1_000, 2
GROUPS = len(ZONES) * SHARDS  # of a hundred customers, a full page each
# One page is as another; CI, which has two slow cores, kills a first, a middle and the last one.
KILLED = (0, GROUPS // 2, GROUPS - 1) if os.environ.get("CI") else range(GROUPS)
QUARTER_HOUR = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the many worlds have in common is put into DynamoDB's form, and out of it, only once."""
    for module in ("engagement.offers", "engagement.reading", "occasion_offers.dates_table"):
        monkeypatch.setattr(f"{module}.from_item", FROM_ITEM)
    monkeypatch.setattr("engagement.offers.to_item", TO_ITEM)
    monkeypatch.setattr("engagement.offers.offer_attributes", ATTRIBUTES)


FROM_ITEM, TO_ITEM, ATTRIBUTES = once(from_item), once(to_item), cache(offer_attributes)


@dataclass
class Instant:
    """The world at one moment of a run."""

    tables: dict[str, dict[tuple[str, ...], dict[str, Any]]]
    posted: Posted

    @classmethod
    def of(cls, world: OccasionWorld) -> "Instant":
        return cls({name: dict(table) for name, table in world.client.tables.items()}, world.posted.copy())

    def copy(self) -> "Instant":
        return Instant({name: dict(table) for name, table in self.tables.items()}, self.posted.copy())


def the_world_at(instant: Instant) -> OccasionWorld:
    """It goes on by itself; `instant` stays what it was."""
    mine = instant.copy()
    world = OccasionWorld(DynamoDBInMemory(TABLES, mine.tables), {name: name for name in TABLES})
    world.posted = mine.posted
    return world


@cache
def before_the_tick() -> Instant:
    world = the_world_at(Instant({name: {} for name in TABLES}, Posted()))
    world.crowd(CUSTOMERS, now=NINE_IN_KATHMANDU, zones=ZONES, shards=SHARDS, told="1990-03-01")
    return Instant.of(world)


@cache
def after_the_tick() -> Instant:
    world = the_world_at(before_the_tick())
    assert world.tick(NINE_IN_KATHMANDU) == GROUPS
    return Instant.of(world)


class Watcher:
    """Keeps the world of each moment at which the worker may be killed."""

    def __init__(self, world: OccasionWorld) -> None:
        self.calls: Counter[str] = Counter()
        self.moments: list[tuple[str, Instant]] = []
        self._world = world
        world.watch = self._look

    def _look(self, moment: Moment, call: str) -> None:
        self.calls[call] += moment == "before"
        self.moments.append((f"{moment} call {self.calls.total()} ({call})", Instant.of(self._world)))


class Again(NamedTuple):
    """How often more than in an undisturbed run something was done."""

    facts: int = 0
    mails: int = 0
    pages: int = 0


def what_comes_of_it(watcher: Watcher, *, pages: int) -> list[Again]:
    """What the world does again after each kill, in the order of the kills, the same in a row once. `pages`: how many
    there are to be worked through after an undisturbed moment.
    """
    outcomes: list[Again] = []
    last: Instant | None = None
    for name, left in watcher.moments:
        # After one call and before the next the world is the same.
        if last is None or last != left:
            outcomes.append(_outcome(name, left, pages))
        last = left
    return [outcome for outcome, _ in groupby(outcomes)]


def _outcome(killed: str, left: Instant, pages: int) -> Again:
    """Goes on after the kill, to a thousand mails and offers, whatever it was."""
    world = the_world_at(left)
    done = world.celebrate_all(NINE_IN_KATHMANDU + timedelta(minutes=6))
    world.tick(NINE_IN_KATHMANDU + QUARTER_HOUR)
    done += world.celebrate_all(NINE_IN_KATHMANDU + QUARTER_HOUR)
    mailed = {_named(mail)["send_key"]: _named(mail)["text"] for mail in world.posted.mails}
    offers = {item["offer_key"]["S"]: code for (code,), item in world.client.tables["OffersTable"].items()}
    told = {_named(fact)["code"] for fact in world.posted.facts}
    found = f"killed {killed}: {len(mailed)} mails, {len(offers)} offers, {len(told)} facts"
    assert mailed == offers, found
    assert told == set(offers.values()), found
    assert len(mailed) == CUSTOMERS, found
    return Again(len(world.posted.facts) - CUSTOMERS, len(world.posted.mails) - CUSTOMERS, done - pages)


@cache
def _named(body: str) -> dict[str, str]:
    content = json.loads(body)
    return {name: content[name] for name in ("send_key", "text", "code") if name in content}


def say(what: str, watcher: Watcher, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        calls = ", ".join(f"{times} {call}" for call, times in watcher.calls.items())
        print(f"\n{what}: {len(watcher.moments)} kills at {watcher.calls.total()} calls ({calls})")  # noqa: T201 - figures to see


def test_a_tick_killed_at_any_call_mails_a_thousand_customers_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = the_world_at(before_the_tick())
    watcher = Watcher(world)
    world.tick(NINE_IN_KATHMANDU)
    say("tick", watcher, capsys)
    # All pages are ordered, then zone after zone is recorded. Those that are not yet, the next tick orders again: each
    # full page, and the empty one behind it.
    of_a_zone = CUSTOMERS // len(ZONES)
    again = [Again(zones * of_a_zone, zones * of_a_zone, 2 * zones * SHARDS) for zones in (5, 4, 3, 2, 1, 0)]
    assert what_comes_of_it(watcher, pages=2 * GROUPS) == [Again(), *again]


@pytest.mark.parametrize("number", KILLED)
def test_a_page_killed_at_any_call_mails_a_thousand_customers_once(
    number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    world = the_world_at(after_the_tick())
    # Queues have no order: here all the other pages come first, so that what goes on is this one.
    killed = world.posted.pages.pop(number)
    world.celebrate_all(NINE_IN_KATHMANDU)
    world.posted.pages.append(killed)
    watcher = Watcher(world)
    world.celebrate_next(NINE_IN_KATHMANDU)
    say(f"page {number}", watcher, capsys)
    assert watcher.calls["put_item"] == CUSTOMERS // GROUPS
    # Ten a call, the offers are told of, then the mails are handed over; what was, is again. Only a worker that dies
    # after its very last call leaves a page too many behind.
    ten_by_ten = range(10, CUSTOMERS // GROUPS + 1, 10)
    told = [Again(facts=facts) for facts in ten_by_ten]
    mailed = [Again(told[-1].facts, mails) for mails in ten_by_ten]
    assert what_comes_of_it(watcher, pages=2) == [Again(), *told, *mailed, mailed[-1]._replace(pages=1)]
    behind = Watcher(world)
    world.celebrate_next(NINE_IN_KATHMANDU)
    say("and the empty one behind it", behind, capsys)
    assert what_comes_of_it(behind, pages=1) == [Again()]
