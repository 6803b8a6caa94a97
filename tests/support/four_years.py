"""Four years of calendars and clocks, looked at without the code under test: when everybody's mail is to leave."""

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

YEARS = range(2027, 2031)  # 2028 is a leap year
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# The zones' own years begin up to 14 hours before UTC's and end up to 12 hours after it.
FIRST, LAST = datetime(YEARS[0] - 1, 12, 30, tzinfo=UTC), datetime(YEARS[-1] + 1, 1, 3, tzinfo=UTC)
TICKS = [FIRST + number * HOUR for number in range((LAST - FIRST) // HOUR)]
EVERY_BIRTHDAY = [f"{date(2000, 1, 1) + number * DAY:%m-%d}" for number in range(366)]
LOCAL_HOUR = 9


def shown(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks show."""
    return instant.astimezone(zone).replace(tzinfo=None)


def mornings(zone: ZoneInfo, ticks: Sequence[datetime] = TICKS) -> dict[date, datetime]:
    """For each date of the zone's the first tick at which its clocks show nine or later."""
    found: dict[date, datetime] = {}
    for tick in ticks:
        local = shown(tick, zone)
        if local.hour >= LOCAL_HOUR:
            found.setdefault(local.date(), tick)
    return found


def the_day(month_day: str, year: int, leap_day_observed_on: str) -> date:
    """On which a birthday is kept in a year."""
    if month_day == "02-29" and not calendar.isleap(year):
        month_day = leap_day_observed_on
    return date.fromisoformat(f"{year}-{month_day}")
