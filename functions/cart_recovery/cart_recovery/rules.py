"""Which order counts for which nudge. The same facts lead to the same answer, in whatever order they came.

There are several countings, each by itself: one of all mails that reached their customers, step by step, where an order
is recovered once; and one for each experiment, over its own nudges and those that its holdout did not get, whatever
other steps did. So an experiment's variants and its holdout are measured alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engagement.money import Money


def step_name(step: int) -> str:
    """What a step is counted as by itself, and what its nudges say as their experiment where there is none."""
    return f"step-{step}"


@dataclass(frozen=True, order=True)
class Group:
    """Those who are counted together: the customers of one variant of an experiment, or of a step."""

    experiment: str
    step: int
    variant: str

    @property
    def is_of_step(self) -> bool:
        return self.experiment == step_name(self.step)


@dataclass(frozen=True)
class Exposure:
    """A nudge about a cart that reached its customer at `at`, or, `withheld`, would have: an order placed until
    `counts_until` counts for it, both instants included. `told_as`: the group of which it was told; `products`: their
    digests; `counted`: that it happened, in its groups' counters.
    """

    customer_id: str
    cart_id: str
    told_as: Group
    withheld: bool
    products: frozenset[str]
    at: datetime
    counts_until: datetime
    counted: bool = False

    @property
    def groups(self) -> tuple[Group, ...]:
        """Where it counts: at its step if it reached its customer, and in its experiment if it has one."""
        told, step = self.told_as, self.told_as.step
        of_step = () if self.withheld else (Group(step_name(step), step, told.variant),)
        return of_step if told.is_of_step else (*of_step, told)


@dataclass(frozen=True)
class Recovery:
    """What an order counts for a group: `paid` before any refund, `refunded` in the same currency's minor units.
    `experiment`: of the nudge, also where the group is that of its step.
    """

    customer_id: str
    cart_id: str
    group: Group
    experiment: str
    paid: Money
    refunded: int = 0

    @property
    def net(self) -> int:
        return self.paid.amount_minor - self.refunded


@dataclass(frozen=True)
class Order:
    """What is known of an order. `customers`: whose it may be, by its customer's id and by addresses; `products`: their
    digests; `counted`: what of it is in the counters; `followed`: it is kept for long; `told`: CartRecovered went out.
    """

    order_id: str
    placed_at: datetime | None = None
    customers: tuple[str, ...] = ()
    cart_id: str | None = None
    products: frozenset[str] = frozenset()
    paid: Money | None = None
    paid_at: datetime | None = None
    refunds: Mapping[str, Money] = field(default_factory=dict)
    cancelled: bool = False
    counted: frozenset[Recovery] = frozenset()
    followed: bool = False
    told: bool = False

    @property
    def refunded(self) -> int:
        """Minor units of the currency that was paid, never more than was paid."""
        if self.paid is None:
            return 0
        of_this = (each for each in self.refunds.values() if each.currency == self.paid.currency)
        return min(self.paid.amount_minor, sum(each.amount_minor for each in of_this))

    @property
    def foreign_refunds(self) -> set[str]:
        """Currencies that were paid back and never paid."""
        if self.paid is None:
            return set()
        return {each.currency for each in self.refunds.values()} - {self.paid.currency}


def attributed_to(order: Order, exposures: Iterable[Exposure]) -> Exposure | None:
    """Of the nudges before the order, and in time, of one of its customers: the latest about its own cart, or else the
    latest that shares a product.
    """
    fitting = [exposure for exposure in exposures if _fits(order, exposure)]
    about_its_cart = [exposure for exposure in fitting if exposure.cart_id == order.cart_id]
    return max(
        about_its_cart or fitting,
        key=lambda each: (each.at, each.told_as.step, each.customer_id, each.cart_id),
        default=None,
    )


def recoveries(orders: Iterable[Order], exposures: Iterable[Exposure]) -> dict[str, frozenset[Recovery]]:
    """What each order counts, by its id, at most once in each counting; orders that count nothing are left out.

    Of a customer's cart the first order that was paid and not cancelled, by when it was placed. One that was never paid
    is in nobody's way; one that was paid back whole stays recovered, with nothing left of it.
    """
    placed = [(order.placed_at, order.order_id, order) for order in orders if order.placed_at]
    in_time = [order for *_, order in sorted(placed, key=lambda each: each[:2])]
    countings: dict[str, dict[Exposure, Group]] = defaultdict(dict)
    for exposure in exposures:
        for group in exposure.groups:
            countings["" if group.is_of_step else group.experiment][exposure] = group
    found: dict[str, set[Recovery]] = defaultdict(set)
    for groups in countings.values():
        for order_id, recovery in _counted(in_time, groups):
            found[order_id].add(recovery)
    return {order_id: frozenset(counted) for order_id, counted in found.items()}


def _counted(orders: Sequence[Order], groups: Mapping[Exposure, Group]) -> Iterator[tuple[str, Recovery]]:
    taken: set[tuple[str, str]] = set()
    for order in orders:
        nudge = attributed_to(order, groups)
        if nudge is None or order.paid is None or order.cancelled:
            continue
        if (cart := (nudge.customer_id, nudge.cart_id)) not in taken:
            taken.add(cart)
            told_as = nudge.told_as.experiment
            yield order.order_id, Recovery(*cart, groups[nudge], told_as, order.paid, order.refunded)


def _fits(order: Order, exposure: Exposure) -> bool:
    in_time = order.placed_at is not None and exposure.at <= order.placed_at <= exposure.counts_until
    about_it = exposure.cart_id == order.cart_id or bool(exposure.products & order.products)
    return in_time and about_it and exposure.customer_id in order.customers
