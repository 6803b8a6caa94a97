"""The ledger adds up: each customer's account holds what the entries say, and no more is spent than there is.

What an entry is, README and decisions 04 and 26 say; LoyaltyTable keeps it under the names that are used here.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.simulation.judges.books_reading import Reading, duration, found, instant
from tests.simulation.record import Finding

ADDS_UP = "a balance is the sum of its entries"
NUMBERED = "entries are numbered from 1 on, without a gap"
LOTS_ADD_UP = "each lot has what its entries say"
SPENT_WHAT_WAS = "nobody spends more points than there are"
RESERVED_ONCE = "a reservation is spent once, as it was reserved"
ORDER_ADDS_UP = "no order's refunds take back more than it earned"

_NEVER = date.max.isoformat()
_ORDERS_KINDS = frozenset({"paid", "refunded", "cancelled", "offer_redeemed", "offer_released"})


@dataclass
class Partition:
    """All of one customer's items in LoyaltyTable; entries by their number."""

    customer_id: str
    account: dict[str, Any] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    reviews: dict[str, dict[str, Any]] = field(default_factory=dict)
    reservations: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def available(self) -> int:
        return sum(map(int, self.account.get("lots", {}).values())) - int(self.account.get("used", 0))

    @property
    def on_hold(self) -> int:
        return sum(int(hold["points"]) for hold in self.account.get("held", {}).values())

    @property
    def pending(self) -> int:
        return sum(map(int, self.account.get("pending", {}).values()))

    def of_order(self, order_id: str) -> list[dict[str, Any]]:
        """The entries about what the order is worth."""
        return [e for e in self.entries if e.get("order_id") == order_id and e["kind"] in _ORDERS_KINDS]


def partitions(reading: Reading) -> dict[str, Partition]:
    """By customer."""
    all_of: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in reading.table("LoyaltyTable"):
        all_of[item["customer_id"]].append(item)
    return {customer_id: _partition(customer_id, items) for customer_id, items in all_of.items()}


def _partition(customer_id: str, items: list[dict[str, Any]]) -> Partition:
    kept = Partition(customer_id)
    for item in items:
        kind, _, name = item["record_id"].partition("#")
        match kind:
            case "account":
                kept.account = item
            case "entry":
                kept.entries.append(item)
            case "order":
                kept.orders[name] = item
            case "review":
                kept.reviews[name] = item
            case "reservation":
                kept.reservations[name] = item
            case _:
                pass
    kept.entries.sort(key=lambda entry: int(entry["sequence"]))
    return kept


def ledger_findings(reading: Reading) -> Iterator[Finding]:
    reserved_for = duration(reading.plan["campaigns"]["loyalty"]["settings"]["reserved_for"])
    for kept in partitions(reading).values():
        yield from _adds_up(kept)
        yield from _lots_add_up(kept)
        yield from _spent_what_was(kept, reserved_for)
        yield from _reservations(kept)
        yield from _orders_add_up(kept)


def _adds_up(kept: Partition) -> Iterator[Finding]:
    total = sum(int(entry["points"]) for entry in kept.entries)
    has = kept.available + kept.on_hold + kept.pending
    if has != total:
        what = f"{kept.available} points, {kept.on_hold} on hold, {kept.pending} pending; entries: {total}"
        yield found(ADDS_UP, kept.customer_id, what)
    moved = sum(kept.account.get("totals", {}).values())
    if moved != total:
        yield found(ADDS_UP, kept.customer_id, f"the account's sums come to {moved}, its entries to {total}")
    numbers = [int(entry["sequence"]) for entry in kept.entries]
    if numbers != list(range(1, int(kept.account.get("entry_count", 0)) + 1)):
        count = kept.account.get("entry_count", 0)
        yield found(NUMBERED, kept.customer_id, f"entries {numbers}, the account counts {count}")
    for before, after in pairwise(kept.entries):
        if after["day"] < before["day"]:
            yield found(NUMBERED, kept.customer_id, f"{after['entry_id']} is of a day before the last one's")


