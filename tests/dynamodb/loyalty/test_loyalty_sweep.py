"""The loyalty sweep on the real engine: what it costs, and many workers at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from engagement.due_work import LEASE
from engagement.errors import RetryLaterError
from engagement.events.loyalty import TierChanged
from loyalty_house import TABLES, LoyaltyHouse
from shop_facts import a_profile, days, order_paid, rupees

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The beginning of the day, at the shop, on which the points of an order of 1 March are hers.
MATURE = datetime(2027, 3, 14, 18, 30, tzinfo=UTC)
SILVER = rupees(60_000)


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> LoyaltyHouse:
    return LoyaltyHouse(dynamodb, {name: dynamodb_table(name) for name in TABLES})


def with_customers(house: LoyaltyHouse, number: int, *, of_silver: int) -> list[str]:
    """So many customers with an order, of which that of some makes them silver as soon as it counts."""
    customers = [f"cust-{each}" for each in range(number)]
    for each, customer_id in enumerate(customers):
        house.knows(a_profile(customer_id))
        amount = SILVER if each < of_silver else rupees(1000)
        house.told(order_paid(f"order-{customer_id}", customer_id=customer_id, amount=amount))
    return customers[:of_silver]


def test_a_sweep_costs_what_is_due_and_not_what_is_kept(house: LoyaltyHouse) -> None:
    with_customers(house, 30, of_silver=3)
    assert house.sweep(MATURE) == 3
    each = ("update_item", "get_item", "transact_write_items", "publish", "batch_get_item", "put", "put_item")
    assert Counter(house.calls) == {"query": 4, **dict.fromkeys(each, 3)}
    assert house.sweep(MATURE) == 0
    assert Counter(house.calls) == {"query": 4}


def test_of_sweeps_at_one_time_one_takes_each_account(house: LoyaltyHouse) -> None:
    silver = with_customers(house, 12, of_silver=12)
    with ThreadPoolExecutor(4) as pool:
        mails = list(pool.map(house.loyalty_sweep.sweep, [MATURE] * 4))
    assert sum(mails) == 12
    assert Counter(mail.customer_id for mail in house.mails) == Counter(silver)


def test_bookings_beside_sweeps_lose_nothing_and_mail_nobody_under_two_keys(house: LoyaltyHouse) -> None:
    silver = with_customers(house, 12, of_silver=12)
    facts = [
        order_paid(f"order-{number}-{customer_id}", customer_id=customer_id, occurred_at=MATURE)
        for number in range(3)
        for customer_id in silver
    ]

    def book(number: int) -> None:
        for attempt in range(5):
            try:
                house.told(facts[number], at=MATURE)
            except RetryLaterError:
                assert attempt < 4
            else:
                return

    with ThreadPoolExecutor(6) as pool:
        sweeps = [pool.submit(house.loyalty_sweep.sweep, MATURE) for _ in range(6)]
        list(pool.map(book, range(len(facts))))
        assert sum(each.result() for each in sweeps) <= len(silver)
    for later in (LEASE, 2 * LEASE, days(1)):
        house.sweep(MATURE + later)
    assert {mail.customer_id for mail in house.mails} == set(silver)
    assert len({mail.send_key for mail in house.mails}) == len(silver)
    assert len(house.heard(TierChanged)) == len(silver)
    for customer_id in silver:
        account = house.ledger.account(customer_id)
        entries = list(house.ledger.entries(customer_id))
        # Whoever is silver already earns 12 for such an order.
        assert account.pending_points == sum(entry.points for entry in entries[1:]) == 36
        assert not account.outbox
