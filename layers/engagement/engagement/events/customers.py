"""Facts about customers."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from engagement.events.base import EmailAddress, Event, Identifier, Text


@cache
def _zone_names() -> frozenset[str]:
    # Walks the time zone database's files: once, not for every fact.
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _zone_names():
        raise ValueError("not a name in the IANA time zone database")
    return name


def _real_date(told: str) -> str:
    # Where the year is unknown any leap year will do: 29 February is somebody's birthday.
    if told != NO_DAY:
        date.fromisoformat(told.replace("--", "2000-"))
    return told


def _nothing(told: object) -> object:
    return None if told == "" else told


def _days_told(told: object) -> object:
    """An export says nothing as null or as an empty text."""
    if isinstance(told, Mapping):
        return {name: day for name, day in told.items() if day not in (None, "")}
    return told if told is not None else {}


def _the_shops_own(name: str) -> str:
    if name in BUILT_IN_OCCASIONS:
        raise ValueError(f"{name} has a place of its own in the fact")
    return name


Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
Topic = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
# Zero as MySQL has it: carried, so that whoever keeps dates can refuse it with its reason.
NO_DAY = "0000-00-00"
# `1990-02-28`, or `--02-29` where the year is unknown (XML Schema's gMonthDay).
YearlyDate = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{4}|-)-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_date)
]

# Occasions that we know by ourselves: the birthday is a field of the profile, the joining is the registration's day.
BIRTHDAY, JOINING = "birthday", "joining"
BUILT_IN_OCCASIONS = frozenset({BIRTHDAY, JOINING})
Occasion = Topic
Tier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class CustomerFact(Event):
    customer_id: Identifier


class _ProfileFact(CustomerFact):
    """The whole profile as it stands at `occurred_at`, not a difference."""

    email: EmailAddress
    name: Text
    locale: Locale | None = None
    time_zone: TimeZone | None = None
    birthday: Annotated[YearlyDate | None, BeforeValidator(_nothing)] = None
    # Further days that come round every year, by the names that the engagement plan calls them: `wedding_day`.
    dates: Annotated[
        Mapping[Annotated[Occasion, AfterValidator(_the_shops_own)], YearlyDate],
        Field(max_length=10),
        BeforeValidator(_days_told),
    ] = {}


class CustomerRegistered(_ProfileFact):
    """A customer opened an account. `consents` are the topics that they agreed to be mailed about."""

    consents: frozenset[Topic] = frozenset()


class CustomerUpdated(_ProfileFact):
    """A customer's profile changed; consent is not part of it (see ConsentChanged)."""


class CustomerErased(CustomerFact):
    """A customer asked to be forgotten, or closed the account."""


class Unsubscribed(CustomerFact):
    """A customer left a topic by the link in a mail, which `send_key` names."""

    topic: Topic
    send_key: Annotated[str, StringConstraints(max_length=190)]


class ConsentChanged(CustomerFact):
    """A customer agreed, or no longer agrees, to mail about a topic, by the shop's pages or by ours."""

    topic: Topic
    granted: bool
