"""Looking up the cart of a link, for the shop's page that puts it together again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from cart_nudges.links.restoring import LinkedCart, Restoring, WhyNot
from engagement.observability import explanation, logger

_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


class LineAnswer(BaseModel):
    product_id: str
    quantity: int
    options: Mapping[str, str]


class CartAnswer(BaseModel):
    """Whether the cart can be put together again, of what, and if not, why. Whose it is is not told."""

    cart_id: str
    restorable: bool
    reason: WhyNot | None
    lines: tuple[LineAnswer, ...]


class Failure(BaseModel):
    error: str


@dataclass(frozen=True)
class LookingUp:
    restoring: Restoring

    def answer(self, event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """API Gateway's answer (HTTP API, format 2.0), as JSON: 200 for a link of ours whether it is good or not, 404
        for another. Changes nothing.
        """
        try:
            cart = self.restoring.linked(event.get("pathParameters", {}).get("token", ""), now)
        except Exception as error:  # noqa: BLE001 - a customer waits at the shop for an answer, whatever it is
            logger().error("cart not looked up", extra=explanation(error))
            return _response(503, Failure(error="it cannot be looked up now: try again"))
        if cart is None:
            return _response(404, Failure(error="token: none of ours"))
        return _response(200, _told(cart))


def _told(cart: LinkedCart) -> CartAnswer:
    lines = tuple(LineAnswer.model_validate(line, from_attributes=True) for line in cart.lines)
    return CartAnswer(cart_id=cart.cart_id, restorable=cart.reason is None, reason=cart.reason, lines=lines)


def _response(status: int, body: BaseModel) -> dict[str, Any]:
    return {"statusCode": status, "headers": _HEADERS, "body": body.model_dump_json()}
