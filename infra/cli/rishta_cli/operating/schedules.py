"""The schedules of a deployed stack, as EventBridge Scheduler has them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rishta_cli.stacks import Stack

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_EVERY_SO_MANY_MINUTES = re.compile(r"cron\(\d+/(\d+) \* \* \* \? \*\)")
_ONCE_AN_HOUR = re.compile(r"cron\(\d+ \* \* \* \? \*\)")


@dataclass(frozen=True)
class ScheduledRun:
    """`name` is the function's logical id, `function` what AWS calls it. `interval`: None for other kinds of times.

    `since` (UTC): when the schedule was made or last changed; it cannot have run before.
    """

    name: str
    function: str
    expression: str
    enabled: bool
    interval: timedelta | None
    since: datetime

    def is_late(self, ran_at: datetime | None, now: datetime) -> bool:
        """Whether it missed runs, and not just one: an instant of CloudWatch's is some minutes old."""
        return bool(
            self.interval and self.enabled and now - max(ran_at or self.since, self.since) > 3 * self.interval
        )


def schedules(stack: Stack) -> list[ScheduledRun]:
    """By their functions' names. Raises botocore's ClientError."""
    client = stack.client("scheduler")
    logical = {physical: name for name, physical in stack.of_type("AWS::Lambda::Function").items()}
    found = []
    for physical_id in stack.of_type("AWS::Scheduler::Schedule").values():
        # `!Ref` gives the name; in another group than the default one it is group|name.
        schedule = client.get_schedule(Name=physical_id.rpartition("|")[2])
        function = schedule["Target"]["Arn"].partition(":function:")[2].partition(":")[0]
        changed = schedule.get("LastModificationDate") or schedule.get("CreationDate")
        expression = schedule["ScheduleExpression"]
        found.append(
            ScheduledRun(
                name=logical.get(function, function),
                function=function,
                expression=expression,
                enabled=schedule.get("State", "ENABLED") == "ENABLED",
                interval=interval(expression),
                since=changed.astimezone(UTC) if changed else datetime.min.replace(tzinfo=UTC),
            )
        )
    return sorted(found, key=lambda each: each.name)


def interval(expression: str) -> timedelta | None:
    """The time between two runs: `rate(1 day)`, `cron(0/5 * * * ? *)`; None where it is not always the same."""
    if found := _RATE.fullmatch(expression):
        return timedelta(**{f"{found.group(2)}s": int(found.group(1))})
    if found := _EVERY_SO_MANY_MINUTES.fullmatch(expression):
        return timedelta(minutes=int(found.group(1)))
    return timedelta(hours=1) if _ONCE_AN_HOUR.fullmatch(expression) else None
