"""When a customer could have been mailed: each hour of theirs at which nothing was in the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engagement.clock import from_text
from request_world import Handed
from request_yardstick import LOCAL_HOUR, TOGETHER_WITHIN, USEFUL_FOR, at_local_hour

# From when to when nothing could be done.
type Span = tuple[datetime, datetime]
_AN_HOUR = timedelta(hours=1)
_UNCERTAIN = ("sending", "unknown")


@dataclass(frozen=True)
class Chances:
    """Of a customer in this zone."""

    zone: str
    spans: Sequence[Span]

    def first(self, since: datetime, until: datetime) -> datetime | None:
        """The first whole hour between these that was free."""
        hour = at_local_hour(since, LOCAL_HOUR, self.zone)
        while hour + _AN_HOUR <= until:
            if not any(start < hour + _AN_HOUR and hour < end for start, end in self.spans):
                return hour
            hour = at_local_hour(hour + _AN_HOUR, LOCAL_HOUR, self.zone)
        return None


def is_local_hour(instant: datetime, zone: str) -> bool:
    """The hour on the customer's clock, or within an hour after it."""
    here = instant.astimezone(ZoneInfo(zone))
    began = here.replace(hour=LOCAL_HOUR, minute=0, second=0, microsecond=0)
    return timedelta() <= here - began <= _AN_HOUR


def unwell(outages: Iterable[tuple[str, datetime, datetime]]) -> list[Span]:
    """When something was wrong with us, and as long again: each wait for what stays away is as long as all before."""
    spans: list[Span] = []
    for _, start, end in sorted(outages, key=lambda each: each[1]):
        if spans and start <= twice(*spans[-1]):
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return [(start, twice(start, end)) for start, end in spans]


def twice(start: datetime, end: datetime) -> datetime:
    return end + (end - start) + _AN_HOUR


def of_mails(handed: Sequence[Handed], log: dict[str, dict[str, Any]]) -> list[Span]:
    """While one of these mails was on its way, until we could have learned what became of it; and the days after it,
    in which nobody is mailed again.
    """
    spans: list[Span] = []
    last = {each.send_key: each.version for each in handed}
    for version in dict.fromkeys(each.version for each in handed):
        times = [each for each in handed if each.version == version]
        key, began = times[0].send_key, times[0].at
        entry = log.get(key)
        if entry is None or last[key] != version:
            spans.append((began, twice(began, times[-1].at)))
            continue
        spans.append((began, twice(began, from_text(entry["changed_at"]))))
        if entry["mail_status"] not in ("skipped", "cancelled"):
            left_at = from_text(entry["left_at"])
            spans.append((left_at, left_at + TOGETHER_WITHIN))
        if entry["mail_status"] in _UNCERTAIN:
            # Until it is of no more use, we hope that somebody tells.
            spans.append((began, twice(began, began + TOGETHER_WITHIN + USEFUL_FOR)))
    return spans
