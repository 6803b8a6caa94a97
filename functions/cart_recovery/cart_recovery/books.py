"""The books: accounts, orders and counters, which are written together or not at all."""

import random
from datetime import datetime
from typing import TYPE_CHECKING

from cart_recovery.accounts_table import Accounts
from cart_recovery.booking import Account, Booking
from cart_recovery.conditional_update import OvertakenError
from cart_recovery.counters_table import ExperimentCounters
from cart_recovery.orders_table import NudgedOrders
from cart_recovery.rules import Order
from engagement.races import codes_of_lost_race

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Books:
    """One function's books. It stays with a shard of the counters until another function writes there too: so each
    soon has one of its own.
    """

    def __init__(
        self, client: "DynamoDBClient", orders: NudgedOrders, accounts: Accounts, counters: ExperimentCounters
    ) -> None:
        self._client = client
        self.orders = orders
        self.accounts = accounts
        self.counters = counters
        self._shard = random.randrange(counters.shards)  # noqa: S311 - hides nothing

    def connected(self, customers: set[str]) -> tuple[list[Account], list[Order]]:
        """The accounts of these customers, and of all others that orders connect with them, opened; and the orders in
        the time of their nudges, each read when all of them were open. Whoever an order counts for and who has no
        account even now was forgotten. Raises OvertakenError and RetryLaterError.
        """
        accounts: list[Account] = []
        asked: set[str] = set()
        wanted = set(customers)
        orders: list[Order] = []
        while wanted - asked:
            opened = (self.accounts.open(customer_id) for customer_id in sorted(wanted - asked))
            accounts += [account for account in opened if account]
            asked |= wanted
            order_ids = {each for account in accounts for each in self.accounts.order_ids(account)}
            orders = self.orders.read(order_ids)
            wanted = {customer_id for order in orders for customer_id in order.customers}
        known = {account.customer_id for account in accounts}
        counted = {recovery.customer_id for order in orders for recovery in order.counted}
        if any(self.accounts.open(customer_id) for customer_id in sorted(counted - known)):
            raise OvertakenError("a customer was nudged meanwhile")
        return accounts, orders

    def follow(self, order: Order, expires_at: int) -> None:
        """Keep all that is known of the order until then: it lies in the time of a nudge."""
        assert order.placed_at, "it was found by when it was placed"
        for customer_id in order.customers:
            self.accounts.list_for_long(customer_id, order.order_id, order.placed_at, expires_at)
        self.orders.follow(order.order_id, expires_at)

    def forget(self, customer_id: str, until: datetime) -> None:
        """Delete what is known of a customer and of the orders that may be theirs, as of then (UTC); any number of
        times. What was counted of them stays counted: sums name nobody. Raises RetryLaterError.
        """
        # The orders first: their rows lead to them, should a worker be killed in between.
        for placed in self.accounts.orders_until(customer_id, until):
            self.orders.forget(placed.order_id)
            self.accounts.forget_order(customer_id, placed)
        self.accounts.forget_nudges(customer_id, until)

    def write(self, booking: Booking, forget: datetime) -> bool:
        """False: something changed since it was read, or others were writing. Raises RetryLaterError."""
        writes = [
            *(self.accounts.write(before, after, forget) for before, after in booking.accounts),
            *(self.orders.count(order_id, recoveries) for order_id, recoveries in booking.orders.items()),
            *(self.counters.write(self._shard, group, by) for group, by in booking.counts.items()),
        ]
        try:
            self._client.transact_write_items(TransactItems=writes)
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = codes_of_lost_race(
                cancelled.response["CancellationReasons"], refused_by="the books' tables"
            )
            if "TransactionConflict" in codes[len(writes) - len(booking.counts) :]:
                shards = self.counters.shards
                self._shard = (self._shard + random.randrange(1, shards)) % shards  # noqa: S311
            return False
        return True
