"""The record as the judge of the books reads it: each fact once, however often one looks; tables as plain values."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import yaml
from pydantic import ValidationError

import engagement.events.carts
import engagement.events.customers
import engagement.events.loyalty
import engagement.events.offers
import engagement.events.orders
import engagement.events.products
import engagement.events.reviews
from engagement.events.base import Event
from tests.simulation.record import Finding, Published, Record

_MODULES = (
    engagement.events.carts,
    engagement.events.customers,
    engagement.events.loyalty,
    engagement.events.offers,
    engagement.events.orders,
    engagement.events.products,
    engagement.events.reviews,
)
# By the fact's name on the bus.
KINDS: dict[str, type[Event]] = {
    name: kind
    for module in _MODULES
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Event)
}

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Heard:
    """A fact that a function took in for good, at that instant."""

    at: datetime
    fact: Event


class Reading:
    """One record, which grows. Tables are read at most once for each look; begin each by `look`."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.heard_by: defaultdict[str, list[Heard]] = defaultdict(list)
        # What came since the last look.
        self.new_logs: Sequence[tuple[str, str]] = ()
        self.new_published: Sequence[Published] = ()
        # By a fact's name and its event's id: what it said first.
        self.first_said: dict[tuple[str, str], str] = {}
        self._read = self._logs_read = self._published_read = 0
        self._tables: dict[str, list[dict[str, Any]]] = {}

    def look(self) -> None:
        self._tables.clear()
        for handled in self.record.handled[self._read :]:
            if fact := fact_of(handled.body):
                self.heard_by[handled.function].append(Heard(handled.at, fact))
        self._read = len(self.record.handled)
        self.new_logs = self.record.logs[self._logs_read :]
        self._logs_read = len(self.record.logs)
        self.new_published = self.record.published[self._published_read :]
        self._published_read = len(self.record.published)

    def heard[F: Event](self, function: str, *kinds: type[F]) -> list[tuple[datetime, F]]:
        """What the function took in of these kinds, in the order in which it did."""
        return [(each.at, each.fact) for each in self.heard_by[function] if isinstance(each.fact, kinds)]

    def table(self, name: str) -> list[dict[str, Any]]:
        """All items, also those whose time to live is over; numbers are integers."""
        if name not in self._tables:
            self._tables[name] = [plain(item) for item in self.record.table(name)]
        return self._tables[name]

    @property
    def now(self) -> datetime:
        return self.record.now or self.record.start

    @cached_property
    def plan(self) -> dict[str, Any]:
        """The plan as it is written; durations are texts such as `14d`."""
        read: dict[str, Any] = yaml.safe_load(self.record.plan)
        return read

    def told_outside[F: Event](self, kind: type[F]) -> Iterator[F]:
        """What functions put on the bus of this kind, each time that they did."""
        for published in self.record.published:
            if published.detail_type == kind.__name__:
                yield kind.model_validate(published.detail)


def fact_of(body: str) -> Event | None:
    """The fact in a message off a rule's queue; None: it is something else."""
    try:
        message = json.loads(body)
        kind = KINDS.get(message["detail-type"])
        return kind.model_validate(message["detail"]) if kind else None
    except (ValueError, KeyError, TypeError, ValidationError):
        return None


def plain(value: Any) -> Any:
    """A table's value without Decimals and sets."""
    match value:
        case Decimal():
            return int(value)
        case dict():
            return {name: plain(each) for name, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case set() | frozenset():
            return sorted(map(plain, value))
        case _:
            return value


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def duration(text: str) -> timedelta:
    """`14d`, as the plan writes it."""
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def found(rule: str, customer_id: str, what: str, at: datetime | None = None) -> Finding:
    return Finding(rule, customer_id, what, at)
