"""The world's time zones as a customer finds theirs: by region, by its city's name, by what its clocks show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel.core import Locale, get_global

# In the order in which they are shown; Arctic is one town.
REGIONS = (
    "Asia",
    "Europe",
    "Africa",
    "America",
    "Australia",
    "Pacific",
    "Indian",
    "Atlantic",
    "Antarctica",
    "Arctic",
)


@dataclass(frozen=True)
class ZoneChoice:
    """`clock` is the time there, `17:30`."""

    time_zone: str
    city: str
    clock: str


@cache
def known_time_zones() -> frozenset[str]:
    """Every name in the time zone database, those that are only kept for old times' sake too."""
    return frozenset(available_timezones())


def choices(time_zones: Iterable[str], language: str, now: datetime) -> tuple[ZoneChoice, ...]:
    """Each once, in the order given."""
    cities = _cities(language)
    return tuple(
        ZoneChoice(name, cities.get(name) or _last_part(name), f"{now.astimezone(ZoneInfo(name)):%H:%M}")
        for name in dict.fromkeys(time_zones)
    )


def choices_by_region(language: str, now: datetime) -> Mapping[str, tuple[ZoneChoice, ...]]:
    """Where people live, region by region, in the order of the cities' names."""
    cities = _cities(language)
    inhabited = sorted(_inhabited(), key=lambda name: cities[name].casefold())
    return {
        region: choices((name for name in inhabited if name.startswith(f"{region}/")), language, now)
        for region in REGIONS
    }


@cache
def _inhabited() -> tuple[str, ...]:
    """The zones of the database's own table for people to choose from: for each country, those that it has."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    return tuple(line.split("\t")[2] for line in table.splitlines() if not line.startswith("#"))


@cache
def _cities(language: str) -> Mapping[str, str]:
    """CLDR's name of each zone's city; it knows some zones by a name that they had before, such as Asia/Calcutta."""
    told = Locale.parse(language).time_zones
    before: dict[str, list[str]] = {}
    for old, new in get_global("zone_aliases").items():
        before.setdefault(new, []).append(old)
    return {
        name: next(
            (told[each]["city"] for each in (name, *before.get(name, ())) if "city" in told.get(each, {})),
            _last_part(name),
        )
        for name in _inhabited()
    }


def _last_part(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")
