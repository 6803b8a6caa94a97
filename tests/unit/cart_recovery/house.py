"""The room on books in memory, with something happening at any step that a test names."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cart_recovery.accounts_table import Accounts
from cart_recovery.booking import Account, Booking
from cart_recovery.books import Books
from cart_recovery.buyers import Buyers
from cart_recovery.counters_table import ExperimentCounters
from cart_recovery.orders_table import NudgedOrders
from cart_recovery.product_digests import product_digests
from cart_recovery.recovering import Recovering
from cart_recovery.rules import Exposure, Group, Order
from engagement.events.base import Event
from engagement.events.carts import CartNudged, CartRecovered
from engagement.events.orders import OrderCancelled, OrderPaid, OrderPlaced, OrderRefunded
from recording_bus import RecordingBus
from shop_facts import NOW, days

EXPERIMENT = "subject"
LATER = NOW + days(4)


def cart_nudged(cart_id: str = "cart-9", step: int = 2, **changes: Any) -> CartNudged:
    known: dict[str, Any] = {
        "event_id": f"cart-{cart_id}-step-{step}-nudged",
        "occurred_at": NOW,
        "cart_id": cart_id,
        "customer_id": "cust-asha",
        "step": step,
        "experiment": EXPERIMENT,
        "variant": "question",
        "product_ids": ("assam-tea",),
    } | changes
    return CartNudged.model_validate({"counts_until": known["occurred_at"] + days(3)} | known)


@dataclass
class Steps:
    """Every read and write, in order; before that of a number something happens."""

    number: int = 0
    happens: dict[int, Callable[[], None]] = field(default_factory=dict)

    def take(self) -> None:
        self.number += 1
        if happens := self.happens.pop(self.number, None):
            happens()


class OrdersInMemory(NudgedOrders):
    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.known: dict[str, Order] = {}

    def place(self, fact: OrderPlaced, customers: Sequence[str], expires_at: int) -> Order:
        order = self._so_far(fact)
        if order.placed_at is None:
            products = product_digests(line.product_id for line in fact.lines)
            order = replace(
                order,
                placed_at=fact.occurred_at,
                cart_id=fact.cart_id,
                products=products,
                customers=tuple(customers),
            )
        return self._known(order)

    def pay(self, fact: OrderPaid, expires_at: int) -> Order:
        order = self._so_far(fact)
        return self._known(
            order if order.paid else replace(order, paid=fact.amount, paid_at=fact.occurred_at)
        )

    def refund(self, fact: OrderRefunded, expires_at: int) -> Order:
        order = self._so_far(fact)
        return self._known(replace(order, refunds={fact.refund_id: fact.amount, **order.refunds}))

    def cancel(self, fact: OrderCancelled, expires_at: int) -> Order:
        return self._known(replace(self._so_far(fact), cancelled=True))

    def read(self, order_ids: Iterable[str]) -> list[Order]:
        self._steps.take()
        return [self.known[each] for each in sorted(set(order_ids)) if each in self.known]

    def follow(self, order_id: str, expires_at: int) -> None:
        self._steps.take()
        self.known[order_id] = replace(self.known[order_id], followed=True)

    def was_told(self, order_id: str) -> None:
        self._steps.take()
        self.known[order_id] = replace(self.known[order_id], told=True)

    def _so_far(self, fact: OrderPlaced | OrderPaid | OrderRefunded | OrderCancelled) -> Order:
        self._steps.take()
        return self.known.get(fact.order_id, Order(fact.order_id))

    def _known(self, order: Order) -> Order:
        self.known[order.order_id] = order
        return order


class AccountsInMemory(Accounts):
    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.known: dict[str, Account] = {}
        self._listed: set[tuple[str, str, datetime]] = set()

    def expose(self, exposure: Exposure, expires_at: int) -> None:
        self._steps.take()
        account = self.known.get(exposure.customer_id, Account(exposure.customer_id, 0))
        name = f"nudge#{exposure.cart_id}#{exposure.told_as.step}"
        self.known[account.customer_id] = replace(
            account, version=account.version + 1, exposures={name: exposure, **account.exposures}
        )

    def list_order(self, customer_id: str, order_id: str, placed_at: datetime, expires_at: int) -> None:
        self._steps.take()
        self._listed.add((customer_id, order_id, placed_at))

    def list_for_long(self, customer_id: str, order_id: str, placed_at: datetime, expires_at: int) -> None:
        self.list_order(customer_id, order_id, placed_at, expires_at)

    def open(self, customer_id: str) -> Account | None:
        self._steps.take()
        if account := self.known.get(customer_id):
            self.known[customer_id] = replace(account, version=account.version + 1)
        return self.known.get(customer_id)

    def order_ids(self, account: Account) -> set[str]:
        self._steps.take()
        return {
            order_id
            for customer_id, order_id, placed_at in self._listed
            if customer_id == account.customer_id
            if any(each.at <= placed_at <= each.counts_until for each in account.exposures.values())
        }


class CountersInMemory(ExperimentCounters):
    def __init__(self) -> None:
        self.shards = 1
        self.counted: dict[Group, Counter[str]] = {}

    def add_name(self, group: Group) -> None:
        self.counted.setdefault(group, Counter())

    def groups(self) -> dict[Group, dict[str, int]]:
        return {group: {name: by for name, by in each.items() if by} for group, each in self.counted.items()}


class BooksInMemory(Books):
    orders: OrdersInMemory
    accounts: AccountsInMemory
    counters: CountersInMemory

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.orders, self.accounts = OrdersInMemory(steps), AccountsInMemory(steps)
        self.counters = CountersInMemory()

    def write(self, booking: Booking, forget: datetime) -> bool:
        self._steps.take()
        known = self.accounts.known
        if any(known[before.customer_id].version != before.version for before, _ in booking.accounts):
            return False
        known |= {after.customer_id: after for _, after in booking.accounts}
        for order_id, counted in booking.orders.items():
            self.orders.known[order_id] = replace(self.orders.known[order_id], counted=frozenset(counted))
        for group, growth in booking.counts.items():
            self.counters.counted[group].update(growth)
        return True


class Household(Buyers):
    """Whoever has the same surname has the same address: `cust-a.rao` and `cust-b.rao`."""

    def __init__(self, *customers: str) -> None:
        object.__setattr__(self, "_known", customers)

    def of(self, order: OrderPlaced) -> list[str]:
        _, _, surname = order.customer_id.partition(".")
        known: tuple[str, ...] = self._known  # type: ignore[attr-defined]
        same = {each for each in known if surname and each.endswith(f".{surname}")}
        return sorted(same | {order.customer_id})


class Room:
    def __init__(self, *customers: str) -> None:
        self.steps = Steps()
        self.books = BooksInMemory(self.steps)
        self.bus = RecordingBus()
        self.recovering = Recovering(self.books, Household(*customers), self.bus, lambda _: None)

    def told(self, *facts: Any, now: datetime = LATER) -> "Room":
        for fact in facts:
            self.recovering.apply(fact, now)
        return self

    def counted(
        self, variant: str = "question", step: int = 2, experiment: str = EXPERIMENT
    ) -> dict[str, int]:
        return self.books.counters.groups().get(Group(experiment, step, variant), {})

    def of_step(self, step: int = 2, variant: str = "question") -> dict[str, int]:
        """What is counted of the step by itself."""
        return self.counted(variant, step, f"step-{step}")

    @property
    def news(self) -> list[CartRecovered]:
        told: list[Event] = self.bus.told
        return [fact for fact in told if isinstance(fact, CartRecovered)]
