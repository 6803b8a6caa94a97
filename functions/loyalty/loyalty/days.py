"""The shop's days: what is pending matures, and what ends expires, when a day begins at the shop."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engagement.clock import local_instant

# February's last day, where it is not in the calendar of a common year.
_LEAP_DAY = (2, 29)


@dataclass(frozen=True)
class Days:
    """`zone` is the shop's."""

    zone: ZoneInfo

    def day_of(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def begin(self, day: date, hour: int = 0) -> datetime:
        """The instant (UTC) at which `day` begins at the shop, or an hour of it."""
        return local_instant(day, hour, self.zone)


def a_year_after(day: date) -> date:
    """The same day a year on; of 29 February the 28th, in a common year."""
    return on_day_of_year(day.month, day.day, day.year + 1)


def a_year_before(day: date) -> date:
    """The same day a year back, if the calendar goes so far: an account of which nothing is known is of its start."""
    return on_day_of_year(day.month, day.day, max(day.year - 1, date.min.year))


def on_day_of_year(month: int, day: int, year: int) -> date:
    if (month, day) == _LEAP_DAY and not _is_leap(year):
        day -= 1
    return date(year, month, day)


def month_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
