"""Orders, from the checkout to the last refund."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engagement.clock import local_instant
from engagement.events.base import Event, Line
from engagement.events.orders import (
    OrderCancelled,
    OrderDelivered,
    OrderFulfilled,
    OrderPaid,
    OrderPlaced,
    PaidLine,
)
from engagement.events.reviews import ReviewSubmitted
from engagement.money import Money
from tests.simulation.year_deeds import AsksTheTill, Moderates, OrdersWithCode, Reviews
from tests.simulation.year_goods import paid_line
from tests.simulation.year_life import Life
from tests.simulation.year_refunds import cases, refunds

_WEEK = 24 * 7
_WORDS = (
    "",
    "Light, floral, and well packed",
    "बहुत अच्छी चाय, फिर मँगाऊँगी",
    "ok",
    "See https://cheaper.example.com",
    "This is a scam",
    "The fucking box was empty",
    "Etwas zu bitter für uns, aber gut verpackt",
)


@dataclass(frozen=True)
class Order:
    """An order as its customer made it; `since` is when that began, as with a cart."""

    life: Life
    order_id: str
    customer_id: str
    lines: Sequence[Line]
    paid: Sequence[PaidLine]
    since: datetime

    @property
    def amount(self) -> int:
        """For goods, in minor units of the customer's currency."""
        return sum(line.amount.amount_minor for line in self.paid)

    def told(self, at: datetime, kind: type[Event], words: str, /, **details: Any) -> None:
        of = {"order_id": self.order_id, "customer_id": self.customer_id, "since": self.since}
        self.life.tell(at, kind, words, **of, **details)

    def money(self, minor: int) -> Money:
        return Money(amount_minor=minor, currency=self.life.currency)


def a_burst(life: Life, at: datetime) -> None:
    """Several orders on one day."""
    for _ in range(life.chance.randint(2, 4)):
        an_order(life, at)
        at += life.moments.between(0.01, 5)


def a_gift_used(life: Life, at: datetime) -> None:
    """An order with the code of an offer of their own, or of a friend's: in time, just before it ends, or too late."""
    friend = life.chance.choice(life.friends) if life.friends and life.may(20) else life
    if not friend.gift_days:
        return
    given_at = life.chance.choice(friend.gift_days)
    day = given_at.astimezone(friend.moments.zone).date()
    ends_at = local_instant(day + timedelta(days=15), 0, friend.moments.zone)
    at = given_at + life.moments.between(0, 24 * 13)
    if life.may(30):
        at = ends_at + life.moments.between(-1.1, 1.1)
    an_order(life, at, owner=friend.mailbox)
    if life.may(30):
        an_order(life, at + life.moments.between(0.1, 48), owner=friend.mailbox)


def an_order(
    life: Life,
    at: datetime,
    *,
    cart_id: str | None = None,
    lines: Sequence[Line] = (),
    since: datetime | None = None,
    owner: str = "",
) -> None:
    """Everything about one order, from its placing at `at` on, with a code out of the owner's mails. Nobody who was
    forgotten places one.
    """
    since = since or at
    if not life.is_there(at, since):
        return
    lines = lines or life.lines(at)
    discount, tax = life.chance.choice((0, 0, 10, 15)), life.chance.choice((0, 5, 18))
    paid = tuple(paid_line(line, discount, tax) for line in lines)
    order_id = life.new("order")
    is_guest = cart_id is not None and life.may(6)
    order = Order(life, order_id, f"guest-{order_id}" if is_guest else life.id_at(at), lines, paid, at)
    _points_used(order, at)
    _placed(order, at, cart_id, owner or (life.mailbox if life.may(15) else ""))
    if life.may(6):
        order.told(at + life.moments.between(0.02, 24), OrderCancelled, f"cancels {order_id}, unpaid")
        return
    at += life.moments.between(0.001, 0.2) if life.may(85) else life.moments.between(1, 72)
    _paid(order, at)
    if life.may(8):
        order.told(at + life.moments.between(0.1, 72), OrderCancelled, f"cancels {order_id}")
        if life.may(70):
            refunds(order, at + life.moments.between(72, 100), [])
        return
    arrivals = _sent(order, at)
    refunds(order, at, arrivals)
    cases(order, at, arrivals)
    if arrivals and not is_guest:
        _reviewed(order, max(arrivals))


