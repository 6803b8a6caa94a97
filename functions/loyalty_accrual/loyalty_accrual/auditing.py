"""Auditing: does the account say what its entries say, and do the entries say what the rules say?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loyalty_accrual.ledger import Account, Entry, EntryKind, Order
from loyalty_accrual.rules import points_in_force, rebuilt_account


@dataclass(frozen=True)
class Audit:
    """`account` as it is kept, `rebuilt` from its entries, and every difference found, in words."""

    account: Account
    rebuilt: Account
    differences: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


def audited(account: Account, entries: Sequence[Entry], orders: Iterable[Order]) -> Audit:
    """Compare an account with the sum of its entries, and each order with its own entries and with its own rule."""
    rebuilt = rebuilt_account(entries)
    differences = [*_of_account(account, rebuilt), *_of_orders(entries, orders)]
    return Audit(account=account, rebuilt=rebuilt, differences=tuple(differences))


def _of_account(account: Account, rebuilt: Account) -> Iterator[str]:
    for name in Account.__dataclass_fields__:
        kept, expected = getattr(account, name), getattr(rebuilt, name)
        if kept != expected:
            yield f"{name} is {kept}, the entries say {expected}"


def _of_orders(entries: Iterable[Entry], orders: Iterable[Order]) -> Iterator[str]:
    booked: defaultdict[str, int] = defaultdict(int)
    refunded: defaultdict[tuple[str, str], int] = defaultdict(int)
    for entry in entries:
        if entry.order_id:
            booked[entry.order_id] += entry.points
        if entry.order_id and entry.amount and entry.kind is EntryKind.REFUNDED:
            refunded[entry.order_id, entry.amount.currency] += entry.amount.amount_minor
    for order in orders:
        name, points = order.order_id, booked.pop(order.order_id, 0)
        if points != order.points_in_force:
            yield f"{name} has {order.points_in_force} points in force, its entries say {points}"
        for currency, amount in order.refunded.items():
            if refunded[name, currency] != amount:
                yield f"{name} has {amount} {currency} refunded, its entries say {refunded[name, currency]}"
        if order.paid and order.rule:
            amount = order.refunded.get(order.paid.currency, 0)
            expected = points_in_force(order.rule, order.paid.amount_minor, amount)
            if expected != order.points_in_force:
                yield f"{name} has {order.points_in_force} points in force, its rule says {expected}"
    yield from (f"{order_id} has entries and no record" for order_id in booked)
