"""The judge of the books sees an order that no nudge brought, one that is passed over, and a counter that is wrong."""

from typing import Any

import pytest

from engagement.events.base import Event
from engagement.events.carts import CartRecovered
from shop_facts import (
    NOW,
    a_line,
    cart_nudged,
    days,
    erased,
    hours,
    order_cancelled,
    order_paid,
    order_placed,
    rupees,
)
from tests.simulation.judges.books_carts import (
    AFTER_A_NUDGE,
    COUNTED,
    ONCE,
    TOLD,
    counter_findings,
    missed_findings,
    recovered_findings,
)
from tests.simulation.judges.books_records import Items, a_record, handled, published, rules_broken
from tests.simulation.record import Record

_ROOM = "CartRecoveryFactsFunction"
_NUDGE = cart_nudged(
    occurred_at=NOW,
    counts_until=NOW + days(3),
    step=2,
    experiment="second_reminder_subject",
    variant="question",
    product_ids=("assam-tea",),
)
_PLACED = order_placed(cart_id="cart-9", occurred_at=NOW + hours(2))
_PAID = order_paid(amount=rupees(900), occurred_at=NOW + hours(2))
_RECOVERED = CartRecovered(
    event_id="order-order-77-recovered",
    occurred_at=_PAID.occurred_at,
    cart_id="cart-9",
    customer_id="cust-asha",
    order_id="order-77",
    step=2,
    experiment="second_reminder_subject",
    variant="question",
    amount=rupees(900),
)


def changed[E: Event](fact: E, **changes: Any) -> E:
    return fact.model_copy(update=changes)


def a_story(*told: Event, counters: Items | None = None, orders: Items | None = None) -> Record:
    """What the room heard, its own news among it; those it told as well."""
    ours = [fact for fact in told if isinstance(fact, CartRecovered)]
    nudges = [fact for fact in told if type(fact) is type(_NUDGE)]
    tables = {"ExperimentCountersTable": counters or [], "NudgedOrdersTable": orders or []}
    record = handled(a_record(tables), _ROOM, *(fact for fact in told if fact not in ours))
    return published(record, _ROOM, *nudges, *ours)


@pytest.mark.parametrize(
    ("told", "broken"),
    [
        ((_NUDGE, _PLACED, _PAID, _RECOVERED, _RECOVERED), set()),
        ((_NUDGE, changed(_PLACED, cart_id=None, lines=(a_line("Assam tea"),)), _PAID, _RECOVERED), set()),
        ((_PLACED, _PAID, _RECOVERED), {AFTER_A_NUDGE}),
        ((changed(_NUDGE, withheld=True), _PLACED, _PAID, _RECOVERED), {AFTER_A_NUDGE}),
        ((changed(_NUDGE, step=1), _PLACED, _PAID, _RECOVERED), {AFTER_A_NUDGE}),
        ((changed(_NUDGE, occurred_at=NOW + hours(3)), _PLACED, _PAID, _RECOVERED), {AFTER_A_NUDGE}),
        ((changed(_NUDGE, counts_until=NOW + hours(1)), _PLACED, _PAID, _RECOVERED), {AFTER_A_NUDGE}),
        ((_NUDGE, changed(_PLACED, cart_id="cart-1"), _PAID, _RECOVERED), {AFTER_A_NUDGE}),
        ((_NUDGE, _PLACED, _RECOVERED), {AFTER_A_NUDGE}),
        ((_NUDGE, _PLACED, changed(_PAID, imported=True), _RECOVERED), {AFTER_A_NUDGE}),
        ((_NUDGE, _PLACED, _PAID, _RECOVERED, changed(_RECOVERED, event_id="again")), {ONCE}),
    ],
)
def test_what_is_recovered_followed_a_nudge(told: Any, broken: set[str]) -> None:
    assert rules_broken(a_story(*told), recovered_findings) == broken


@pytest.mark.parametrize(
    ("told", "broken"),
    [
        ((_NUDGE, _PLACED, _PAID, _RECOVERED), set()),
        ((_NUDGE, _PLACED, _PAID, order_cancelled()), set()),
        ((_NUDGE, _PLACED), set()),
        ((changed(_NUDGE, withheld=True), _PLACED, _PAID), set()),
        ((_NUDGE, changed(_PLACED, occurred_at=NOW + days(4)), _PAID), set()),
        ((_NUDGE, _PLACED, _PAID, erased()), set()),
        ((_NUDGE, _PLACED, _PAID, changed(_PLACED, order_id="order-78", cart_id="cart-9")), set()),
        ((_NUDGE, _PLACED, _PAID), {TOLD}),
    ],
)
def test_an_order_after_a_nudge_is_not_passed_over(told: Any, broken: set[str]) -> None:
    assert rules_broken(a_story(*told), missed_findings) == broken


def counters(exposures: int = 1, revenue: int = 90_000, **more: int) -> Items:
    """Of the step, and of its experiment; the step's in two shards."""
    numbers = {"exposures": exposures, "orders": 1, "revenue_INR": revenue, "recovered": 1, **more}
    return [
        {"experiment_shard": "experiments", "variant": "step-2#step-2#question", "listed": True},
        {"experiment_shard": "step-2#00", "variant": "step-2#question", "exposures": 0},
        {"experiment_shard": "step-2#07", "variant": "step-2#question", **numbers},
        {"experiment_shard": "second_reminder_subject#01", "variant": "step-2#question", **numbers},
    ]


_COUNTED = {"paid": {"amount_minor": 90_000, "currency": "INR"}, "refunded": 0}
_ORDERS: Items = [
    {
        "order_id": "order-77",
        "counted": {"step-2#step-2#question": _COUNTED, "second_reminder_subject#step-2#question": _COUNTED},
    }
]


@pytest.mark.parametrize(
    ("told", "counted", "orders", "broken"),
    [
        ((_NUDGE, _NUDGE), counters(), _ORDERS, set()),
        ((_NUDGE, erased()), counters(), [], set()),
        ((_NUDGE,), counters(exposures=2), _ORDERS, {COUNTED}),
        ((_NUDGE,), [], _ORDERS, {COUNTED}),
        ((), counters(), _ORDERS, {COUNTED}),
        ((_NUDGE,), counters(revenue=80_000), _ORDERS, {COUNTED}),
        ((_NUDGE,), counters(orders=2), _ORDERS, {COUNTED}),
        ((_NUDGE,), counters(), [], {COUNTED}),
    ],
)
def test_counters_are_the_sum_of_what_happened(
    told: Any, counted: Items, orders: Items, broken: set[str]
) -> None:
    assert rules_broken(a_story(*told, counters=counted, orders=orders), counter_findings) == broken
