"""Carts: filled, changed, emptied, merged, left, and bought; by people who are logged in, or become known later."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from engagement.events.base import Line
from engagement.events.carts import CartDeleted, CartsMerged, CartUpdated
from tests.simulation.year_life import Life
from tests.simulation.year_orders import an_order

# Hours after the last activity at which something of ours happens.
_STEPS = (1, 24, 72)


def a_cart(life: Life, at: datetime) -> None:
    """Everything about one cart, from `at` on."""
    if life.may(30):
        # Then a nudge of an hour later is due as the quiet hours begin or end.
        day = at.astimezone(life.moments.zone).date()
        at = life.moments.near_an_hour(day, sooner=life.moments.around(1))
    cart_id = life.new("cart")
    known = {"customer_id": life.id_at(at)}
    who = life.chance.choices(("known", "by address", "later"), (70, 15, 15))[0]
    ends = life.chance.choices(_ENDS, (35, 8, 8, 9, 40))[0]
    if ends is _is_merged:
        known = {}
    elif who == "by address":
        known = {"email": f"{life.mailbox}@mail.example.com"}
    elif who == "later":
        _filled(life, cart_id, at, at, {}, life.lines(at))
    begun, lines = at, life.lines(at)
    at += life.moments.between(0.01, 0.3)
    _filled(life, cart_id, at, begun, known, lines)
    for _ in range(life.chance.choice((0, 1, 1, 2, 4))):
        at += life.moments.between(0.01, 2)
        # Now and then just before, or after, a nudge would leave.
        if life.may(20):
            at += life.moments.around(life.chance.choice(_STEPS))
        lines = life.lines(at)
        _filled(life, cart_id, at, begun, known, lines)
    ends(life, cart_id, at, begun, lines)


def _filled(
    life: Life, cart_id: str, at: datetime, begun: datetime, known: dict[str, Any], lines: Sequence[Line]
) -> None:
    words = f"fills {cart_id}: {len(lines)} lines" if lines else f"empties {cart_id}"
    life.tell(at, CartUpdated, words, cart_id=cart_id, lines=lines, since=begun, **known)


def _is_left(life: Life, cart_id: str, at: datetime, begun: datetime, lines: Sequence[Line]) -> None:
    """For good; or until the last nudge offers something for it."""
    if life.may(30):
        bought_at = at + life.moments.between(73, 24 * 9)
        an_order(life, bought_at, cart_id=cart_id, lines=lines, since=begun, owner=life.mailbox)


def _is_emptied(life: Life, cart_id: str, at: datetime, begun: datetime, lines: Sequence[Line]) -> None:
    _filled(life, cart_id, _later(life, at), begun, {"customer_id": life.id_at(begun)}, ())


def _is_deleted(life: Life, cart_id: str, at: datetime, begun: datetime, lines: Sequence[Line]) -> None:
    life.tell(_later(life, at), CartDeleted, f"deletes {cart_id}", cart_id=cart_id, since=begun)


def _is_merged(life: Life, cart_id: str, at: datetime, begun: datetime, lines: Sequence[Line]) -> None:
    at, into = _later(life, at), life.new("cart")
    words = f"logs in: {cart_id} becomes part of {into}"
    life.tell(at, CartsMerged, words, cart_id=cart_id, into_cart_id=into, since=begun)
    at += life.moments.between(0, 0.01)
    _filled(life, into, at, begun, {"customer_id": life.id_at(begun)}, lines)
    if life.may(50):
        an_order(life, _later(life, at), cart_id=into, lines=lines, since=begun)


def _is_bought(life: Life, cart_id: str, at: datetime, begun: datetime, lines: Sequence[Line]) -> None:
    an_order(life, _later(life, at), cart_id=cart_id, lines=lines, since=begun)


def _later(life: Life, at: datetime) -> datetime:
    """At once, near the moment of a nudge, or days later."""
    which = life.chance.randrange(3)
    if which == 0:
        return at + life.moments.between(0.01, 0.9)
    if which == 1:
        return at + life.moments.around(life.chance.choice(_STEPS))
    return at + life.moments.between(1, 120)


_ENDS: tuple[Callable[[Life, str, datetime, datetime, Sequence[Line]], None], ...] = (
    _is_left,
    _is_emptied,
    _is_deleted,
    _is_merged,
    _is_bought,
)
