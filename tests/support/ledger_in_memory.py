"""A ledger without a table, for the tests of booking; tests/dynamodb holds the real one to the same sentences."""

from collections.abc import Iterator
from dataclasses import replace

from loyalty_accrual.auditing import Audit, audited
from loyalty_accrual.ledger import Account, Entry, EntryKind, Order
from loyalty_accrual.table import Ledger


class LedgerInMemory(Ledger):
    """`lost_races`: how many of the next bookings somebody else is faster than."""

    def __init__(self) -> None:
        self.lost_races = 0
        self._entries: dict[tuple[str, str], Entry] = {}
        self._orders: dict[tuple[str, str], Order] = {}
        self._accounts: dict[str, Account] = {}

    def order(self, customer_id: str, order_id: str) -> Order:
        return self._orders.get((customer_id, order_id), Order(customer_id, order_id))

    def book(self, entry: Entry, order: Order | None = None) -> Entry | None:
        if earlier := self._entries.get((entry.customer_id, entry.entry_id)):
            return earlier
        if self.lost_races > 0:
            self.lost_races -= 1
            return None
        if order:
            if self.order(order.customer_id, order.order_id).version != order.version - 1:
                return None
            self._orders[order.customer_id, order.order_id] = order
        self._entries[entry.customer_id, entry.entry_id] = entry
        account = self.account(entry.customer_id)
        self._accounts[entry.customer_id] = replace(
            account,
            balance=account.balance + entry.points,
            total_earned=account.total_earned + (0 if entry.kind is EntryKind.REDEEMED else entry.points),
            entry_count=account.entry_count + 1,
        )
        return entry

    def entries(self, customer_id: str) -> Iterator[Entry]:
        return (self._entries[key] for key in sorted(self._entries) if key[0] == customer_id)

    def account(self, customer_id: str) -> Account:
        return self._accounts.get(customer_id, Account())

    def audit(self, customer_id: str) -> Audit:
        orders = [order for key, order in self._orders.items() if key[0] == customer_id]
        return audited(self.account(customer_id), list(self.entries(customer_id)), orders)
