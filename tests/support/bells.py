"""How often an alarm rings: CloudWatch's evaluation of one metric, minute by minute, with the alarm's own numbers."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

type Minutes = Mapping[int, float]  # what the metric is worth in each minute that has a figure

_STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Average": lambda values: sum(values) / len(values),
}


def rings(alarm: Mapping[str, Any], told: Minutes, until: int) -> list[int]:
    """The minutes, up to `until`, in which the alarm goes off, from a quiet start; it tells nobody while it goes on.

    As CloudWatch documents it: every minute it looks at the last `EvaluationPeriods` periods, and goes off where
    `DatapointsToAlarm` of them breach; a period without a figure is taken as `TreatMissingData` says.
    """
    rung, on, minutes = [], False, sorted(told)
    figures = [told[minute] for minute in minutes]
    for now in range(until):
        span = int(alarm["Period"]) // 60
        ends = [bisect_right(minutes, now - past * span) for past in range(alarm["EvaluationPeriods"] + 1)]
        periods = [figures[begin:end] for end, begin in pairwise(ends)]
        was, on = on, _breaches(alarm, periods, on=on)
        if on and not was:
            rung.append(now)
    return rung


def _breaches(alarm: Mapping[str, Any], periods: Sequence[Sequence[float]], *, on: bool) -> bool:
    missing = alarm["TreatMissingData"]
    if missing == "ignore" and not any(periods):
        return on
    breaching = sum(_is_beyond(alarm, each) if each else missing == "breaching" for each in periods)
    return bool(breaching >= int(alarm.get("DatapointsToAlarm", alarm["EvaluationPeriods"])))


def _is_beyond(alarm: Mapping[str, Any], values: Sequence[float]) -> bool:
    value, threshold = _STATISTICS[alarm["Statistic"]](values), float(alarm["Threshold"])
    match alarm["ComparisonOperator"]:
        case "GreaterThanOrEqualToThreshold":
            return bool(value >= threshold)
        case "GreaterThanThreshold":
            return bool(value > threshold)
        case "LessThanThreshold":
            return bool(value < threshold)
        case other:
            raise ValueError(f"No alarm of ours compares by {other}")
