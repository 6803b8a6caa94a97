"""The account's sending rate as a timetable that all workers share: who may hand the next mail to SES, and when.

Instants are whole microseconds since 1970, so that they add up exactly in DynamoDB.
"""

from dataclasses import dataclass

SECOND = 1_000_000
# Bulk mail takes no place further ahead than this: so long may a triggered mail have to wait behind it.
_BULK_HORIZON = SECOND // 5
# What was not used may be made up for, as far as this back: workers that come a little late, or ask a little late,
# would otherwise leave holes in the timetable that nobody can fill any more. SES bears as much.
SLACK = SECOND // 10
# Whoever tries SES again after a stop tries it alone, for so long at most.
_PROBE = 30 * SECOND
# So many answers that never came, none that did between them, and SES counts as away.
DOUBTS_AT_MOST = 3
# It is tried again after so long at first, and each time that it is still away after twice as long.
_TRY_AGAIN, _DOUBLINGS = 60 * SECOND, 4


@dataclass(frozen=True)
class Timetable:
    """As it stands: the next place that is free, and, if sending is stopped, until when and why."""

    next_free: int = 0
    stopped_until: int | None = None
    stopped_because: str | None = None
    # Somebody tries whether the stop is over.
    trying: bool = False
    # Answers that never came since the last that did, and how often that stopped everybody.
    doubts: int = 0
    stops: int = 0


@dataclass(frozen=True)
class Places:
    """`count` places from `first` on, and the timetable after they were taken."""

    first: int
    count: int
    after: Timetable


@dataclass(frozen=True)
class Full:
    """No place before the horizon; there may be one if asked again then."""

    ask_at: int


@dataclass(frozen=True)
class Stopped:
    """Nothing may be sent until then."""

    until: int
    because: str


def horizon(now: int, deadline: int, *, bulk: bool) -> int:
    """Up to when a worker may take a place: it must live to see it, and bulk mail lets triggered mail go first."""
    return min(deadline, now + _BULK_HORIZON) if bulk else deadline


def take_places(
    seen: Timetable, wanted: int, *, interval: int, now: int, before: int
) -> Places | Full | Stopped:
    """The next `wanted` places, `interval` apart, none of them earlier than the slack allows.

    After a stop one place is given, to try; all others go on waiting until somebody reports that it went well.
    """
    if seen.stopped_until is not None:
        because = seen.stopped_because or "unknown"
        if now < seen.stopped_until:
            return Stopped(seen.stopped_until, because)
        trying = Timetable(now + interval, now + _PROBE, because, trying=True)
        return Places(now, 1, trying)
    first = max(seen.next_free, now - SLACK)
    if first > before:
        return Full(ask_at=now + (first - before))
    count = fitting(wanted, interval, before - first)
    return Places(first, count, Timetable(first + count * interval))


def fitting(wanted: int, interval: int, span: int) -> int:
    """How many of the wanted places lie within a span that begins with the first; one, at the least."""
    return min(wanted, max(1, span // interval + 1))


def try_again_at(now: int, stops: int) -> int:
    """When somebody should try SES again that did not answer, `stops` times before."""
    return now + (_TRY_AGAIN << min(stops, _DOUBLINGS))
