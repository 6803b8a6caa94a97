"""Answering the shop's checkout: points that are reserved, committed or released. JSON in, JSON out."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from engagement.bus import faults
from engagement.clock import to_text
from engagement.events.base import Identifier
from engagement.events.loyalty import Points
from engagement.observability import explanation, logger
from loyalty.records import Reservation, ReservationState
from loyalty.spending import Answer, Refusal
from loyalty.till import PointsSpending

_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
# Seconds: by then who was faster is done.
_RETRY_AFTER = {"retry-after": "1"}
# Characters of a body, as it comes; two ids and a number have far fewer.
_LONGEST_BODY = 4_096
_IN_WORDS = {
    Refusal.NOT_ENOUGH: "the customer has not as many points to spend",
    Refusal.ANOTHER: "reservation_id: is that of another reservation, with other points or for another order",
    Refusal.UNKNOWN: "reservation_id: this customer has no such reservation",
    Refusal.COMMITTED: "reservation_id: these points are spent; they come back with a refund of their order",
    Refusal.RELEASED: "reservation_id: this reservation was released; reserve the points anew, under another id",
    Refusal.ERASED: "customer_id: this customer's data was erased, and the points with it",
}


class _Request(BaseModel):
    """A field that is not one of these is a fault: it would be mistyped."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Identifier
    reservation_id: Identifier


class ReserveRequest(_Request):
    """`order_id`: the order that the points pay for. With its refund they come back."""

    points: Points
    order_id: Identifier | None = None


class CommitRequest(_Request):
    """The points of a reservation are spent; on this order, where its id was not known before."""

    order_id: Identifier | None = None


class ReleaseRequest(_Request):
    """The points of a reservation are not needed."""


@dataclass(frozen=True)
class SpendingAnswers:
    spending: PointsSpending

    def answer(self, event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """API Gateway's answer (HTTP API, format 2.0): 200 where it is as asked; 404 for a reservation that is not
        known; 409 where it cannot be; 400 where the request is none; 503 where it is to be repeated. `error` says why.
        """
        settle = self._asked_for(event.get("rawPath", "").rstrip("/").rpartition("/")[2])
        if settle is None:
            return _response(404, {"error": "there is no such page"})
        try:
            return _told(settle(_body(event), now))
        except ValidationError as error:
            return _response(400, {"error": faults(error)})
        except Exception as error:  # noqa: BLE001 - a customer waits at the checkout for an answer, whatever it is
            logger().error("points not settled", extra=explanation(error))
            return _response(503, {"error": "it cannot be done now: try again"}, _RETRY_AFTER)

    def _asked_for(self, page: str) -> Callable[[str, datetime], Answer] | None:
        known = {"reserve": self._reserve, "commit": self._commit, "release": self._release}
        return known.get(page)

    def _reserve(self, body: str, now: datetime) -> Answer:
        asked = ReserveRequest.model_validate_json(body)
        return self.spending.reserve(
            Reservation(
                customer_id=asked.customer_id,
                reservation_id=asked.reservation_id,
                points=asked.points,
                until=now,
                order_id=asked.order_id,
            ),
            now,
        )

    def _commit(self, body: str, now: datetime) -> Answer:
        asked = CommitRequest.model_validate_json(body)
        return self.spending.commit(asked.customer_id, asked.reservation_id, now, asked.order_id)

    def _release(self, body: str, now: datetime) -> Answer:
        asked = ReleaseRequest.model_validate_json(body)
        return self.spending.release(asked.customer_id, asked.reservation_id, now)


def _told(answer: Answer) -> dict[str, Any]:
    # Below zero there is nothing to be spent.
    available = max(0, answer.draft.account.available)
    if answer.refusal:
        status = 404 if answer.refusal is Refusal.UNKNOWN else 409
        refused = {"reason": answer.refusal, "error": _IN_WORDS[answer.refusal], "available": available}
        return _response(status, refused)
    assert answer.reservation, "what is not refused has one"
    reservation = answer.reservation
    held = reservation.state is ReservationState.HELD
    return _response(
        200,
        {
            "state": reservation.state,
            "points": reservation.points,
            "until": to_text(reservation.until) if held else None,
            "available": available,
        },
    )


def _body(event: Mapping[str, Any]) -> str:
    """Nothing, which is no JSON, where it is longer than any request."""
    body: str = event.get("body") or ""
    if len(body) > _LONGEST_BODY:
        return ""
    try:
        return b64decode(body).decode(errors="replace") if event.get("isBase64Encoded") else body
    except ValueError:
        return ""


def _response(
    status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    text = json.dumps(body, ensure_ascii=False)
    return {"statusCode": status, "headers": {**_HEADERS, **(headers or {})}, "body": text}
