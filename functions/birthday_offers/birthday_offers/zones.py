"""Every time zone that a customer may live in."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones


@cache
def zones() -> tuple[ZoneInfo, ...]:
    """All zones by name, read once in the life of an execution environment.

    Naming them walks the time zone database's files, and zoneinfo itself keeps only the last few it built: done anew,
    a run would spend a hundred times as long on it as on telling the time in all of them.
    """
    return tuple(ZoneInfo(name) for name in sorted(available_timezones()))