def _placed(order: Order, at: datetime, cart_id: str | None, owner: str) -> None:
    life = order.life
    details: dict[str, Any] = {
        "order_id": order.order_id,
        "customer_id": order.customer_id,
        "cart_id": None if life.may(5) else cart_id,
        "lines": order.lines,
        "email": f"{life.mailbox}@mail.example.com" if life.may(50) else None,
    }
    if not owner:
        life.tell(at, OrderPlaced, f"places {order.order_id}: {len(order.lines)} lines", **details)
        return
    placed = OrderPlaced(event_id=f"placed-{order.order_id}", occurred_at=at, **details)
    life.add(OrdersWithCode(at, life.id_at(at), life.mailbox, owner, placed))


def _paid(order: Order, at: datetime) -> None:
    amount = order.money(order.amount)
    taxes = sum(line.tax.amount_minor for line in order.paid if line.tax)
    details: dict[str, Any] = {"amount": amount, "tax": order.money(taxes) if taxes else None}
    if order.life.may(80):
        details["lines"] = order.paid
    if order.life.may(50):
        details["shipping"] = order.money(order.life.chance.choice((50, 490, 9900)))
    words = f"pays {order.order_id}: {len(order.lines)} lines, {amount.amount_minor} {amount.currency}"
    order.told(at, OrderPaid, words, **details)


def _points_used(order: Order, at: datetime) -> None:
    """At the checkout, before the order is placed; committed with it, too late, or never."""
    life = order.life
    if not life.may(25):
        return
    till = life.new("checkout")
    who = (life.id_at(at), life.mailbox)
    asked_at = at - life.moments.between(0.01, 0.1)
    share = life.chance.choice((10, 50, 100, 100, 130))
    life.do(AsksTheTill(asked_at, *who, "reserve", till, share, order.order_id), since=asked_at)
    # Points are held for half an hour.
    page, after = life.chance.choice(
        (("commit", 0.11), ("commit", 0.11), ("commit", 0.45), ("commit", 0.5), ("release", 0.2), ("", 0))
    )
    if page:
        life.do(AsksTheTill(asked_at + life.moments.around(after), *who, page, till), since=asked_at)


def _sent(order: Order, at: datetime) -> list[datetime]:
    """In one parcel or several. When each arrived, as far as the shop tells."""
    life, lines = order.life, list(order.lines)
    parcels = [lines[::2], lines[1::2]] if len(lines) > 1 and life.may(35) else [lines]
    destination = "foreign" if life.may(20) else "domestic"
    arrivals = []
    for number, parcel in enumerate(parcels, 1):
        left_at = at + life.moments.between(2, 72)
        arrives_at = left_at + life.moments.between(20, 24 * 6)
        details: dict[str, Any] = {
            "fulfilment_id": f"parcel-{number}",
            "lines": tuple(parcel),
            "destination": destination,
        }
        expected = arrives_at + timedelta(hours=life.chance.randint(-30, 30)) if life.may(50) else None
        what = f"{order.order_id}, parcel {number}"
        if life.may(85):
            order.told(left_at, OrderFulfilled, f"is sent {what}", expected_at=expected, **details)
        if life.may(80):
            order.told(arrives_at, OrderDelivered, f"receives {what}", **details)
            arrivals.append(arrives_at)
    return arrivals


def _reviewed(order: Order, arrived_at: datetime) -> None:
    life = order.life
    at = arrived_at + life.moments.between(_WEEK + 8, 3 * _WEEK)
    who = (order.customer_id, life.mailbox)
    product_id = life.chance.choice(order.lines).product_id
    if life.may(60):
        for _ in range(life.chance.choice((1, 1, 2, 3))):
            stars, text = life.chance.randint(1, 5), life.chance.choice(_WORDS)
            life.do(Reviews(at, *who, life.chance.randrange(4), stars, text), since=order.since)
            at += life.moments.between(0.02, 72)
    elif life.may(25):
        # On the shop's own page; often before it is asked for.
        at -= life.moments.between(0, _WEEK)
        about = product_id if life.may(80) else None
        words, stars = f"reviews {order.order_id} on the shop's page", life.chance.randint(1, 5)
        order.told(at, ReviewSubmitted, words, rating=stars, product_id=about)
    if life.may(40):
        at += life.moments.between(0.1, 48)
        life.do(Moderates(at, *who, life.may(60), int(life.may(20))), since=order.since)
