"""What nudges brought: each order counts once, after a nudge that reached its customer, and the counters say so."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from engagement.events.carts import CartNudged, CartRecovered
from engagement.events.customers import CustomerErased
from engagement.events.orders import OrderCancelled, OrderPaid, OrderPlaced
from tests.simulation.judges.books_reading import Reading, found
from tests.simulation.record import Finding

AFTER_A_NUDGE = "a cart is recovered by an order in time after its nudge"
ONCE = "an order recovers one cart, and is told of under one id"
TOLD = "an order in time after a nudge about its own cart is told of as recovered"
COUNTED = "counters are the sum of what was counted"

_RECOVERY = "CartRecoveryFactsFunction"
type _Step = tuple[str, str, int]


def recovered_findings(reading: Reading) -> Iterator[Finding]:
    """Of what was told: always."""
    nudges = _nudges(reading)
    paid = {told.fact.order_id: told.fact for told in reading.record.told if isinstance(told.fact, OrderPaid)}
    placed = {
        told.fact.order_id: told.fact for told in reading.record.told if isinstance(told.fact, OrderPlaced)
    }
    carts: dict[str, str] = {}
    for fact in reading.told_outside(CartRecovered):
        name = f"{fact.order_id} for {fact.cart_id}"
        if carts.setdefault(fact.order_id, fact.event_id + fact.cart_id) != fact.event_id + fact.cart_id:
            yield found(ONCE, fact.customer_id, f"{name}: told of another cart, or under another id, too")
        nudge = nudges.get((fact.customer_id, fact.cart_id, fact.step))
        order = placed.get(fact.order_id)
        if nudge is None or nudge.withheld:
            yield found(AFTER_A_NUDGE, fact.customer_id, f"{name}: step {fact.step} never reached anybody")
        elif order is None or not nudge.occurred_at <= order.occurred_at <= nudge.counts_until:
            yield found(AFTER_A_NUDGE, fact.customer_id, f"{name}: not placed in the nudge's time")
        elif not _is_about(order, nudge):
            yield found(AFTER_A_NUDGE, fact.customer_id, f"{name}: has nothing of the cart")
        money = paid.get(fact.order_id)
        if money is None or money.imported or money.amount != fact.amount:
            yield found(AFTER_A_NUDGE, fact.customer_id, f"{name}: was never paid so", fact.occurred_at)


def counter_findings(reading: Reading) -> Iterator[Finding]:
    """At the end. What was counted of a customer who was erased stays, and an older nudge of theirs may count anew."""
    nudges = {fact.event_id: fact for _, fact in reading.heard(_RECOVERY, CartNudged)}
    erased = {fact.customer_id for _, fact in reading.heard(_RECOVERY, CustomerErased)}
    sure: Counter[str] = Counter()
    perhaps: Counter[str] = Counter()
    steps: set[_Step] = set()
    for nudge in nudges.values():
        if (step := (nudge.customer_id, nudge.cart_id, nudge.step)) in steps:
            continue
        steps.add(step)
        for group in _groups(nudge):
            sure[group] += 1
            perhaps[group] += nudge.customer_id in erased
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item in reading.table("ExperimentCountersTable"):
        experiment, mark, _ = item["experiment_shard"].partition("#")
        if mark:
            numbers = {name: n for name, n in item.items() if isinstance(n, int)}
            counted[f"{experiment}#{item['variant']}"].update(numbers)
    for group in sorted(sure.keys() | counted.keys()):
        exposures = counted[group]["exposures"]
        if not sure[group] <= exposures <= sure[group] + perhaps[group]:
            yield found(COUNTED, "", f"{group}: {exposures} exposures counted, {sure[group]} nudges arrived")
    if not erased:
        yield from _orders_counted(reading, counted)


def _orders_counted(reading: Reading, counted: dict[str, Counter[str]]) -> Iterator[Finding]:
    kept: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for order in reading.table("NudgedOrdersTable"):
        for group, recovery in order.get("counted", {}).items():
            currency, paid = recovery["paid"]["currency"], int(recovery["paid"]["amount_minor"])
            kept[group]["orders"] += 1
            kept[group][f"revenue_{currency}"] += paid - int(recovery["refunded"])
            kept[group][f"refunded_{currency}"] += int(recovery["refunded"])
    for group, numbers in counted.items():
        sums = {name: n for name, n in numbers.items() if name == "orders" or name.startswith("re")}
        sums.pop("recovered", None)
        for name in sorted(sums.keys() | kept[group].keys()):
            if sums.get(name, 0) != kept[group][name]:
                what = f"{group}: {name} is {sums.get(name, 0)}, its orders have {kept[group][name]}"
                yield found(COUNTED, "", what)


def missed_findings(reading: Reading) -> Iterator[Finding]:
    """At the end, of the plainest case: one order of a nudged cart, by the same customer, in time, paid, and never
    cancelled. What was told later than orders are kept for is not looked for.
    """
    told = {fact.order_id for fact in reading.told_outside(CartRecovered)}
    erased = {fact.customer_id for _, fact in reading.heard(_RECOVERY, CustomerErased)}
    cancelled = {fact.order_id for _, fact in reading.heard(_RECOVERY, OrderCancelled)}
    paid = {fact.order_id for _, fact in reading.heard(_RECOVERY, OrderPaid) if not fact.imported}
    placed = {fact.order_id: fact for _, fact in reading.heard(_RECOVERY, OrderPlaced)}
    nudges = [nudge for _, nudge in reading.heard(_RECOVERY, CartNudged) if not nudge.withheld]
    for order in placed.values():
        of_cart = [each for each in placed.values() if each.cart_id == order.cart_id]
        plain = order.order_id in paid - cancelled and len(of_cart) == 1 and order.customer_id not in erased
        in_time = [
            nudge
            for nudge in nudges
            if (nudge.cart_id, nudge.customer_id) == (order.cart_id, order.customer_id)
            and nudge.occurred_at <= order.occurred_at <= nudge.counts_until
        ]
        # Another order, which shares a product, may have come first for the same cart.
        rivals = [
            each for each in placed.values() if each is not order and any(_is_about(each, n) for n in in_time)
        ]
        if plain and in_time and not rivals and order.order_id not in told:
            yield found(TOLD, order.customer_id, f"{order.order_id} for {order.cart_id}", order.occurred_at)


def _nudges(reading: Reading) -> dict[_Step, CartNudged]:
    nudges = reading.told_outside(CartNudged)
    return {(nudge.customer_id, nudge.cart_id, nudge.step): nudge for nudge in nudges}


def _is_about(order: OrderPlaced, nudge: CartNudged) -> bool:
    products = {line.product_id for line in order.lines}
    return order.cart_id == nudge.cart_id or bool(products & set(nudge.product_ids))


def _groups(nudge: CartNudged) -> Iterator[str]:
    """As README has them: each step by itself, of mails that arrived; each experiment with its holdout."""
    step: Any = f"step-{nudge.step}"
    if not nudge.withheld:
        yield f"{step}#{step}#{nudge.variant}"
    if nudge.experiment != step:
        yield f"{nudge.experiment}#{step}#{nudge.variant}"
