"""What the template itself costs by the month, whatever happens at the shop: counted in it, nested stacks included."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any

from local_cloud.schedules import ticks
from local_cloud.template import REPOSITORY, read_template

# A month is thirty days, here and in every figure.
MONTH = timedelta(days=30)
# Any start will do, as long as it is the same.
_START = datetime(2026, 11, 1, tzinfo=UTC)

_ALIAS = "Alias"
_IN_A_TEXT = re.compile(r"\$\{(\w+)(\.\w+)?\}")

_Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Stack:
    """Counts of a deployed stack whose alarms are on."""

    # Metrics that alarms look at: one that computes with several is paid for each.
    alarm_metrics: int
    composite_alarms: int
    dashboards: int
    # Triggers from a queue: Lambda asks each of those queues whether there is anything.
    polled_queues: int
    # Pairs of a function and a table that it may touch.
    table_callers: int
    # Megabytes, by the function's logical id.
    memory: Mapping[str, int]
    # Runs in a month, by the logical id of the function that a schedule starts.
    runs: Mapping[str, int]

    @classmethod
    @cache
    def of_template(cls) -> "Stack":
        """As template.yaml has it when it is first asked for. Raises ValueError for a schedule that cannot be read."""
        resources = read_template(REPOSITORY / "template.yaml").template["Resources"]

        def each(type_: str) -> Iterator[tuple[str, _Properties]]:
            return (
                (name, resource.get("Properties", {}))
                for name, resource in resources.items()
                if resource["Type"] == type_
            )

        roles = dict(each("AWS::IAM::Role"))
        functions = dict(each("AWS::Lambda::Function"))
        return cls(
            alarm_metrics=sum(_metrics(alarm) for _, alarm in each("AWS::CloudWatch::Alarm")),
            composite_alarms=len(list(each("AWS::CloudWatch::CompositeAlarm"))),
            dashboards=len(list(each("AWS::CloudWatch::Dashboard"))),
            polled_queues=len(list(each("AWS::Lambda::EventSourceMapping"))),
            table_callers=sum(len(_tables(role)) for role in roles.values()),
            memory={name: int(function.get("MemorySize", 128)) for name, function in functions.items()},
            runs=_runs(functions, dict(each("AWS::Scheduler::Schedule"))),
        )


def _metrics(alarm: _Properties) -> int:
    if alarm.get("Period") == 0:
        return 0  # of a function that no schedule calls: its condition leaves it out
    return sum("MetricStat" in query for query in alarm["Metrics"]) if "Metrics" in alarm else 1


def _tables(role: _Properties) -> set[str]:
    """The logical ids of the tables that a role's own policies name."""
    return {
        name for policy in role.get("Policies", []) for name in _referenced(policy) if name.endswith("Table")
    }


def _referenced(expression: Any) -> Iterator[str]:
    """Every logical id that an expression refers to."""
    match expression:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::Sub": str(text)}:
            yield from (name for name, _ in _IN_A_TEXT.findall(text))
        case dict():
            for each in expression.values():
                yield from _referenced(each)
        case list():
            for each in expression:
                yield from _referenced(each)
        case _:
            return


def _runs(functions: _Properties, schedules: Mapping[str, _Properties]) -> dict[str, int]:
    """A schedule starts a function by its alias, which is named after it."""
    runs = dict.fromkeys(functions, 0)
    for schedule in schedules.values():
        (target,) = _referenced(schedule["Target"]["Arn"])
        zone = schedule.get("ScheduleExpressionTimezone", "UTC")
        runs[target.partition(_ALIAS)[0]] += _count(schedule["ScheduleExpression"], zone)
    return {name: number for name, number in sorted(runs.items()) if number}


def _count(expression: str, zone: str) -> int:
    return sum(1 for _ in takewhile(lambda at: at <= _START + MONTH, ticks(expression, zone, _START)))
