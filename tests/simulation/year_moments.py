"""When things happen in a year: at any time, but more on the days and at the hours at which software goes wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from engagement.clock import local_instant

_DAY = timedelta(days=1)
# Of a hundred moments so many are near a day when clocks or calendars are odd, and so many near an hour of a rule's.
_ON_ODD_DAYS, _AT_ODD_HOURS = 30, 25
# An hour before and after which something is allowed, or meant to be: quiet hours, and the hours of campaigns.
_HOURS = (0, 8, 9, 10, 17, 21)
_HERE_AND_THERE = ("Asia/Kolkata", "America/New_York", "Europe/London", "Pacific/Apia")


@dataclass(frozen=True)
class Span:
    """From `start` until before `end`, UTC."""

    start: datetime
    end: datetime

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def days(self, zone: ZoneInfo) -> list[date]:
        first = self.start.astimezone(zone).date()
        return [first + _DAY * number for number in range((self.end - self.start) // _DAY + 1)]


@cache
def odd_days(span: Span, zone: ZoneInfo) -> Sequence[date]:
    """29 February and its neighbours, New Year, the first of March, and each day that is longer or shorter."""
    odd = [day for day in span.days(zone) if f"{day:%m-%d}" in ("02-28", "02-29", "03-01", "12-31", "01-01")]
    for day in span.days(zone):
        begin, end = local_instant(day, 0, zone), local_instant(day + _DAY, 0, zone)
        if end - begin != _DAY:
            odd.append(day)
    return tuple(sorted(set(odd)))


class Moments:
    """Draws moments of one customer's, each of its own: no two facts of theirs are of the same instant."""

    def __init__(self, chance: Random, span: Span, zone: str) -> None:
        self._chance, self._span, self.zone = chance, span, ZoneInfo(zone)
        own = odd_days(span, self.zone)
        others = [day for each in _HERE_AND_THERE for day in odd_days(span, ZoneInfo(each))]
        self.odd_days: Sequence[date] = [*own, *own, *own, *others] or span.days(self.zone)

    def some(self) -> datetime:
        drawn = self._chance.randrange(100)
        if drawn < _ON_ODD_DAYS:
            moment = self.of_day(self._chance.choice(self.odd_days))
        elif drawn < _ON_ODD_DAYS + _AT_ODD_HOURS:
            moment = self.near_an_hour(self._chance.choice(self._span.days(self.zone)))
        else:
            moment = self._span.start + (self._span.end - self._span.start) * self._chance.random()
        return self._exact(moment) if moment in self._span else self.some()

    def of_day(self, day: date) -> datetime:
        return local_instant(day, 0, self.zone) + self.between(0, 24)

    def near_an_hour(self, day: date, *, sooner: timedelta = timedelta(0)) -> datetime:
        """A few minutes before or after an hour that rules look at, or `sooner` by as long as they wait."""
        return local_instant(day, self._chance.choice(_HOURS), self.zone) - sooner + self.between(-0.1, 0.1)

    def between(self, least: float, most: float) -> timedelta:
        """So many hours."""
        return self._exact_for(timedelta(hours=self._chance.uniform(least, most)))

    def around(self, hours: float) -> timedelta:
        """Some minutes less than so many hours, or more: a rule's wait is just over, or not yet."""
        return self.between(hours - 0.05, hours + 0.05)

    def _exact_for(self, length: timedelta) -> timedelta:
        # Seconds as people have them, and microseconds that make each moment another.
        seconds = timedelta(seconds=length // timedelta(seconds=1))
        return seconds + timedelta(microseconds=self._chance.randrange(1_000_000))

    def _exact(self, moment: datetime) -> datetime:
        moment = moment.astimezone(UTC)
        return moment.replace(microsecond=self._chance.randrange(1_000_000))
