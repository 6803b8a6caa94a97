"""What lies in a dead-letter queue: of which kind, and why it may have failed, without anything personal."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from engagement.bus import parse_fact, parse_message
from engagement.errors import MalformedMessageError
from engagement.events.base import Event
from engagement.mail_orders import MailOrder
from rishta_cli.project import import_from_room
from rishta_cli.schemas import published_models

_SES = "aws.ses"
# A room's own message on a queue of its own: the queue, and where the model of it is.
_OF_QUEUES = {"OccasionPagesQueue": ("occasion_offers", "pages", "CelebratePage")}
_REASON_LENGTH = 160


@dataclass(frozen=True)
class Letter:
    """A message as an operator may see it. `kind` is a fact's, an event's or an order's name; `unreadable` says which
    field is wrong, None where all is well with it: what it met was something else, and it may pass the next time.
    """

    kind: str
    unreadable: str | None = None

    @property
    def may_pass(self) -> bool:
        return self.unreadable is None


@dataclass(frozen=True)
class Heap:
    """Letters of one kind that failed for the same reason. `mark` is 8 hex digits of both, to name them by."""

    kind: str
    unreadable: str | None
    number: int
    oldest: datetime
    newest: datetime

    @property
    def mark(self) -> str:
        return sha256(f"{self.kind}\n{self.unreadable}".encode()).hexdigest()[:8]


def read_letter(body: str, queue: str, now: datetime) -> Letter:
    """Reads a message as its door would at `now` (UTC). What it holds is in no answer, only which field is wrong."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return Letter("no JSON", "it is no JSON")
    if not isinstance(content, dict):
        return Letter("no message", "it is no JSON object")
    kind, parse = _reading(content, queue, now)
    try:
        parse(body)
    except MalformedMessageError as error:
        return Letter(kind, str(error)[:_REASON_LENGTH])
    return Letter(kind)


def heaps(letters: Iterable[tuple[Letter, datetime]]) -> list[Heap]:
    """Letters with when each was sent, put together; what may pass first, then by number."""
    times: dict[Letter, list[datetime]] = {}
    for letter, sent_at in letters:
        times.setdefault(letter, []).append(sent_at)
    found = [
        Heap(letter.kind, letter.unreadable, len(sent), min(sent), max(sent))
        for letter, sent in times.items()
    ]
    return sorted(found, key=lambda heap: (heap.unreadable is not None, -heap.number, heap.kind))


def _reading(
    content: Mapping[str, Any], queue: str, now: datetime
) -> tuple[str, Callable[[str], BaseModel | Event]]:
    if "detail-type" in content:
        name = str(content["detail-type"])
        if content.get("source") == _SES:
            return _known_words(name), lambda body: parse_message(
                body, _model("mail_feedback", "events", "SesEnvelope")
            )
        fact = _facts().get(name)
        kinds = (fact,) if fact else tuple(_facts().values())
        return (name if fact else "a fact that nobody knows"), lambda body: parse_fact(body, *kinds, now=now)
    if queue in _OF_QUEUES:
        room, module, name = _OF_QUEUES[queue]
        return name, lambda body: parse_message(body, _model(room, module, name))
    order = content.get("order")
    known = order if order in ("SendMail", "CancelMail", "SkipMail") else "no message of ours"
    return known, lambda body: parse_message(body, MailOrder)


def _known_words(name: str) -> str:
    return name if name.startswith("Email ") and len(name) < _REASON_LENGTH else "an event that nobody knows"


@cache
def _facts() -> dict[str, type[Event]]:
    return {model.__name__: model for model in published_models() if issubclass(model, Event)}


def _model(room: str, module: str, name: str) -> type[BaseModel]:
    found = import_from_room(room, module)
    assert found, f"the room {room} has its {module}"
    model: type[BaseModel] = getattr(found, name)
    return model
