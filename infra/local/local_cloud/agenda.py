"""The runs that schedules have before them, retries included."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from local_cloud.declared import ScheduleSpec
from local_cloud.schedules import ticks

# Lambda waits a minute before the first repetition of an asynchronous run, two before the second.
_PAUSES = (timedelta(minutes=1), timedelta(minutes=2))


@dataclass(frozen=True)
class Run:
    """`attempt` counts from 1; `scheduled_at` stays the same over all attempts."""

    schedule: ScheduleSpec
    scheduled_at: datetime
    attempt: int = 1


class Agenda:
    def __init__(self, schedules: Sequence[ScheduleSpec], start: datetime) -> None:
        self._ticks = [
            (schedule, ticks(schedule.expression, schedule.timezone, start)) for schedule in schedules
        ]
        self._next = [next(instants, None) for _, instants in self._ticks]
        self._retries: list[tuple[datetime, Run]] = []

    def next_instant(self, paused: Container[str]) -> datetime | None:
        """When the next run is due of a function that is not paused."""
        ticks_ahead = [
            instant
            for (schedule, _), instant in zip(self._ticks, self._next, strict=True)
            if instant is not None and schedule.function not in paused
        ]
        retries = [instant for instant, run in self._retries if run.schedule.function not in paused]
        return min([*ticks_ahead, *retries], default=None)

    def due(self, now: datetime, paused: Container[str]) -> list[Run]:
        """The runs due by `now`: retries first, then ticks in the template's order. Each is given once, and not at
        all if its function is paused."""
        runs = [run for instant, run in self._retries if instant <= now]
        self._retries = [(instant, run) for instant, run in self._retries if instant > now]
        for number, (schedule, instants) in enumerate(self._ticks):
            while (instant := self._next[number]) is not None and instant <= now:
                runs.append(Run(schedule, instant))
                self._next[number] = next(instants, None)
        return [run for run in runs if run.schedule.function not in paused]

    def retry(self, run: Run, now: datetime) -> bool:
        """Plans the next attempt of a failed run; False where the schedule allows no more."""
        if run.attempt > run.schedule.retries:
            return False
        pause = _PAUSES[min(run.attempt, len(_PAUSES)) - 1]
        self._retries.append((now + pause, replace(run, attempt=run.attempt + 1)))
        return True
