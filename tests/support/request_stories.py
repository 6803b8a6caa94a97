"""Stories at random, of any shop on any day."""

from typing import Any

from hypothesis import strategies as st

from engagement.events.base import Event
from request_tales import (
    EACH,
    KINDS,
    RAVI,
    ZONES,
    Tale,
    Trouble,
    at,
    fact_of,
    happens_to,
    line,
    once_upon_a_time,
)
from shop_facts import NOW, days, order_paid, order_placed, registered, rupees

_DELAYS = st.sampled_from([0, 0, 0, 0, 0, 0.1, 1, 5, 50])
_AGAIN = st.sampled_from([None, None, None, None, 0.5, 30, 700])
_TRAVELS = st.sampled_from(["domestic", "domestic", "domestic", "foreign"])


@st.composite
def _parcel(draw: st.DrawFn, name: str | None, product_ids: list[str], leaves: float) -> list[Any]:
    """(hour, event) of each fact: it leaves, its day changes, it arrives, and any of that may stay untold."""
    where = draw(_TRAVELS)
    told: list[Any] = []
    expected = draw(st.sampled_from([None, 48, 130, 240]))
    if name is not None:
        promise = None if expected is None else leaves + expected
        told.append((leaves, ("leaves", name, product_ids, where, promise)))
        if expected is not None and draw(st.sampled_from([False, False, True])):
            moved = leaves + expected + draw(st.sampled_from([-24, 36, 170]))
            told.append(
                (leaves + draw(st.sampled_from([20, 60])), ("leaves", name, product_ids, where, moved))
            )
    if name is None or draw(st.sampled_from([False, True, True])):
        told.append((leaves + draw(st.sampled_from([30, 90, 200])), ("arrives", name, product_ids, where)))
    return told


@st.composite
def _accident(draw: st.DrawFn, product_ids: list[str], placed: float) -> list[Any]:
    when = placed + draw(st.integers(1, 45)) * 24 + draw(st.integers(0, 23))
    one = draw(st.sampled_from(product_ids))
    case_id = draw(st.sampled_from(["case-1", "case-2"]))
    what = draw(
        st.sampled_from(
            [
                *[("return", [one])] * 3,
                ("return", product_ids),
                ("money", 50),
                ("money", EACH * len(product_ids)),
                ("unspecified",),
                ("cancel",),
                ("review", None),
                *[("review", one)] * 2,
                *[("open", case_id)] * 3,
                *[("again", one)] * 2,
            ]
        )
    )
    if what[0] == "again":
        return draw(_parcel(f"again-{one}-{when}", [one], when))
    if what[0] == "open" and draw(st.sampled_from([True, True, False])):
        return [(when, what), (when + draw(st.sampled_from([5, 48, 240])), ("close", case_id))]
    return [(when, what)]


@st.composite
def _order(
    draw: st.DrawFn, customer_id: str, order_id: str, product_ids: list[str]
) -> list[tuple[float, Event]]:
    """(hour, fact) of all that happens to an order."""
    order = (customer_id, order_id)
    placed = draw(st.integers(0, 12)) * 24 + draw(st.integers(0, 23))
    paid = rupees(EACH * len(product_ids))
    imported = draw(st.sampled_from([False] * 14 + [True]))
    known: dict[str, Any] = {"customer_id": customer_id, "occurred_at": at(placed)}
    lines = tuple(line(order_id, each) for each in product_ids)
    told: list[tuple[float, Event]] = []
    told.append((placed, order_paid(order_id, amount=paid, imported=imported, **known)))
    if draw(st.sampled_from([True] * 6 + [False])):
        told.append((placed, order_placed(order_id, lines=lines, **known)))
    cut = draw(st.integers(0, len(product_ids)))
    parts = [part for part in (product_ids[:cut], product_ids[cut:]) if part]
    events: list[Any] = []
    for number, part in enumerate(parts):
        leaves = placed + draw(st.sampled_from([2, 26, 80, 500] if number else [2, 26, 80]))
        name = draw(st.sampled_from([f"p-{number}"] * 4 + [None] * (len(parts) == 1)))
        if number == 0 or draw(st.sampled_from([True, True, True, False])):
            events += draw(_parcel(name, part, leaves))
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        events += draw(_accident(product_ids, placed))
    return told + [(hour, fact_of(event, order, at(hour))) for hour, event in events]


