"""Words, figures and dates in the customer's own language and custom."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date
from babel.localedata import exists as is_in_cldr
from babel.numbers import format_decimal, format_percent

from engagement.money import Money, display_money

BASE = "engagement"

# A mail program makes links of these; a scheme, an address, and a host, be its full stop a Chinese one.
_LINKABLE = re.compile(r"://|\w@\w|\w[.\u3002][^\W_]{2}")
_JOINT = re.compile(r"([.\u3002:/@])(?=\S)")
# Longer ones are no person's.
_LONGEST_NAME = 80

# What is said under a key. Or, where that hangs on a fact, the fact's name with what is said for each form of it: the
# catalogue has lines such as `heading.day.ahead` and `heading.day.other`. A text is its own form, a number has that of
# its plural category (CLDR: `one`, `few` …); what has no line of its own takes `other`, which is always there.
type Words = str | Mapping[str, Mapping[str, Words]]


@dataclass(frozen=True)
class Percent:
    """So many of a hundred; shown as `15%`, or as the locale has it."""

    value: int


@dataclass(frozen=True)
class Reduction:
    """So much less to pay; shown as `15% off`, `₹200 off`."""

    by: Percent | Money


@dataclass(frozen=True)
class Counted:
    """So many of what the frame's catalogue has under `things`; shown as `1 year`, `200 points`."""

    things: Literal["points", "years"]
    number: int


@dataclass(frozen=True)
class Translated:
    """A name by languages; shown in the mail's, else in the language `otherwise`, else in any that there is."""

    names: Mapping[str, str]
    otherwise: str


Sayable = str | int | Percent | Reduction | Counted | Translated | Money | datetime


@cache
def catalogue(package: str, language: str) -> Mapping[str, Mapping[str, Words]]:
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
        self._facts = mentions
        self._mentions = {
            name: self.show(fact) for name, fact in mentions.items() if isinstance(fact, Sayable)
        }

    def of(self, package: str, section: str) -> Callable[[str], str]:
        """A section's words, by their keys. Raises KeyError for a word, or a fact in it, that there is not."""
        words = catalogue(package, language_of(self._locale))[section]
        return lambda key: self._form(words[key], self._facts).format(**self._mentions)

    def show(self, fact: Sayable) -> str:
        """`₹1,00,000`, `15%`, `1,200`, `15 March 2027`: an instant is the day on the customer's calendar."""
        match fact:
            case Money():
                return display_money(fact, self._locale)
            case Percent():
                return format_percent(Decimal(fact.value) / 100, locale=_cldr(self._locale))
            case Reduction():
                return self._in_the_frames_words("reduction", {"by": fact.by})
            case Counted():
                return self._in_the_frames_words(fact.things, {"number": fact.number})
            case Translated():
                wanted = fact.names.get(language_of(self._locale)) or fact.names.get(fact.otherwise)
                return wanted or next(iter(fact.names.values()))
            case datetime():
                day = fact.astimezone(self._zone)
                return format_date(day, "d MMMM y", locale=_cldr(self._locale))
            case int():
                return format_decimal(fact, locale=_cldr(self._locale))
            case _:
                return fact

    def _in_the_frames_words(self, key: str, facts: Mapping[str, Sayable]) -> str:
        words = catalogue(BASE, language_of(self._locale))["base"][key]
        return self._form(words, facts).format(**{name: self.show(fact) for name, fact in facts.items()})

    def _form(self, words: Words, facts: Mapping[str, Any]) -> str:
        """Of what has several forms, the one for the facts. Raises KeyError for a fact that nobody gave."""
        while not isinstance(words, str):
            ((name, forms),) = words.items()
            fact = facts[name]
            form = _locale(self._locale).plural_form(fact) if isinstance(fact, int) else fact
            words = forms.get(form, forms["other"])
        return words


def spoken(wanted: str, fallback: str) -> str:
    """The customer's locale if we speak its language, else the shop's, else English; no region that CLDR knows no
    formats for.
    """
    locale = next(each for each in (wanted, fallback, "en") if language_of(each) in languages())
    return locale if is_in_cldr(_cldr(locale)) else language_of(locale)


def shown_name(name: str) -> str:
    """A customer's name as a mail says it: on one line, not endless, and nothing in it becomes a link. Anybody can
    register somebody else's address under a name such as `Your prize: example.com`, and the mail would be the shop's.
    """
    line = " ".join(name.split())
    if _LINKABLE.search(line):
        line = _JOINT.sub(r"\1 ", line)
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"


def language_of(locale: str) -> str:
    return locale.partition("-")[0]


def direction(locale: str) -> str:
    """`ltr` or `rtl`: where a line of this language begins."""
    return _locale(locale).text_direction


@cache
def _locale(locale: str) -> Locale:
    return Locale.parse(_cldr(locale))


def _cldr(locale: str) -> str:
    return locale.replace("-", "_")
