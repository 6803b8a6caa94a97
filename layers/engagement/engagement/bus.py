"""The bus: reading facts out of its envelope, and putting our own on it."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING, Any, overload

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engagement.clock import CLOCK_SKEW
from engagement.errors import MalformedMessageError, RetryLaterError
from engagement.events.base import Event
from engagement.observability import customer_ref, log_about

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from pydantic_core import ErrorDetails

# The source of our own facts; the shop's are told apart by it in the rules' patterns.
SOURCE = "rishta"
_MAX_ENTRIES = 10  # PutEvents
_A_FACTS_NAME = re.compile(r"(?:[A-Z][a-z]{1,20}){2,4}")


class Envelope(BaseModel):
    """An EventBridge event, as a rule puts it on a queue."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    detail_type: str = Field(alias="detail-type")
    detail: dict[str, Any]


# Spelled out for each number of kinds, because mypy joins `*kinds` to their common base instead of their union.
@overload
def parse_fact[A: Event](body: str, a: type[A], /, *, now: datetime) -> A: ...
@overload
def parse_fact[A: Event, B: Event](body: str, a: type[A], b: type[B], /, *, now: datetime) -> A | B: ...
@overload
def parse_fact[A: Event, B: Event, C: Event](
    body: str, a: type[A], b: type[B], c: type[C], /, *, now: datetime
) -> A | B | C: ...
@overload
def parse_fact[A: Event, B: Event, C: Event, D: Event](
    body: str, a: type[A], b: type[B], c: type[C], d: type[D], /, *, now: datetime
) -> A | B | C | D: ...
@overload
def parse_fact[A: Event, B: Event, C: Event, D: Event, E: Event](
    body: str, a: type[A], b: type[B], c: type[C], d: type[D], e: type[E], /, *, now: datetime
) -> A | B | C | D | E: ...
# More of them are declared together, as `tuple[type[A | B | …], …]`.
@overload
def parse_fact[F: Event](body: str, /, *kinds: type[F], now: datetime) -> F: ...
def parse_fact(body: str, /, *kinds: type[Event], now: datetime) -> Event:
    """The fact in a queue message's body; `kinds` are those that this door takes.

    Raises MalformedMessageError that names each wrong field and never shows its value. A fact of the future is wrong
    as well: the newest fact wins everywhere, so that one would outlast a customer's own word of today.
    """
    envelope = parse_message(body, Envelope)
    for kind in kinds:
        if kind.__name__ == envelope.detail_type:
            fact = _validated(kind, envelope.detail_type, envelope.detail)
            if fact.occurred_at > now + CLOCK_SKEW:
                reason = "occurred_at: lies in the future; is the shop's clock, or its time zone, right?"
                raise MalformedMessageError(f"{envelope.detail_type}: {reason}")
            _log_about(fact)
            return fact
    known = ", ".join(kind.__name__ for kind in kinds)
    # As a fact is named; anything else is somebody's own words.
    told = f" {envelope.detail_type!r}" if _A_FACTS_NAME.fullmatch(envelope.detail_type) else ""
    raise MalformedMessageError(f"detail-type{told} is not one of {known}")


def _log_about(fact: Event) -> None:
    customer_id = getattr(fact, "customer_id", None)
    subject = getattr(fact, "cart_id", None) or getattr(fact, "order_id", None)
    log_about(customer_id, subject, fact=type(fact).__name__, event_ref=customer_ref(fact.event_id))


def parse_message[M: BaseModel](body: str, model: type[M]) -> M:
    """A queue message's body as `model`. Raises MalformedMessageError, as `parse_fact` does."""
    try:
        return model.model_validate_json(body)
    except ValueError:
        return _parse_with_care(body, model)


def _parse_with_care[M: BaseModel](body: str, model: type[M]) -> M:
    """For what is wrong: json.loads tells whether it is the body or a field, which pydantic reads in one go."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedMessageError(f"{model.__name__}: the body is not JSON ({error})") from None
    return _validated(model, model.__name__, content)


def _validated[M: BaseModel](model: type[M], title: str, content: object) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise MalformedMessageError(f"{title}: {faults(error)}") from None


def faults(error: ValidationError) -> str:
    """`amount.currency: String should match …; …`: where and what, without the values, which may be personal.

    A key that nobody declared is somebody's own words, and may be as personal: `dates.*: …`.
    """
    found = error.errors(include_input=False, include_url=False)
    declared = _declared_names()
    return "; ".join(
        f"{'.'.join(_place(part, declared) for part in fault['loc']) or 'body'}: {_what(fault)}"
        for fault in found
    )


def _what(fault: "ErrorDetails") -> str:
    # The one message of pydantic's that repeats what it was given.
    if fault["type"] == "union_tag_invalid":
        context = fault["ctx"]
        return f"{context['discriminator']} should be one of {context['expected_tags']}"
    return fault["msg"]


def _place(part: int | str, declared: set[str]) -> str:
    return str(part) if isinstance(part, int) or part in declared else "*"


def _declared_names() -> set[str]:
    """What the fields of all models are called, and the models: words of ours, whoever else may use them as well."""
    names = {"[key]"}  # pydantic's own, of a key itself that is wrong
    models: list[type[BaseModel]] = [BaseModel]
    while models:
        model = models.pop()
        models += model.__subclasses__()
        names.add(model.__name__)
        names |= {field.alias or name for name, field in model.model_fields.items()}
    return names


class Bus:
    """The shop's event bus, for the facts that we tell."""

    def __init__(self, client: "EventBridgeClient", name: str) -> None:
        self._client = client
        self._name = name

    def publish(self, facts: Iterable[Event]) -> None:
        """Put facts on the bus, ten a call. Raises RetryLaterError if any was not taken: publish all again."""
        for batch in batched(facts, _MAX_ENTRIES, strict=False):
            answer = self._client.put_events(
                Entries=[
                    {
                        "EventBusName": self._name,
                        "Source": SOURCE,
                        "DetailType": type(fact).__name__,
                        "Detail": fact.model_dump_json(),
                    }
                    for fact in batch
                ]
            )
            if answer["FailedEntryCount"]:
                raise RetryLaterError(f"the bus refused {answer['FailedEntryCount']} of {len(batch)} facts")
