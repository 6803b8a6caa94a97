"""Stories of nudges and orders, and what is to be counted of them.

The expected count is worked out once more, by going through time, without the rules, the books or their code.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from cart_recovery.rules import Group
from engagement.events.base import Event
from engagement.events.carts import CartNudged
from engagement.money import Money
from shop_facts import NOW, a_line, hours, order_cancelled, order_paid, order_placed, order_refunded
from tests.unit.cart_recovery.house import EXPERIMENT, cart_nudged

# Two of them have one address.
CUSTOMERS = ("cust-a.rao", "cust-b.rao", "cust-c.sen")
PRODUCTS = ("Assam tea", "Honey")
# Of each step; the first has none.
EXPERIMENTS = {
    1: ("step-1", ["standard"]),
    2: (EXPERIMENT, ["question", "statement", "holdout"]),
    3: ("coupon", ["yes", "holdout"]),
}
# Few moments, carts and products, so that most orders follow some nudge.
_moments = st.integers(0, 8).map(lambda number: NOW + hours(number))
_amounts = st.builds(Money, amount_minor=st.integers(0, 900), currency=st.sampled_from(["INR", "USD"]))


@st.composite
def nudges(draw: st.DrawFn) -> CartNudged:
    step = draw(st.integers(1, 3))
    experiment, variants = EXPERIMENTS[step]
    variant = draw(st.sampled_from(variants))
    at = draw(_moments)
    return cart_nudged(
        draw(st.sampled_from(["cart-1", "cart-2"])),
        step,
        customer_id=draw(st.sampled_from(CUSTOMERS)),
        experiment=experiment,
        variant=variant,
        withheld=variant == "holdout",
        occurred_at=at,
        counts_until=at + hours(draw(st.integers(2, 8))),
        product_ids=draw(st.sampled_from([("assam-tea",), ("honey",), ("assam-tea", "honey")])),
    )


@st.composite
def lives(draw: st.DrawFn, order_id: str) -> list[Event]:
    """All that is told of one order."""
    known = {"customer_id": draw(st.sampled_from(CUSTOMERS))}
    lines = draw(st.lists(st.sampled_from(PRODUCTS).map(a_line), min_size=1, max_size=2))
    cart_id = draw(st.sampled_from([None, "cart-1", "cart-2"]))
    life: list[Event] = [
        order_placed(order_id, occurred_at=draw(_moments), cart_id=cart_id, lines=lines, **known)
    ]
    if draw(st.integers(0, 5)):
        life.append(order_paid(order_id, amount=draw(_amounts), **known))
    life += [
        order_refunded(order_id, refund_id=f"refund-{number}", amount=draw(_amounts), **known)
        for number in range(draw(st.integers(0, 2)))
    ]
    if not draw(st.integers(0, 3)):
        life.append(order_cancelled(order_id, **known))
    return life


@st.composite
def stories(draw: st.DrawFn) -> list[Any]:
    """Every fact at least once, some twice, in any order."""
    told: list[Any] = draw(
        st.lists(
            nudges(),
            min_size=1,
            max_size=6,
            unique_by=lambda each: (each.customer_id, each.cart_id, each.step),
        )
    )
    for number in range(draw(st.integers(2, 4))):
        told = told + draw(lives(f"order-{number}"))
    again = draw(st.lists(st.sampled_from(told), max_size=4))
    return draw(st.permutations(told + again))


def expected(story: list[Any]) -> dict[Group, dict[str, int]]:
    """Plainly: time is gone through once for all mails that arrived, and once for each experiment by itself."""
    nudged = {
        (fact.customer_id, fact.cart_id, fact.step): fact for fact in story if isinstance(fact, CartNudged)
    }
    arrived = [fact for fact in nudged.values() if not fact.withheld]
    counts = _gone_through(story, arrived, lambda fact: Group(f"step-{fact.step}", fact.step, fact.variant))
    for experiment in (EXPERIMENT, "coupon"):
        own = [fact for fact in nudged.values() if fact.experiment == experiment]
        counts |= _gone_through(story, own, lambda fact: Group(fact.experiment, fact.step, fact.variant))
    return counts


def _gone_through(
    story: list[Any], nudged: list[CartNudged], group_of: Callable[[CartNudged], Group]
) -> dict[Group, dict[str, int]]:
    orders: dict[str, dict[str, Any]] = defaultdict(dict)
    for fact in story:
        if not isinstance(fact, CartNudged):
            kind = type(fact).__name__ + getattr(fact, "refund_id", "")
            orders[fact.order_id][kind] = fact
    placed = [life["OrderPlaced"] for life in orders.values() if "OrderPlaced" in life]
    # What happens at the same moment: nudges first.
    timeline: list[tuple[Any, ...]] = [
        (each.occurred_at, 0, str(each.step), each.customer_id, each.cart_id, each) for each in nudged
    ]
    timeline += [(each.occurred_at, 1, each.order_id, "", "", each) for each in placed]
    counts: dict[Group, Counter[str]] = defaultdict(Counter)
    customers: dict[tuple[Group, str], Counter[str]] = defaultdict(Counter)
    so_far: list[CartNudged] = []
    recovered: set[tuple[str, str]] = set()
    for *_, fact in sorted(timeline, key=lambda each: each[:-1]):
        if isinstance(fact, CartNudged):
            so_far.append(fact)
            counts[group_of(fact)]["exposures"] += 1
            customers[group_of(fact), fact.customer_id]["nudges"] += 1
            continue
        life = orders[fact.order_id]
        if "OrderPaid" not in life or "OrderCancelled" in life:
            continue
        nudge = _owed_to(fact, so_far)
        if nudge is None or (nudge.customer_id, nudge.cart_id) in recovered:
            continue
        recovered.add((nudge.customer_id, nudge.cart_id))
        paid = life["OrderPaid"].amount
        refunds = [fact.amount for kind, fact in life.items() if kind.startswith("OrderRefunded")]
        back = sum(each.amount_minor for each in refunds if each.currency == paid.currency)
        left = max(0, paid.amount_minor - back)
        counts[group_of(nudge)]["orders"] += 1
        counts[group_of(nudge)][f"revenue_{paid.currency}"] += left
        counts[group_of(nudge)][f"refunded_{paid.currency}"] += paid.amount_minor - left
        customers[group_of(nudge), nudge.customer_id]["orders"] += 1
        customers[group_of(nudge), nudge.customer_id][paid.currency] += left
    for (group, _), own in customers.items():
        counts[group]["customers"] += 1
        counts[group]["recovered"] += own["orders"] > 0
        for currency in ("INR", "USD"):
            counts[group][f"payers_{currency}"] += own[currency] > 0
            counts[group][f"squares_{currency}"] += own[currency] ** 2
    return {group: {name: by for name, by in each.items() if by} for group, each in counts.items()}


def _owed_to(placed: Any, so_far: list[CartNudged]) -> CartNudged | None:
    """Back from the last one: first for its cart, and then for anything that was bought."""
    surname = placed.customer_id.partition(".")[2]
    bought = {line.product_id for line in placed.lines}
    by_cart: list[CartNudged] = []
    by_product: list[CartNudged] = []
    for each in so_far:
        if each.customer_id.endswith(surname) and placed.occurred_at <= each.counts_until:
            if each.cart_id == placed.cart_id:
                by_cart.append(each)
            elif bought & set(each.product_ids):
                by_product.append(each)
    found = by_cart or by_product
    return found[-1] if found else None
