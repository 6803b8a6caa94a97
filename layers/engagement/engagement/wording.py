"""Words, figures and dates in the customer's own language and custom."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date
from babel.localedata import exists as is_in_cldr
from babel.numbers import format_decimal, format_percent

from engagement.money import Money, display_money

BASE = "engagement"


@dataclass(frozen=True)
class Percent:
    """So many of a hundred; shown as `15%`, or as the locale has it."""

    value: int


@cache
def catalogue(package: str, language: str) -> Mapping[str, Mapping[str, str]]:
    """A room's words in one language, from `mails/<language>.toml`: a section for each mail, or `[base]`."""
    return tomllib.loads(files(package).joinpath("mails", f"{language}.toml").read_text(encoding="utf-8"))


@cache
def languages(package: str = BASE) -> frozenset[str]:
    """The languages that a room's mails are written in."""
    names = (entry.name for entry in files(package).joinpath("mails").iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


class Wording:
    """What is said to one customer: words of a language, with facts in it as `locale` and `time_zone` have them.

    Every sentence may mention the facts in `mentions`.
    """

    def __init__(self, locale: str, time_zone: str, mentions: Mapping[str, Any]) -> None:
        self._locale = locale
        self._zone = ZoneInfo(time_zone)
        self._mentions = {name: self.show(fact) for name, fact in mentions.items() if _can_be_said(fact)}

    def of(self, package: str, section: str) -> Callable[[str], str]:
        """A section's words, by their keys. Raises KeyError for a word, or a fact in it, that there is not."""
        words = catalogue(package, language_of(self._locale))[section]
        return lambda key: words[key].format(**self._mentions)

    def show(self, fact: str | int | Percent | Money | datetime) -> str:
        """`₹1,00,000`, `15%`, `1,200`, `15 March 2027`: an instant is the day on the customer's calendar."""
        match fact:
            case Money():
                return display_money(fact, self._locale)
            case Percent():
                return format_percent(Decimal(fact.value) / 100, locale=_cldr(self._locale))
            case datetime():
                day = fact.astimezone(self._zone)
                return format_date(day, "d MMMM y", locale=_cldr(self._locale))
            case int():
                return format_decimal(fact, locale=_cldr(self._locale))
            case _:
                return fact


def spoken(wanted: str, fallback: str) -> str:
    """The customer's locale if we speak its language, else the shop's, else English; no region that CLDR knows no
    formats for.
    """
    locale = next(each for each in (wanted, fallback, "en") if language_of(each) in languages())
    return locale if is_in_cldr(_cldr(locale)) else language_of(locale)


def language_of(locale: str) -> str:
    return locale.partition("-")[0]


@cache
def direction(locale: str) -> str:
    """`ltr` or `rtl`: where a line of this language begins."""
    return Locale.parse(_cldr(locale)).text_direction


def _cldr(locale: str) -> str:
    return locale.replace("-", "_")


def _can_be_said(fact: object) -> bool:
    return isinstance(fact, str | int | Percent | Money | datetime)