_WORK = st.sampled_from(
    [*["dies"] * 2, "sweeps", "delivers", *["tells"] * 3, *["dies while it hands over"] * 2, *["holds"] * 4]
)
_HAPPENS = st.sampled_from(["return", "return", "review", "open", "again", "cancel", "erase"])
_HELD = st.one_of(st.none(), _HAPPENS, _HAPPENS)


@st.composite
def _trouble(draw: st.DrawFn, orders: list[tuple[str, str, list[str]]]) -> Trouble:
    mails, moment = draw(st.integers(0, 3)), draw(st.sampled_from(["before", "after"]))
    what, happens = draw(_WORK), draw(_HAPPENS)
    match what:
        case "holds":
            held = (
                draw(_HELD),
                draw(st.sampled_from([0.2, 3, 40])),
                draw(st.sampled_from([1, 20, 100, 240])),
            )
            return Trouble(mails, 0, "after", "holds", held, call="send_message_batch")
        case "dies while it hands over":
            call = draw(st.sampled_from(["put_events", "send_message_batch"]))
            return Trouble(mails, 0, moment, "dies", call=call, times=draw(st.integers(1, 5)))
        case "tells":
            *order, product_ids = draw(st.sampled_from(orders))
            event = happens_to(draw(st.sampled_from(product_ids)), happens)
            return Trouble(mails, draw(st.integers(0, 30)), moment, "tells", (event, tuple(order)))
        case _:
            return Trouble(mails, draw(st.integers(0, 30)), moment, what)


_OUTAGE = st.tuples(
    st.sampled_from(["sweep", "delivery", "delivery", "bus", "mails"]),
    st.integers(100, 1200),
    st.sampled_from([3, 20, 50, 100]),
)


@st.composite
def tales(draw: st.DrawFn) -> Tale:
    """One customer's orders or a few customers'; and what goes wrong meanwhile."""
    once_upon_a_time()
    who = draw(st.sampled_from([["asha"], ["asha"], ["emma"], ["tane", "ravi"], ["asha", "emma", "ravi"]]))
    # Somebody who buys the same things again is somebody special: a mail has each of them once.
    shared = draw(st.sampled_from([False] * 4 + [True]))
    orders, told = [], []
    for number in range(draw(st.integers(1, 4))):
        kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4, unique=True))
        product_ids = kinds if shared else [f"{kind}{number}" for kind in kinds]
        orders.append((draw(st.sampled_from(who)), f"order-{number}", product_ids))
        told += draw(_order(*orders[-1]))
    tellings = []
    for customer_id, zone in ZONES.items():
        late = draw(st.sampled_from([0, 0, 0, 0, 400])) if customer_id in who else 0
        consents = frozenset({"reviews"} if customer_id != RAVI else ())
        fact: Event = registered(customer_id, occurred_at=NOW - days(1), consents=consents, time_zone=zone)
        tellings.append((at(late), fact))
    if draw(st.sampled_from([False] * 9 + [True])):
        hour = draw(st.integers(24, 1000))
        told.append((hour, fact_of(("erase",), (who[0], ""), at(hour))))
    for happened, fact in told:
        told_at = happened + draw(_DELAYS)
        tellings.append((at(told_at), fact))
        if (again := draw(_AGAIN)) is not None:
            tellings.append((at(told_at + again), fact))
    outages = [
        (what, at(start), at(start + length)) for what, start, length in draw(st.lists(_OUTAGE, max_size=3))
    ]
    troubles = draw(st.lists(_trouble(orders), max_size=4))
    return Tale(sorted(tellings, key=lambda each: each[0]), outages, troubles)
