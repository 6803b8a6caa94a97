"""All that was done to the cloud in a simulated year, and all that it did: what the judges go by."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engagement.events.base import Event
from local_cloud.cloud import SentMail

# What the messages of the release before do not have: a release meets those that lie on queues.
NEW_WORDS = frozenset({"correlation_id"})


@dataclass(frozen=True)
class Told:
    """A fact that the shop put on the bus; again each time it did so."""

    at: datetime
    fact: Event


@dataclass(frozen=True)
class Handled:
    """A message that a function took off its queue for good. `body` is the message's; for a fact of the bus it is
    EventBridge's envelope ("detail-type", "detail"), for SES's events too."""

    at: datetime
    function: str
    body: str


@dataclass(frozen=True)
class HandedOver:
    """A message that a function put on a queue (`queue` is its logical id, such as MailQueue)."""

    at: datetime
    function: str
    queue: str
    body: str


@dataclass(frozen=True)
class Published:
    """A fact that a function put on the bus."""

    at: datetime
    function: str
    detail_type: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A request to a page, and its answer."""

    at: datetime
    method: str
    url: str
    status: int
    body: str


@dataclass
class Record:
    """Everything in the order in which it happened; instants are UTC. The tables are as they are now."""

    start: datetime
    plan: str  # the engagement plan's text
    table: Callable[[str], list[dict[str, Any]]]  # by logical id; as LocalCloud.table
    told: list[Told] = field(default_factory=list)
    handled: list[Handled] = field(default_factory=list)
    handed_over: list[HandedOver] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    mails: list[SentMail] = field(default_factory=list)  # what SES accepted, its tags with the send key
    asked: list[Asked] = field(default_factory=list)
    logs: list[tuple[str, str]] = field(default_factory=list)
    # By the queue that they come from; and what lies in queues that are not empty.
    dead_letters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    backlog: Counter[str] = field(default_factory=Counter)
    now: datetime | None = None  # the moment at which it is looked at
    # Whether the year is over and all faults with it, and everything had a week to come right.
    is_over: bool = False


@dataclass(frozen=True)
class Finding:
    """Something that must never be. `rule` names what was broken, always by the same words, so that a shorter story
    can be known by it; `customer_id` is whom it befell, "" if nobody."""

    rule: str
    customer_id: str
    what: str
    at: datetime | None = None


class Judge:
    """Holds the record against what the shop told. `look` is called now and then, on the way and at the end; each call
    sees what has come to the record's lists since the last. It raises nothing; it finds."""

    def look(self, record: Record) -> list[Finding]:
        raise NotImplementedError
