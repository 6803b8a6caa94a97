"""What CloudWatch knows of a stack: numbers of the day, ages of messages, last runs, alarms that ring."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from rishta_cli.stacks import Stack

_QUERIES = 500  # in one GetMetricData
_NAMES = 100  # in one DescribeAlarms
# Longer than the longest schedule's interval, a day.
_RUNS_WITHIN = timedelta(hours=27)
_RUN_PERIOD = 300


@dataclass(frozen=True)
class Series:
    """One metric, asked for from `since` on, in periods of so many seconds."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str
    since: datetime
    period: int


class Watch:
    """CloudWatch's answers are as old as its metrics: up to five minutes."""

    def __init__(self, stack: Stack) -> None:
        self._client = stack.client("cloudwatch")
        self._stack = stack

    def today(self, names: Sequence[str], now: datetime) -> dict[str, int]:
        """What was counted of each metric of the stack's since midnight (UTC)."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        asked = [
            Series(self._stack.name, name, {"service": "rishta"}, "Sum", midnight, 3600) for name in names
        ]
        found = self._points(asked, now)
        return {
            name: round(sum(value for _, value in points)) for name, points in zip(names, found, strict=True)
        }

    def oldest(self, urls: Sequence[str], now: datetime) -> list[timedelta | None]:
        """For each queue the age of its oldest message, None where CloudWatch has not heard of any."""
        since = now - timedelta(minutes=10)
        asked = [
            Series(
                "AWS/SQS",
                "ApproximateAgeOfOldestMessage",
                {"QueueName": url.rsplit("/", 1)[-1]},
                "Maximum",
                since,
                60,
            )
            for url in urls
        ]
        return [timedelta(seconds=max(points)[1]) if points else None for points in self._points(asked, now)]

    def last_runs(self, functions: Sequence[str], now: datetime) -> list[datetime | None]:
        """For each function when it was last called, to five minutes; None: not in the last day."""
        asked = [
            Series(
                "AWS/Lambda", "Invocations", {"FunctionName": name}, "Sum", now - _RUNS_WITHIN, _RUN_PERIOD
            )
            for name in functions
        ]
        return [max((at for at, runs in points if runs), default=None) for points in self._points(asked, now)]

    def ringing(self) -> dict[str, str]:
        """Alarms of the stack that ring: what each is called in AWS, and what it says."""
        return {
            alarm["AlarmName"]: alarm.get("AlarmDescription", "").strip()
            for alarm in self.alarms()
            if alarm["StateValue"] == "ALARM"
        }

    def alarms(self) -> Iterator[dict[str, Any]]:
        """Every alarm of the stack on a metric, as CloudWatch describes it."""
        names = sorted(self._stack.of_type("AWS::CloudWatch::Alarm").values())
        for some in batched(names, _NAMES, strict=False):
            yield from self._client.describe_alarms(AlarmNames=list(some))["MetricAlarms"]

    def _points(self, asked: Sequence[Series], now: datetime) -> list[list[tuple[datetime, float]]]:
        found: dict[str, list[tuple[datetime, float]]] = {f"m{number}": [] for number in range(len(asked))}
        numbered = list(enumerate(asked))
        for some in batched(numbered, _QUERIES, strict=False):
            pages = self._client.get_paginator("get_metric_data").paginate(
                MetricDataQueries=[_query(number, series) for number, series in some],
                StartTime=min(series.since for _, series in some),
                EndTime=now,
            )
            for page in pages:
                for result in page["MetricDataResults"]:
                    found[result["Id"]] += zip(result["Timestamps"], result["Values"], strict=True)
        return list(found.values())


def _query(number: int, series: Series) -> dict[str, Any]:
    return {
        "Id": f"m{number}",
        "MetricStat": {
            "Metric": {
                "Namespace": series.namespace,
                "MetricName": series.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in series.dimensions.items()],
            },
            "Period": series.period,
            "Stat": series.statistic,
        },
    }
