"""Facts about customers."""

from datetime import date
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, StringConstraints

from engagement.events.base import Event, Identifier, Text


@cache
def _zone_names() -> frozenset[str]:
    # Walks the time zone database's files: once, not for every fact.
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _zone_names():
        raise ValueError("not a name in the IANA time zone database")
    return name


def _real_date(birthday: str) -> str:
    # Where the year is unknown any leap year will do: 29 February is somebody's birthday.
    date.fromisoformat(birthday.replace("--", "2000-"))
    return birthday


# Form only (RFC 5321's length); whether it exists, SES tells.
EmailAddress = Annotated[
    str,
    StringConstraints(
        max_length=254, pattern=r"^[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]+$"
    ),
]
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
Topic = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
# `1990-02-28`, or `--02-29` where the year is unknown (XML Schema's gMonthDay).
Birthday = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{4}|-)-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_date)
]


class CustomerFact(Event):
    customer_id: Identifier


class _ProfileFact(CustomerFact):
    """The whole profile as it stands at `occurred_at`, not a difference."""

    email: EmailAddress
    name: Text
    locale: Locale | None = None
    time_zone: TimeZone | None = None
    birthday: Birthday | None = None


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
