"""What goes back of an order: products, money, or all of it; and what its customer is not content with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from engagement.clock import local_instant
from engagement.events.orders import CaseClosed, CaseOpened, OrderRefunded, PaidLine, RefundedLine
from engagement.money import Money

if TYPE_CHECKING:
    from tests.simulation.year_orders import Order

# The hour, on the customer's clock, at which requests for reviews leave, a week after a parcel came.
_ASKED_AT_HOUR, _ASKED_AFTER = 17, timedelta(days=7)
_RETURN_WINDOW = timedelta(days=14)


def refunds(order: Order, paid_at: datetime, arrivals: Sequence[datetime]) -> None:
    """None of them, mostly; never more than was paid."""
    life, left = order.life, order.amount
    lines = list(order.paid)
    if not life.may(35) and arrivals:
        return
    for number in range(1, life.chance.choice((1, 1, 1, 2, 3)) + 1):
        kind = life.chance.choice(("lines", "lines", "money", "unsaid", "all"))
        details = _what(order, kind, left, lines)
        if details is None:
            return
        minor = details["amount"].amount_minor
        left -= minor
        at = _when(order, paid_at, arrivals)
        words = f"is refunded {order.order_id} ({kind}): {minor} {life.currency}"
        order.told(at, OrderRefunded, words, refund_id=f"refund-{number}", **details)
        if kind == "all":
            return


def _what(order: Order, kind: str, left: int, lines: list[PaidLine]) -> dict[str, Any] | None:
    """`lines` are what the customer still has; those that go back are taken from it."""
    chance = order.life.chance
    if kind == "all":
        whole = sum(line.amount.amount_minor for line in lines) == left
        back = tuple(_back(line, line.amount if whole else None) for line in lines)
        lines.clear()
        return {"amount": order.money(left), "lines": back} if left and back else None
    if kind == "lines":
        if not lines:
            return None
        line = lines.pop(chance.randrange(len(lines)))
        minor = min(left, line.amount.amount_minor)
        amount = order.money(minor)
        return {"amount": amount, "lines": (_back(line, amount),)} if minor else None
    minor = min(left, max(1, order.amount * chance.choice((1, 10, 33)) // 100))
    return {"amount": order.money(minor), "lines": () if kind == "money" else None} if minor else None


def _back(line: PaidLine, amount: Money | None) -> RefundedLine:
    return RefundedLine(product_id=line.product_id, quantity=line.quantity, amount=amount)


def _when(order: Order, paid_at: datetime, arrivals: Sequence[datetime]) -> datetime:
    """Near the end of the return window, near the moment at which a review is asked for, or at any time after."""
    life = order.life
    which = life.chance.randrange(4)
    if which == 0:
        return paid_at + _RETURN_WINDOW + life.moments.between(-0.1, 0.1)
    if which == 1:
        # Points are spendable as a day begins at the shop.
        return paid_at + _RETURN_WINDOW + life.moments.between(-24, 24)
    if which == 2 and arrivals:
        day: date = (max(arrivals) + _ASKED_AFTER).astimezone(life.moments.zone).date()
        return local_instant(day, _ASKED_AT_HOUR, life.moments.zone) + life.moments.between(-0.1, 0.1)
    return max([paid_at, *arrivals]) + life.moments.between(1, 24 * 40)


def cases(order: Order, paid_at: datetime, arrivals: Sequence[datetime]) -> None:
    life = order.life
    if not life.may(15):
        return
    case_id = life.new("case")
    at = max([paid_at, *arrivals]) + life.moments.between(1, 24 * 8)
    kind = life.chance.choice(("complaint", "return"))
    order.told(at, CaseOpened, f"opens {case_id} about {order.order_id}: {kind}", case_id=case_id, kind=kind)
    if life.may(75):
        at += life.moments.between(1, 24 * 10)
        order.told(at, CaseClosed, f"has an answer to {case_id}", case_id=case_id)
