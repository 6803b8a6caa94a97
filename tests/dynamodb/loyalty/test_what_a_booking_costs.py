"""Calls and units of the real engine for each kind of fact. The README says the same numbers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
import pytest

from engine_meter import Meter
from ledger_house import ASHA, LedgerHouse
from loyalty.outbox import without
from loyalty_facts import paid_line
from shop_facts import NOW, days, order_paid, order_refunded, registered, review_published, rupees

if TYPE_CHECKING:
    from dynamodb_local import DynamoDBLocal

A_YEARS_ORDERS = 12


class Cost(NamedTuple):
    """Calls by their names, and the engine's units. It does not count what the index of entries takes besides."""

    calls: dict[str, int]
    reads: int
    writes: int


class Costs:
    """A house whose engine says what it was asked."""

    def __init__(self, engine: "DynamoDBLocal", table: str) -> None:
        self.client = boto3.client("dynamodb", endpoint_url=engine.endpoint)
        self.house = LedgerHouse(self.client, table)
        for number in range(A_YEARS_ORDERS):
            at = NOW - days(30 * (A_YEARS_ORDERS - number))
            self.house.told(order_paid(f"order-{number}", occurred_at=at), now=at)
        self.house.told(registered(birthday="1990-05-01", occurred_at=NOW))
        self._account_with_nothing_due()
        self.meter = Meter()
        self.meter.watch(self.client)

    def _account_with_nothing_due(self) -> None:
        account = self.house.account()
        self.house.ledger.clear_outbox(without(account, account.outbox), None)

    def of(self, act: Callable[[LedgerHouse], Any]) -> Cost:
        self.meter.requests.clear()
        self.meter.half_reads.clear()
        self.meter.half_writes.clear()
        act(self.house)
        meter = self.meter
        halves = meter.half_reads.total(), meter.half_writes.total()
        return Cost(dict(meter.requests), halves[0] // 2, halves[1] // 2)


@pytest.fixture
def costs(dynamodb_engine: "DynamoDBLocal", dynamodb_table: Callable[[str], str]) -> Costs:
    return Costs(dynamodb_engine, dynamodb_table("LoyaltyTable"))


def _an_order(number: int = 77) -> Any:
    lines = (paid_line("assam-tea", 900, category="tea"), paid_line("chai-glass", 600, quantity=2))
    return order_paid(f"order-{number}", amount=rupees(1500), lines=lines, occurred_at=NOW)


ONE_READ, ONE_TRANSACTION = {"BatchGetItem": 1}, {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_a_paid_order_costs_one_read_and_one_transaction(costs: Costs) -> None:
    """Read: the account, the entry and the order that are not there yet. Written: all three, at twice the units."""
    assert costs.of(lambda house: house.told(_an_order())) == Cost(ONE_TRANSACTION, reads=3, writes=6)


def test_a_fact_that_was_booked_already_costs_one_read(costs: Costs) -> None:
    costs.house.told(_an_order())
    assert costs.of(lambda house: house.told(_an_order())).calls == ONE_READ


def test_a_refund_and_a_review_cost_as_much(costs: Costs) -> None:
    costs.house.told(_an_order())
    refund = order_refunded(amount=rupees(500), occurred_at=NOW)
    assert costs.of(lambda house: house.told(refund)).calls == ONE_TRANSACTION
    assert costs.of(lambda house: house.told(review_published())).calls == ONE_TRANSACTION


def test_a_customer_updated_whose_birthday_is_as_it_was_costs_a_read_and_a_write(costs: Costs) -> None:
    again = registered(birthday="1990-05-01", occurred_at=NOW + days(1))
    assert costs.of(lambda house: house.told(again)).calls == {"BatchGetItem": 1, "PutItem": 1}


def test_points_are_reserved_by_one_read_and_one_transaction(costs: Costs) -> None:
    assert costs.of(lambda house: house.reserve(5, "checkout-1")).calls == ONE_TRANSACTION
    assert costs.of(lambda house: house.reserve(5, "checkout-1")).calls == ONE_READ


def test_a_statement_costs_two_reads(costs: Costs) -> None:
    def shown(house: LedgerHouse) -> None:
        house.ledger.account(ASHA)
        house.ledger.page(ASHA, limit=10)

    assert costs.of(shown).calls == {"GetItem": 1, "Query": 1}
