"""When a schedule fires: EventBridge Scheduler's rate(), cron() and at() expressions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter

from local_cloud.aws_environment import ACCOUNT, REGION
from local_cloud.declared import ScheduleSpec

_EXPRESSION = re.compile(r"(rate|cron|at)\((.+)\)")
_RATE = re.compile(r"(\d+) (minute|hour|day)s?")
_CRON_FIELDS = 6
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


def ticks(expression: str, timezone: str, start: datetime) -> Iterator[datetime]:
    """Every instant (UTC) after `start` at which the schedule fires, in order.

    A rate counts from `start`, without a first run at once. Raises ValueError for an expression it cannot read.
    """
    found = _EXPRESSION.fullmatch(expression.strip())
    if found is None:
        raise ValueError(f"{expression!r} is no schedule expression")
    kind, text = found.groups()
    if kind == "rate":
        return _rate_ticks(text, start)
    if kind == "cron":
        return _cron_ticks(text, ZoneInfo(timezone), start)
    once = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
    return iter([once] if once > start else [])


def _rate_ticks(text: str, start: datetime) -> Iterator[datetime]:
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no rate: write it as '5 minutes'")
    step = timedelta(**{found.group(2) + "s": int(found.group(1))})
    return (start + step * count for count in _counting())


def _counting() -> Iterator[int]:
    count = 0
    while True:
        count += 1
        yield count


def _cron_ticks(text: str, zone: ZoneInfo, start: datetime) -> Iterator[datetime]:
    fields = text.split()
    if len(fields) != _CRON_FIELDS or fields[5] != "*":
        raise ValueError(f"{text!r}: six fields are wanted, the sixth (the year) always *")
    minute, hour, day, month, weekday = fields[:5]
    five = " ".join((minute, hour, day.replace("?", "*"), month, _weekday(weekday)))
    local_start = start.astimezone(zone).replace(tzinfo=None)
    # Local time can stand an hour behind what it was before; begin early, and drop what is past.
    return _instants(croniter(five, local_start - timedelta(hours=3)), zone, start)


def _instants(local_times: croniter, zone: ZoneInfo, start: datetime) -> Iterator[datetime]:
    while True:
        local: datetime = local_times.get_next(datetime)
        instant = local.replace(tzinfo=zone).astimezone(UTC)
        # Where clocks go forward the local time does not exist, and Scheduler skips it; where they go back it
        # fires the first time only (fold=0).
        exists = instant.astimezone(zone).replace(tzinfo=None) == local
        if exists and instant > start:
            yield instant


def _weekday(field: str) -> str:
    """AWS counts SUN=1 … SAT=7; croniter takes the names. What follows # is a week's number and stays."""
    return re.sub(r"(?<![#\w])([1-7])(?![\w])", lambda m: _DAYS[int(m.group(1)) - 1], field.replace("?", "*"))


def payload(schedule: ScheduleSpec, scheduled_at: datetime, attempt: int) -> Any:
    """The event of one run: the schedule's input with its keywords replaced, or Scheduler's default event."""
    time = f"{scheduled_at:%Y-%m-%dT%H:%M:%SZ}"
    run_id = f"{schedule.logical_id}-{time}"
    if schedule.payload is None:
        classic = ":events:" in schedule.arn
        return {
            "version": "0",
            "id": run_id,
            "detail-type": "Scheduled Event",
            "source": "aws.events" if classic else "aws.scheduler",
            "account": ACCOUNT,
            "time": time,
            "region": REGION,
            "resources": [schedule.arn],
            "detail": {} if classic else "{}",
        }
    text = schedule.payload
    for keyword, value in {
        "scheduled-time": time,
        "schedule-arn": schedule.arn,
        "execution-id": run_id,
        "attempt-number": str(attempt),
    }.items():
        text = text.replace(f"<aws.scheduler.{keyword}>", value)
    return json.loads(text)
