"""The hour on the customer's clock. All instants are UTC."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engagement.clock import local_instant

_ONE_DAY = timedelta(days=1)
# The hour lasts so long: a sweep a few minutes after it struck is on time.
_AN_HOUR = timedelta(hours=1)


def at_local_hour(instant: datetime, hour: int, zone: str | None) -> datetime:
    """The first instant, at or after that one, at which the customer's clock shows the hour."""
    if zone is None:
        return instant
    there = ZoneInfo(zone)
    today = instant.astimezone(there).date()
    # Midnight at the end of yesterday may be the one that is meant.
    days = (today - _ONE_DAY, today, today + _ONE_DAY)
    return min(found for day in days if (found := local_instant(day, hour, there)) >= instant)


def mailing_hour(
    due: datetime, not_before: datetime | None, now: datetime, hour: int, zone: str | None
) -> datetime:
    """When to mail what is due since then, and may not leave before: within an hour from the one on the customer's
    clock. Who looks later than that waits for the next.
    """
    free = not_before or due
    if zone is None:
        return max(due, free)
    return max(free, at_local_hour(max(due, free - _AN_HOUR, now - _AN_HOUR), hour, zone))
