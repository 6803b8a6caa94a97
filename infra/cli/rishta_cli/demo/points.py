"""The thread of the points: they become spendable, are spent at the checkout, come back with a refund, and end."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from engagement.events.orders import OrderPaid, OrderRefunded
from local_cloud.cloud import LocalCloud
from rishta_cli.demo.steps import Step, at, money, order

# The local cloud takes a signature on trust.
_SIGNED = {
    "authorization": "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20270227/eu-central-1/execute-api/aws4_request, "
    "SignedHeaders=host, Signature=0"
}
_JSON = {"content-type": "application/json"}
_A_DAY = 24.0


def point_steps() -> Iterator[Step]:
    # Paid a fortnight before the second day: what is pending of it becomes spendable as that begins in Bengaluru.
    yield order("vikram", OrderPaid, -14 * _A_DAY + 6, amount=money(52_450))
    # Dev's points are as old as can be spent: he does, and his order goes back.
    yield order("dev", OrderPaid, -20 * _A_DAY, amount=money(20_000))
    yield _at_the_till(20.5, "dev", "reserve", points=150, order_id="order-dev-tea")
    yield _at_the_till(20.6, "dev", "commit")
    yield order("dev", OrderPaid, 20.7, order_id="order-dev-tea", amount=money(1200))
    yield order("dev", OrderRefunded, 30.0, order_id="order-dev-tea", refund_id="tea", amount=money(400))
    # Arjun's checkout holds points, and he walks away: they are free again by themselves.
    yield order("arjun", OrderPaid, -30 * _A_DAY, order_id="order-arjun-1", amount=money(9_000))
    yield _at_the_till(21.0, "arjun", "reserve", points=90)
    yield _at_the_till(21.2, "arjun", "reserve", refused=True, reservation_id="another", points=1)
    # A year ago, and a fortnight: Bina's points end with February. She is reminded, and spends most of them.
    yield order("bina", OrderPaid, -380 * _A_DAY, order_id="order-bina-1", amount=money(6_400))
    yield _at_the_till(19.0, "bina", "reserve", points=50)
    yield _at_the_till(19.1, "bina", "commit")


def _at_the_till(after: float, who: str, page: str, *, refused: bool = False, **asked: Any) -> Step:
    body = {"customer_id": who, "reservation_id": f"checkout-{who}", **asked}

    def ask(cloud: LocalCloud) -> None:
        answer = cloud.http("POST", f"/points/{page}", body=json.dumps(body), headers={**_SIGNED, **_JSON})
        if answer.status != (HTTPStatus.CONFLICT if refused else HTTPStatus.OK):
            raise RuntimeError(f"/points/{page} answered {answer.status}: {answer.body}")

    return Step(at(after), f"the checkout of {who}: {page} points", do=ask)


def statement(cloud: LocalCloud, customer_id: str) -> dict[str, Any]:
    """The customer's points as the shop's pages are told."""
    path = "/points/statement?" + urlencode({"customer_id": customer_id})
    answer = cloud.http("GET", path, headers=_SIGNED)
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"{path} answered {answer.status}")
    told: dict[str, Any] = json.loads(answer.body)
    return told


def in_words(told: dict[str, Any]) -> str:
    """`32 pending, bronze`, `12 points, 524 pending, silver`: what there is none of is left out."""
    pending = sum(each["points"] for each in told["pending"])
    sums = {"points": told["balance"], "on hold": told["on_hold"], "pending": pending}
    return ", ".join([*(f"{number} {what}" for what, number in sums.items() if number), told["tier"]["name"]])


def moved(told: dict[str, Any], *kinds: str) -> str:
    """`-150 redeemed, 50 given_back`: the entries of these kinds, oldest first."""
    entries = [each for each in reversed(told["entries"]) if each["kind"] in kinds]
    return ", ".join(f"{each['points']} {each['kind']}" for each in entries)