def _lots_add_up(kept: Partition) -> Iterator[Finding]:
    """What is pending is what its entries credited and took back; and a lot holds no less than nothing."""
    told: defaultdict[str, int] = defaultdict(int)
    as_of = kept.account.get("as_of", date.min.isoformat())
    for entry in kept.entries:
        if lot := entry.get("lot"):
            ends = lot.get("expires_on", _NEVER)
            if lot["matures_on"] > as_of:
                told[f"{lot['matures_on']}|{ends}"] += int(entry["points"])
    pending = {lot: points for lot, points in kept.account.get("pending", {}).items() if points}
    if pending != {lot: points for lot, points in told.items() if points}:
        yield found(LOTS_ADD_UP, kept.customer_id, f"pending {pending}, entries {dict(told)}")
    amounts = [*kept.account.get("lots", {}).values(), *pending.values(), kept.account.get("used", 0)]
    if any(int(points) < 0 for points in amounts):
        yield found(LOTS_ADD_UP, kept.customer_id, f"a lot, or what was used, is below zero: {amounts}")


def _spent_what_was(kept: Partition, reserved_for: timedelta) -> Iterator[Finding]:
    """Spending alone never leaves less than nothing. What is taken back may, also of points that are on hold: a
    redemption is good where something was taken back in the time of its reservation.
    """
    spendable = 0
    taken_at: datetime | None = None
    pending: list[dict[str, Any]] = []
    for entry in kept.entries:
        pending.append(entry)
        spendable += sum(int(each["points"]) for each in pending if not _waits(each, entry["day"]))
        pending = [each for each in pending if _waits(each, entry["day"])]
        booked_at = instant(entry["booked_at"])
        if entry["kind"] != "redeemed":
            taken_at = booked_at if int(entry["points"]) < 0 else taken_at
        elif spendable < 0 and not (taken_at and booked_at - taken_at <= reserved_for):
            what = f"{entry['entry_id']}: {-entry['points']} points, and {-spendable} were not there"
            yield found(SPENT_WHAT_WAS, kept.customer_id, what, booked_at)


def _waits(entry: dict[str, Any], day: str) -> bool:
    return bool(entry.get("lot")) and entry["lot"]["matures_on"] > day


def _reservations(kept: Partition) -> Iterator[Finding]:
    spent: defaultdict[str, list[int]] = defaultdict(list)
    for entry in kept.entries:
        if entry["kind"] == "redeemed":
            spent[entry["redemption_id"]].append(-int(entry["points"]))
    for name in sorted(spent.keys() | kept.reservations.keys()):
        reservation = kept.reservations.get(name, {})
        wanted = [int(reservation["points"])] if reservation.get("state") == "committed" else []
        if spent[name] != wanted:
            what = f"{name} is {reservation.get('state', 'held')}, of {wanted} points; spent: {spent[name]}"
            yield found(RESERVED_ONCE, kept.customer_id, what)


def _orders_add_up(kept: Partition) -> Iterator[Finding]:
    for order_id, order in kept.orders.items():
        worth = sum(int(entry.get("worth", 0)) for entry in kept.of_order(order_id))
        lost = sum(
            int(entry.get(name, 0)) for entry in kept.of_order(order_id) for name in ("gone", "forgiven")
        )
        points = sum(int(entry["points"]) for entry in kept.of_order(order_id))
        if worth < 0 or points - lost != worth:
            what = f"{order_id}: worth {worth}, booked {points}, let off {lost}"
            yield found(ORDER_ADDS_UP, kept.customer_id, what)
        if worth != int(order.get("points_in_force", 0)):
            has = order.get("points_in_force", 0)
            yield found(ORDER_ADDS_UP, kept.customer_id, f"{order_id}: in force {has}, entries {worth}")
        if int(order.get("given_back", 0)) > int(order.get("spent", 0)):
            yield found(ORDER_ADDS_UP, kept.customer_id, f"{order_id}: more came back than was spent on it")
