"""A year has four hundred thousand ticks, and at most of them there is nothing to do: those are left out.

Whether there is something, the tables say: a sweep looks for items whose time has come. Of the ticks that seem idle one
in so many fires all the same, and must then change nothing: `fired_idle` tells which runs these were.
"""

import random
from collections.abc import Container, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from local_cloud.agenda import Agenda, Run
from local_cloud.declared import ScheduleSpec
from local_cloud.schedules import ticks
from tests.simulation.quick_engine import QuickEngine

# The table of each sweep, and the attribute by which its items fall due. The others fire at every tick that is listed.
_DUE = {
    "OffersSweepFunction": ("OffersTable", "due_at"),
    "CartNudgesSweepFunction": ("CartTimersTable", "fires_at"),
    "ReviewRequestsSweepFunction": ("ReviewRequestsTable", "due_at"),
    "ReviewsSweepFunction": ("ReviewsTable", "due_at"),
    "LoyaltySweepFunction": ("LoyaltyTable", "due_at"),
}
# Those that look at the clock alone: as often as makes a difference to anybody.
_AS_OFTEN_AS = {
    "OccasionOffersRunFunction": timedelta(hours=2),
    "LoyaltyAuditFunction": timedelta(days=30),
    "KeyRotationFunction": timedelta(days=1),
}
_ALL_THE_SAME = 400


class SparseAgenda(Agenda):
    def __init__(
        self,
        schedules: Sequence[ScheduleSpec],
        start: datetime,
        engine: QuickEngine,
        resources: Mapping[str, str],
        seed: int,
    ) -> None:
        self._schedules = list(schedules)
        self._engine, self._resources = engine, resources
        self._retries: list[tuple[datetime, Run]] = []
        self._step = {each.function: _step(each, start) for each in schedules}
        self._last = dict.fromkeys(self._step, start)
        self._known: dict[str, tuple[int, datetime | None]] = {}
        self._chance = random.Random(f"{seed}:agenda")
        self._idle = {function: self._some_idle(function, start) for function in _DUE}
        self.fired_idle: set[tuple[str, datetime]] = set()

    def next_instant(self, paused: Container[str]) -> datetime | None:
        ahead = [self._next_of(each.function) for each in self._schedules if each.function not in paused]
        retries = [instant for instant, run in self._retries if run.schedule.function not in paused]
        return min([*(each for each in ahead if each), *retries], default=None)

    def due(self, now: datetime, paused: Container[str]) -> list[Run]:
        runs = [run for instant, run in self._retries if instant <= now]
        self._retries = [(instant, run) for instant, run in self._retries if instant > now]
        for schedule in self._schedules:
            function = schedule.function
            if function in paused:
                # What it missed it missed: Scheduler does not make up for it.
                self._last[function] = max(self._last[function], now)
                if function in _DUE and self._idle[function] <= now:
                    self._idle[function] = self._some_idle(function, now)
                continue
            tick = self._next_of(function)
            if tick is not None and tick <= now:
                if function in _DUE and self._due_tick(function) != tick:
                    self.fired_idle.add((function, tick))
                self._last[function] = tick
                if function in _DUE and tick >= self._idle[function]:
                    self._idle[function] = self._some_idle(function, tick)
                runs.append(Run(schedule, tick))
        return [run for run in runs if run.schedule.function not in paused]

    def _next_of(self, function: str) -> datetime | None:
        if function not in _DUE:
            return _after(self._last[function], max(self._step[function], _AS_OFTEN_AS[function]))
        due = self._due_tick(function)
        return min(due, self._idle[function]) if due else self._idle[function]

    def _due_tick(self, function: str) -> datetime | None:
        """The first tick after the last one at which something is due."""
        due = self._first_due(function)
        if due is None:
            return None
        step = self._step[function]
        following = _after(self._last[function], step)
        return following if due <= following else _after(due - timedelta(microseconds=1), step)

    def _first_due(self, function: str) -> datetime | None:
        table, attribute = _DUE[function]
        name = self._resources[table]
        changes, known = self._known.get(function, (-1, None))
        if changes != self._engine.changes[name]:
            items = self._engine.tables[name].values()
            first = min((item[attribute]["S"] for item in items if attribute in item), default=None)
            known = _instant(first) if first else None
            self._known[function] = (self._engine.changes[name], known)
        return known

    def _some_idle(self, function: str, after: datetime) -> datetime:
        step = self._step[function]
        return _after(after, step) + step * self._chance.randrange(2 * _ALL_THE_SAME)


def _step(schedule: ScheduleSpec, start: datetime) -> timedelta:
    """How far apart the ticks are. They are everywhere the same, or they could not be left out by reckoning."""
    several = list(islice(ticks(schedule.expression, schedule.timezone, start), 50))
    (step,) = {later - earlier for earlier, later in pairwise(several)}
    return step


def _after(instant: datetime, step: timedelta) -> datetime:
    """The first multiple of the step after the instant, in UTC."""
    since = instant - datetime.fromtimestamp(0, UTC)
    return instant + step - since % step


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.partition("#")[0])
