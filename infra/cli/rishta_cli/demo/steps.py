"""What stories are made of: steps, and the facts of a shop in few words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engagement.events.base import Event, Line
from engagement.money import Money
from local_cloud.cloud import LocalCloud
from rishta_cli.demo.customers import START

FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Step:
    """`tell` a fact, or `do` something to the cloud, so long after the start."""

    after: timedelta
    what: str
    fact: Event | None = None
    do: Callable[[LocalCloud], None] | None = None


def at(hours: float) -> timedelta:
    return timedelta(hours=hours)


def line(name: str, price: int, currency: str = "INR", quantity: int = 1) -> Line:
    return Line(
        product_id=name.lower().replace(" &", "").replace(" ", "-"),
        name=name,
        quantity=quantity,
        unit_price=Money(amount_minor=price * 100, currency=currency),
    )


def money(amount: int, currency: str = "INR") -> Money:
    return Money(amount_minor=amount * 100, currency=currency)


def order(who: str, fact: type[Event], after: float, /, **details: Any) -> Step:
    """A fact about somebody's order; before the story begins, it is told as it does."""
    identity = {"event_id": f"{fact.__name__}-{who}-{after}", "occurred_at": START + at(after)}
    told = fact.model_validate(identity | {"order_id": f"order-{who}", "customer_id": who} | details)
    return Step(max(at(after), timedelta(minutes=5)), f"{fact.__name__} of {who}", told)
