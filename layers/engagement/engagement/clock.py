"""Instants are UTC, and this is the one place that reads the wall clock. Rules get `now` as an argument."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# How far two clocks may be apart: a shop's from ours, or two of its own.
CLOCK_SKEW = timedelta(minutes=5)


def utc_now() -> datetime:
    """The current instant, UTC. For doors only."""
    return datetime.now(UTC)


def to_text(instant: datetime) -> str:
    """`2027-02-28T09:00:00.000000Z`: always as long, so that text sorts as time does in a table's key.

    Raises ValueError for a datetime without a zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """The instant, UTC, that `to_text` wrote."""
    return datetime.fromisoformat(text).astimezone(UTC)


_MIDNIGHT_AT_THE_END = 24


def local_instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The instant, UTC, at which the clocks in `zone` show `hour`:00 on `day`.

    An hour that a DST change skips begins when the change is over; of an hour that occurs twice, the first counts
    (PEP 495, fold=0).
    """
    if hour == _MIDNIGHT_AT_THE_END:
        day, hour = day + timedelta(days=1), 0
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
