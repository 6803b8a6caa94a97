"""The timetable that all workers share, told through a simulated account: its rate is held, and used."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_delivery.pace_rules import SECOND, SLACK, Full, Places, Stopped, Timetable, horizon, take_places

MINUTE = 60 * SECOND


@dataclass
class Simulation:
    """Workers that send one mail after the other, side by side; one decision a moment, as in one DynamoDB item.

    A mail takes `latency` from its place to SES's answer.
    """

    interval: int
    latency: int
    timetable: Timetable = field(default_factory=Timetable)
    sent: dict[str, list[int]] = field(default_factory=lambda: {"bulk": [], "triggered": []})
    waited: list[int] = field(default_factory=list)

    def run(self, until: int, workers: dict[str, int], *, triggered_every: int = 0) -> None:
        numbers = count()
        ready = [(0, next(numbers), kind) for kind, many in workers.items() for _ in range(many)]
        ready += [(at, next(numbers), "once") for at in self._arrivals(until, triggered_every)]
        heapq.heapify(ready)
        while ready and ready[0][0] < until:
            now, _, kind = heapq.heappop(ready)
            before = horizon(now, now + MINUTE, bulk=kind == "bulk")
            match take_places(self.timetable, 1, interval=self.interval, now=now, before=before):
                case Places(first, _, after):
                    self.timetable = after
                    self.sent["bulk" if kind == "bulk" else "triggered"].append(first)
                    if kind == "once":
                        self.waited.append(first - now)
                    else:
                        heapq.heappush(ready, (first + self.latency, next(numbers), kind))
                case Full(ask_at):
                    heapq.heappush(ready, (ask_at, next(numbers), kind))
                case Stopped():
                    raise AssertionError

    def _arrivals(self, until: int, every: int) -> Iterator[int]:
        yield from range(every, until, every) if every else ()

    def share(self, begin: int, end: int) -> float:
        times = [at for kind in self.sent.values() for at in kind if begin <= at < end]
        return len(times) * self.interval / (end - begin)


@pytest.mark.parametrize("rate", [1, 14, 100, 500])
def test_four_workers_use_the_whole_rate_and_never_more(rate: int) -> None:
    simulation = Simulation(interval=-(-SECOND // rate), latency=70_000)
    simulation.run(20 * SECOND, {"bulk": 40})
    times = sorted(simulation.sent["bulk"])
    assert all(later - earlier >= simulation.interval for earlier, later in pairwise(times))
    assert simulation.share(SECOND, 18 * SECOND) >= 0.99


def test_triggered_mail_goes_before_a_bulk_run() -> None:
    """A bulk run takes all it can get; a triggered mail waits for a fifth of a second at most, and a little."""
    simulation = Simulation(interval=SECOND // 100, latency=70_000)
    simulation.run(20 * SECOND, {"bulk": 40}, triggered_every=SECOND // 10)
    assert max(simulation.waited) <= SECOND // 4
    assert simulation.share(SECOND, 18 * SECOND) >= 0.99


def test_a_bulk_run_waits_while_triggered_mail_takes_the_whole_rate() -> None:
    simulation = Simulation(interval=SECOND // 100, latency=70_000)
    simulation.run(10 * SECOND, {"bulk": 20, "triggered": 60})
    assert len(simulation.sent["bulk"]) < len(simulation.sent["triggered"]) / 20


def test_a_worker_takes_no_place_that_it_will_not_live_to_see() -> None:
    busy = Timetable(next_free=10 * SECOND)
    full = take_places(busy, 1, interval=SECOND, now=0, before=horizon(0, 5 * SECOND, bulk=False))
    assert full == Full(ask_at=5 * SECOND)


def test_nobody_sends_while_sending_is_stopped() -> None:
    stopped = Timetable(stopped_until=MINUTE, stopped_because="daily_quota")
    for now in (0, MINUTE - 1):
        told = take_places(stopped, 1, interval=1, now=now, before=now + MINUTE)
        assert told == Stopped(MINUTE, "daily_quota")


def test_after_a_stop_one_tries_and_the_others_wait_for_what_it_finds() -> None:
    stopped = Timetable(stopped_until=MINUTE, stopped_because="no_answer", doubts=3)
    trying = take_places(stopped, 10, interval=1, now=MINUTE, before=2 * MINUTE)
    assert isinstance(trying, Places)
    assert (trying.first, trying.count) == (MINUTE, 1)
    told = take_places(trying.after, 10, interval=1, now=MINUTE + 1, before=2 * MINUTE)
    assert isinstance(told, Stopped)


@given(
    asked=st.lists(st.tuples(st.integers(0, 5 * SECOND), st.integers(1, 10), st.booleans()), max_size=60),
    rate=st.integers(1, 1000),
)
def test_no_two_mails_ever_have_places_closer_than_the_rate_allows(
    asked: list[tuple[int, int, bool]], rate: int
) -> None:
    """Whoever asks, in whatever order their clocks tell, for however many."""
    interval, timetable, taken = -(-SECOND // rate), Timetable(), []
    for now, wanted, bulk in asked:
        told = take_places(
            timetable, wanted, interval=interval, now=now, before=horizon(now, now + MINUTE, bulk=bulk)
        )
        if isinstance(told, Places):
            timetable = told.after
            taken += [told.first + number * interval for number in range(told.count)]
            assert told.first >= now - SLACK
    taken.sort()
    assert all(later - earlier >= interval for earlier, later in pairwise(taken))
