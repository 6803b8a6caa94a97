"""Tales of a shop's orders, from the basket to the review: what happens, when it is told, what goes wrong with us."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engagement.events.base import Event, Line
from engagement.events.orders import RefundedLine
from shop_facts import (
    NOW,
    case_closed,
    case_opened,
    erased,
    hours,
    order_cancelled,
    order_delivered,
    order_fulfilled,
    order_refunded,
    review_submitted,
    rupees,
)

# Emma's clocks change in mid-March, Tane's in April; Ravi agreed to nothing.
ZONES = {
    "asha": "Asia/Kolkata",
    "emma": "America/New_York",
    "tane": "Pacific/Auckland",
    "ravi": "Asia/Kolkata",
}
RAVI = "ravi"
KINDS: dict[str, dict[str, Any]] = {
    "assam": {},
    "cups": {},
    "kettle": {"category": "kitchen"},
    "cream": {"category": "skin_care"},
    "ebook": {"kind": "digital"},
    "card": {"kind": "gift_card"},
    "box": {"category": "packaging"},
}
EACH = 100


@dataclass(frozen=True)
class Trouble:
    """At our so-many-th call (of this name, if it says one) after the so-many-th mail was handed over: a worker `dies`
    (so many `times`), another one `sweeps` or `delivers` meanwhile, or the shop `tells` that something `happens`. Or
    what was just handed over `holds`: no mail leaves for so many hours, and something happens to what it is about.
    """

    mails: int
    calls: int
    moment: str
    what: str
    happens: tuple[Any, ...] = ()
    call: str = ""
    times: int = 1


@dataclass(frozen=True)
class Tale:
    """`tellings`: when each fact is told, and told again. `outages`: no `sweep` or `delivery`, or nothing taken by the
    `bus` or the queue of `mails`, from when to when.
    """

    tellings: list[tuple[datetime, Event]]
    outages: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def __repr__(self) -> str:
        """As somebody would tell it who looks for a fault."""
        told = [f"{_hour(when)} told {_words(fact)}" for when, fact in self.tellings]
        out = [f"no {what} from {_hour(start)} to {_hour(end)}" for what, start, end in self.outages]
        return "\n".join(["a tale:", *told, *out, *map(str, self.troubles)])


def _hour(moment: datetime) -> str:
    return f"{(moment - NOW) / hours(1):.1f}h"


def _words(fact: Event) -> str:
    known = fact.model_dump(exclude={"event_id", "email", "name", "locale"}, exclude_defaults=True)
    known["lines"] = [each["product_id"] for each in known.get("lines") or ()]
    known = {name: _hour(each) if isinstance(each, datetime) else each for name, each in known.items()}
    return f"{type(fact).__name__} {known}"


def line(order_id: str, product_id: str) -> Line:
    """Its name says of which order it is. A number at its end makes it one of its own."""
    known = {"product_id": product_id, "name": f"{product_id} from {order_id}", "unit_price": rupees(EACH)}
    return Line.model_validate(known | KINDS[product_id.rstrip("0123456789")])


def shown_in(text: str) -> set[tuple[str, str]]:
    """(order, product) of each product that a mail shows."""
    return {(order_id, product_id) for product_id, order_id in re.findall(r"- (\w+) from (order-\d+)", text)}


class _Clock:
    """The shop's. Hypothesis tells the same story twice: its instants are the same then."""

    ticks = 0


def once_upon_a_time() -> None:
    """A new story begins."""
    _Clock.ticks = 0


def at(hour: float) -> datetime:
    """So long after the story began, and never the same instant twice in one story."""
    _Clock.ticks += 1
    return NOW + hours(hour) + timedelta(microseconds=_Clock.ticks)


def fact_of(event: tuple[Any, ...], order: tuple[str, str], when: datetime) -> Event:
    """What happened to this (customer, order)."""
    customer_id, order_id = order
    known: dict[str, Any] = {"customer_id": customer_id, "occurred_at": when}
    match event:
        case ("cancel",):
            return order_cancelled(order_id, **known)
        case ("review", product_id):
            return review_submitted(order_id, product_id=product_id, **known)
        case ("open", case_id):
            return case_opened(order_id, case_id=case_id, **known)
        case ("close", case_id):
            return case_closed(order_id, case_id=case_id, **known)
        case ("erase",):
            return erased(customer_id, occurred_at=when)
        case ("leaves" | "arrives", *_):
            return _of_a_parcel(event, order_id, known)
        case _:
            return _refund(event, order_id, known)


def happens_to(product_id: str, what: str) -> tuple[Any, ...]:
    """An event of its order."""
    events: dict[str, tuple[Any, ...]] = {
        "return": ("return", [product_id]),
        "review": ("review", product_id),
        "open": ("open", "case-9"),
        "again": ("leaves", f"again-{product_id}", [product_id], "domestic", None),
        "cancel": ("cancel",),
        "erase": ("erase",),
    }
    return events[what]


def _of_a_parcel(event: tuple[Any, ...], order_id: str, known: dict[str, Any]) -> Event:
    what, parcel, product_ids, destination, *expected = event
    known |= {"fulfilment_id": parcel, "destination": destination}
    known["lines"] = tuple(line(order_id, each) for each in product_ids)
    if what == "arrives":
        return order_delivered(order_id, **known)
    expected_at = None if expected[0] is None else NOW + hours(expected[0])
    return order_fulfilled(order_id, expected_at=expected_at, **known)


def _refund(event: tuple[Any, ...], order_id: str, known: dict[str, Any]) -> Event:
    known |= {"refund_id": f"r-{known['occurred_at']:%d%H%M%f}"}
    match event:
        case ("return", product_ids):
            lines = tuple(RefundedLine(product_id=each) for each in product_ids)
            return order_refunded(order_id, amount=rupees(30 * len(lines)), lines=lines, **known)
        case ("money", amount):
            return order_refunded(order_id, amount=rupees(amount), lines=(), **known)
        case _:
            return order_refunded(order_id, amount=rupees(10), **known)
