"""The day on which drills are held: what a small shop tells, and what the day has come to."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from engagement.events.base import Event
from engagement.events.carts import CartUpdated
from engagement.events.customers import CustomerRegistered
from engagement.events.orders import OrderPaid, OrderPlaced, OrderRefunded
from engagement.plan import engagement_plan
from local_cloud.cloud import LocalCloud
from rishta_cli.demo.ending import send_key_of
from rishta_cli.demo.points import in_words, statement
from rishta_cli.demo.steps import line, money
from rishta_cli.points import open_ledger
from rishta_cli.project import import_from_room

# A Monday, half past nine in the morning where its customers live.
START = datetime(2027, 6, 14, 4, 0, tzinfo=UTC)
LASTS = timedelta(hours=3, minutes=30)
# When mishaps begin, and when somebody has put an end to them.
MISHAP, MENDED = timedelta(hours=1), timedelta(hours=2)

# Whom the schedules wake; the others' runs would find nothing to do, many hundred times.
_AT_WORK = {"CartNudgesSweepFunction", "LoyaltySweepFunction"}
_LEAVE_CARTS = ("asha", "bina", "dev")
_BUY = ("mira", "omar", "priya")
_ALL = frozenset({"offers", "reminders", "reviews", "loyalty"})


@dataclass(frozen=True)
class Ending:
    """What the day has come to. Two days are alike where these are equal: nothing is lost, and nothing doubled.

    `mails`: how often each left, by send key; `points`: by customer, in words; `faults`: what the ledger's audit says;
    `undone`: what lies in queues or among dead letters still.
    """

    mails: Mapping[str, int]
    points: Mapping[str, str]
    faults: tuple[str, ...]
    undone: Mapping[str, int]

    def __str__(self) -> str:
        points = "; ".join(f"{who} {what}" for who, what in self.points.items())
        undone = (
            ", ".join(f"{number} in {queue}" for queue, number in self.undone.items())
            or "nothing left in queues"
        )
        return f"{sum(self.mails.values())} mails, {undone}; {points}"


class Day:
    """A day at the shop on a cloud that stands at START. What the shop tells, it tells at its time."""

    def __init__(self, cloud: LocalCloud, dynamodb_endpoint: str | None = None) -> None:
        self.cloud = cloud
        self._dynamodb = boto3.client("dynamodb", endpoint_url=dynamodb_endpoint)
        cloud.schedules_paused |= cloud.functions.keys() - _AT_WORK
        self._facts = sorted(_facts(), key=lambda fact: fact.occurred_at)

    def until(self, after: timedelta) -> None:
        """Let it be so long after the day's start."""
        while self._facts and self._facts[0].occurred_at <= START + after:
            fact = self._facts.pop(0)
            self.cloud.advance(to=fact.occurred_at)
            self.cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
            self.cloud.settle()
        self.cloud.advance(to=START + after)

    def ending(self) -> Ending:
        """What it has come to by now."""
        customers = [*_LEAVE_CARTS, *_BUY]
        dead = {f"dead letters of {queue}": len(found) for queue, found in self.cloud.dead_letters().items()}
        return Ending(
            mails=Counter(send_key_of(mail) for mail in self.cloud.mails),
            points={who: in_words(statement(self.cloud, who)) for who in customers},
            faults=tuple(self._ledger_faults(customers)),
            undone={**self.cloud.backlog(), **dead},
        )

    def _ledger_faults(self, customers: list[str]) -> Iterator[str]:
        auditing = import_from_room("loyalty", "auditing")
        assert auditing, "the room loyalty audits its ledger"
        ledger = open_ledger(self._dynamodb, self.cloud.resources["LoyaltyTable"])
        for who in customers:
            found = auditing.audited(ledger.records(who), engagement_plan().tiers)
            yield from (f"{who}: {difference}" for difference in found.differences)


def _facts() -> Iterator[Event]:
    for number, who in enumerate((*_LEAVE_CARTS, *_BUY)):
        yield CustomerRegistered(
            **_told(f"registered-{who}", timedelta(minutes=1, seconds=number)),
            customer_id=who,
            email=f"{who}@mail.example.com",
            name=who.capitalize(),
            locale="en-IN",
            time_zone="Asia/Kolkata",
            consents=_ALL,
        )
    for number, who in enumerate(_LEAVE_CARTS):
        yield _cart(who, timedelta(minutes=20 + 5 * number))
    for number, who in enumerate(_BUY):
        yield from _order(who, f"order-{who}", timedelta(minutes=30 + 5 * number), 900 + 100 * number)
    # And while something is wrong.
    yield _cart("omar", timedelta(minutes=70))
    yield from _order("mira", "order-mira-2", timedelta(minutes=80), 450)
    yield OrderRefunded(
        **_told("refund-priya", timedelta(minutes=100)),
        order_id="order-priya",
        customer_id="priya",
        refund_id="refund-priya",
        amount=money(300),
    )
    # And when all is well again, a nudge has brought somebody back.
    yield from _order("dev", "order-dev", timedelta(minutes=145), 640, cart_id="cart-dev")


def _cart(who: str, after: timedelta) -> CartUpdated:
    lines = (line("Darjeeling first flush", 850), line("Clay cup", 120, quantity=2))
    return CartUpdated(
        **_told(f"cart-{who}-{after}", after), cart_id=f"cart-{who}", customer_id=who, lines=lines
    )


def _order(
    who: str, order_id: str, after: timedelta, rupees: int, cart_id: str | None = None
) -> Iterator[Event]:
    whose: dict[str, Any] = {"order_id": order_id, "customer_id": who}
    yield OrderPlaced(**_told(f"placed-{order_id}", after), **whose, cart_id=cart_id)
    yield OrderPaid(**_told(f"paid-{order_id}", after + timedelta(seconds=30)), **whose, amount=money(rupees))


def _told(event_id: str, after: timedelta) -> dict[str, Any]:
    return {"event_id": event_id.replace(":", "-").replace(" ", "-"), "occurred_at": START + after}
