"""Looking up a code that somebody typed at the shop's checkout."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from engagement.bus import faults
from engagement.events.base import Identifier
from engagement.events.benefits import Benefit
from engagement.events.orders import OfferCode
from engagement.observability import explanation, logger
from offers.rules import Refusal, why_refused
from offers.table import KeptOffers

_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


class Question(BaseModel):
    """A parameter that is not one of these is a fault: mistyped, it would seem that no customer was meant."""

    model_config = ConfigDict(extra="forbid")

    code: OfferCode
    customer_id: Identifier | None = None


class Answer(BaseModel):
    """Whether an order placed now could redeem the offer, and if not, why."""

    code: str
    valid: bool
    reason: Refusal | None


class OfferAnswer(Answer):
    """The offer besides, for its own customer; `redeemed_by` is the order that used it."""

    campaign: str
    customer_id: str
    benefit: Benefit
    issued_at: datetime
    expires_at: datetime
    redeemed_by: str | None


class Failure(BaseModel):
    error: str


@dataclass(frozen=True)
class LookingUp:
    offers: KeptOffers

    def answer(self, event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """API Gateway's answer (HTTP API, format 2.0), as JSON: 200 for a code of ours whether it is good or not, 404
        for another, 400 where the question is none. Changes nothing.
        """
        asked = event.get("queryStringParameters", {}) | event.get("pathParameters", {})
        try:
            question = Question.model_validate(asked)
        except ValidationError as error:
            return _response(400, Failure(error=faults(error)))
        try:
            answer = self._about(question, now)
        except Exception as error:  # noqa: BLE001 - a customer waits at the checkout for an answer, whatever it is
            logger().error("offer not looked up", extra=explanation(error))
            return _response(503, Failure(error="it cannot be looked up now: try again"))
        return _response(404 if answer.reason == "unknown" else 200, answer)

    def _about(self, question: Question, now: datetime) -> Answer:
        offer = self.offers.find(question.code)
        reason = why_refused(offer, customer_id=question.customer_id, at=now)
        verdict = {"code": question.code, "valid": reason is None, "reason": reason}
        if offer is None or reason == "another_customers":
            return Answer.model_validate(verdict)
        return OfferAnswer.model_validate(vars(offer) | verdict)


def _response(status: int, body: BaseModel) -> dict[str, Any]:
    return {"statusCode": status, "headers": _HEADERS, "body": body.model_dump_json()}
