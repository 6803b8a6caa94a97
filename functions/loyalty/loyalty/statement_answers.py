"""Answering the shop's pages: a customer's statement. As JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engagement.bus import faults
from engagement.clock import to_text
from engagement.events.base import Identifier
from engagement.observability import explanation, logger
from engagement.plan_sections import Tier
from loyalty.entries import NEVER, Entry
from loyalty.statement import Statement, Statements

PAGE_SIZE = 20
MOST_ENTRIES = 100
_MOST_PARAMETERS = 100
_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
_Sequence = Annotated[int, Field(ge=1, le=10**12)]
_Limit = Annotated[int, Field(ge=1, le=MOST_ENTRIES)]


class StatementQuestion(BaseModel):
    """A parameter that is not one of these is a fault: it would be mistyped. What comes once comes as a list, too."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=1)]
    before: Annotated[tuple[_Sequence, ...], Field(max_length=1)] = ()
    limit: Annotated[tuple[_Limit, ...], Field(max_length=1)] = ()


@dataclass(frozen=True)
class StatementAnswers:
    statements: Statements

    def answer(self, event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """API Gateway's answer (HTTP API, format 2.0): 200, 400 where the question is none, 503 while AWS is away.
        `error` says why. Changes nothing.
        """
        try:
            asked = parse_qs(
                event.get("rawQueryString", ""), keep_blank_values=True, max_num_fields=_MOST_PARAMETERS
            )
        except ValueError:
            return _response(400, {"error": "customer_id: too many parameters"})
        try:
            question = StatementQuestion.model_validate(asked)
        except ValidationError as error:
            return _response(400, {"error": faults(error)})
        try:
            return _response(200, _shown(self._statement(question, now)))
        except Exception as error:  # noqa: BLE001 - a page of the shop's waits for an answer, whatever it is
            logger().error("statement not answered", extra=explanation(error))
            return _response(503, {"error": "it cannot be told now: try again"})

    def _statement(self, question: StatementQuestion, now: datetime) -> Statement:
        return self.statements.of(
            question.customer_id[0],
            now,
            before=next(iter(question.before), None),
            limit=next(iter(question.limit), PAGE_SIZE),
        )


def _shown(statement: Statement) -> dict[str, Any]:
    """Days are the shop's, instants UTC. What ends, or is decided, on a day does so at its beginning."""
    found, ending = statement.progress, statement.ending
    return {
        "customer_id": statement.customer_id,
        "as_of": str(statement.as_of),
        "balance": statement.balance,
        "available": statement.available,
        "on_hold": statement.on_hold,
        "pending": [
            {"points": points, "spendable_on": str(day)} for day, points in statement.pending.items()
        ],
        "next_to_expire": {"points": ending.points, "expires_on": str(ending.expires_on)} if ending else None,
        "tier": {**_tier(found.tier), "decided_on": _day(statement.tier_until)},
        "measured": found.measured,
        "currency": statement.currency,
        "next_tier": {
            **_tier(found.next_tier),
            "threshold": found.next_tier.threshold,
            "missing": found.missing,
        }
        if found.next_tier
        else None,
        "entries": [_entry(entry) for entry in statement.entries],
        "before": statement.older,
    }


def _tier(tier: Tier) -> dict[str, Any]:
    """With titles and benefits in each of the plan's languages."""
    benefits = {name: dict(titles) for name, titles in tier.benefits.items()}
    return {"name": tier.name, "title": dict(tier.title), "benefits": benefits}


def _entry(entry: Entry) -> dict[str, Any]:
    """Without an adjustment's reason and author, which are the shop's own."""
    lot = entry.lot if entry.points > 0 else None
    return {
        "entry_id": entry.entry_id,
        "sequence": entry.sequence,
        "day": str(entry.day),
        "kind": str(entry.kind),
        "points": entry.points,
        "occurred_at": to_text(entry.occurred_at),
        "order_id": entry.order_id,
        "review_id": entry.review_id,
        "redemption_id": entry.redemption_id,
        "tier": entry.tier,
        "spendable_on": str(lot.matures_on) if lot else None,
        "expires_on": _day(lot.expires_on) if lot else None,
    }


def _day(day: date | None) -> str | None:
    return None if day is None or day == NEVER else str(day)


def _response(status: int, body: Mapping[str, Any]) -> dict[str, Any]:
    return {"statusCode": status, "headers": dict(_HEADERS), "body": json.dumps(body, ensure_ascii=False)}
