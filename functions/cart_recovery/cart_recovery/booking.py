"""Booking: the difference between what should be counted and what is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from cart_recovery.rules import Exposure, Group, Order, Recovery, recoveries


@dataclass(frozen=True)
class Tally:
    """What was counted of one customer in one group; `net` in minor units, by currency."""

    exposures: int = 0
    orders: int = 0
    net: Mapping[str, int] = field(default_factory=dict)

    def with_exposure(self) -> "Tally":
        return replace(self, exposures=self.exposures + 1)

    def with_order(self, recovery: Recovery, sign: int) -> "Tally":
        currency = recovery.paid.currency
        net = {**self.net, currency: self.net.get(currency, 0) + sign * recovery.net}
        return replace(self, orders=self.orders + sign, net=net)


@dataclass(frozen=True)
class Account:
    """What is known of a customer who was nudged, as of `version`."""

    customer_id: str
    version: int
    exposures: Mapping[str, Exposure] = field(default_factory=dict)
    tallies: Mapping[Group, Tally] = field(default_factory=dict)


@dataclass(frozen=True)
class Booking:
    """What is to be written: the accounts, before and after, all of them, for if one was opened meanwhile then what is
    known of the others may be old too; the orders that count something else than before; and what each group's counters
    grow by.
    """

    accounts: tuple[tuple[Account, Account], ...]
    orders: Mapping[str, Set[Recovery]]
    counts: Mapping[Group, Mapping[str, int]]


def booked(accounts: Iterable[Account], orders: Iterable[Order], since: datetime) -> Booking | None:
    """The difference, None if there is none. `accounts`: all that these orders may have to do with. An order that was
    placed before `since` stays counted as it is, and in its cart's place.
    """
    before, known = list(accounts), list(orders)
    exposures = [exposure for account in before for exposure in account.exposures.values()]
    wanted = recoveries(known, exposures)
    ledger = _Ledger(before)
    fresh = [exposure for exposure in exposures if not exposure.counted]
    for exposure in fresh:
        ledger.expose(exposure)
    changed: dict[str, Set[Recovery]] = {}
    for order in known:
        should = wanted.get(order.order_id, frozenset())
        if should == order.counted or order.placed_at is None or order.placed_at < since:
            continue
        changed[order.order_id] = should
        for recovery in order.counted - should:
            ledger.count(recovery, -1)
        for recovery in should - order.counted:
            ledger.count(recovery, 1)
    if not fresh and not changed:
        return None
    written = tuple((account, ledger.after(account)) for account in before)
    return Booking(written, changed, ledger.growth(written))


class _Ledger:
    """The customers' tallies and the counters' growth, while differences are booked."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._tallies = {account.customer_id: dict(account.tallies) for account in accounts}
        self._counts: dict[Group, Counter[str]] = {}

    def expose(self, exposure: Exposure) -> None:
        own = self._tallies[exposure.customer_id]
        for group in exposure.groups:
            self._grow(group, {"exposures": 1})
            own[group] = own.get(group, Tally()).with_exposure()

    def count(self, recovery: Recovery, sign: int) -> None:
        group, currency = recovery.group, recovery.paid.currency
        revenue, refunded = sign * recovery.net, sign * recovery.refunded
        self._grow(group, {"orders": sign, f"revenue_{currency}": revenue, f"refunded_{currency}": refunded})
        own = self._tallies.get(recovery.customer_id, {})
        tally = own.get(group, Tally())
        if sign > 0 or tally.orders:  # otherwise it was in an account that was forgotten
            own[group] = tally.with_order(recovery, sign)

    def after(self, account: Account) -> Account:
        counted = {name: replace(exposure, counted=True) for name, exposure in account.exposures.items()}
        tallies = self._tallies[account.customer_id]
        return replace(account, version=account.version + 1, exposures=counted, tallies=tallies)

    def growth(self, accounts: Iterable[tuple[Account, Account]]) -> dict[Group, dict[str, int]]:
        """Of every group that grows; with what cannot be added up from orders, but follows from each customer's sum."""
        for before, after in accounts:
            for group, tally in after.tallies.items():
                self._grow(group, _of_customer(tally, 1))
                self._grow(group, _of_customer(before.tallies.get(group, Tally()), -1))
        grown = {group: {name: by for name, by in each.items() if by} for group, each in self._counts.items()}
        return {group: each for group, each in grown.items() if each}

    def _grow(self, group: Group, by: Mapping[str, int]) -> None:
        # `update` and not `+`, which would leave out what is below zero.
        self._counts.setdefault(group, Counter()).update(by)


def _of_customer(tally: Tally, sign: int) -> dict[str, int]:
    """The squares are for the interval around the mean, and the payers for whether there can be one."""
    payers = {f"payers_{currency}": sign * (net > 0) for currency, net in tally.net.items()}
    squares = {f"squares_{currency}": sign * net**2 for currency, net in tally.net.items()}
    counted = {"customers": sign * (tally.exposures > 0), "recovered": sign * (tally.orders > 0)}
    return counted | payers | squares
