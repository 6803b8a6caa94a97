"""The ledger on the real engine: once each, all or nothing, and the same sum whoever books at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from conflicting_client import Conflicting
from engagement.errors import RetryLaterError
from engagement.events.benefits import Benefit
from engagement.money import Money
from engagement.races import PAUSES
from ledger_in_memory import TIERS, offer_given_back
from loyalty_accrual.booking import LedgerFact, PointsBooking
from loyalty_accrual.campaign import Earning
from loyalty_accrual.ledger import Account, EntryKind, Order, Rule, RuleKind
from loyalty_accrual.rules import tier_of
from loyalty_accrual.table import Ledger
from recording_bus import RecordingBus
from shop_facts import NOW, days, offer_redeemed, order_paid, order_refunded, points_redeemed, rupees
from shops_year import a_shops_year, plain_balances

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ASHA = "cust-asha"
EARNING = (
    Earning(currency="INR", points=1, for_each_minor=10_000),
    Earning(currency="USD", points=3, for_each_minor=250),
)
RATES = {one.currency: (one.points, one.for_each_minor) for one in EARNING}


class Loyalty:
    """The capability on a table of its own."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self.client = client
        self.table = table
        self.ledger = Ledger(client, table)
        self.bus = RecordingBus()
        self.pauses: list[float] = []
        self.booking = PointsBooking(self.ledger, self.bus, EARNING, TIERS, self.pauses.append, 20)

    def told(self, *facts: LedgerFact) -> "Loyalty":
        for fact in facts:
            self.booking.apply(fact, NOW)
        return self


@pytest.fixture
def loyalty(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> Loyalty:
    return Loyalty(dynamodb, dynamodb_table("LoyaltyTable"))


def test_an_entry_comes_back_as_it_was_booked(loyalty: Loyalty) -> None:
    loyalty.told(order_paid(amount=rupees(1999), event_id="evt-1", occurred_at=NOW - days(1)))
    (entry,) = loyalty.ledger.entries(ASHA)
    assert (entry.entry_id, entry.kind, entry.points) == ("order-77:paid", EntryKind.PAID, 19)
    assert entry.rule == Rule(RuleKind.EARNING, 1, 10_000, "INR")
    assert (entry.amount, entry.paid_minor, entry.refunded_minor) == (rupees(1999), 199_900, 0)
    assert (entry.event_id, entry.occurred_at, entry.booked_at) == ("evt-1", NOW - days(1), NOW)


def test_an_order_comes_back_as_it_was_kept(loyalty: Loyalty) -> None:
    assert loyalty.ledger.order(ASHA, "order-77") == Order(ASHA, "order-77")
    loyalty.told(order_refunded(amount=rupees(300)), order_paid(imported=True))
    assert loyalty.ledger.order(ASHA, "order-77") == Order(
        ASHA,
        "order-77",
        version=2,
        paid=rupees(1000),
        rule=Rule(RuleKind.EARNING, 1, 10_000, "INR"),
        refunded={"INR": 30_000},
        points_in_force=7,
        imported=True,
    )


def test_an_offers_points_come_back_as_they_were_booked_with_their_order(loyalty: Loyalty) -> None:
    loyalty.told(offer_redeemed("ONE"), offer_redeemed("TWO"), offer_given_back("TWO"), order_paid())
    assert loyalty.ledger.order(ASHA, "order-77").offers == {"ONE": 200, "TWO": 0}
    entries = {entry.entry_id: entry for entry in loyalty.ledger.entries(ASHA)}
    given_back, paid = entries["order-77:offer_released:TWO"], entries["order-77:paid"]
    assert (given_back.kind, given_back.points, given_back.code) == (EntryKind.OFFER_RELEASED, 0, "TWO")
    assert (paid.points, paid.offered, paid.offers, paid.code) == (210, 200, {"ONE": 200, "TWO": 0}, None)
    assert loyalty.ledger.account(ASHA) == Account(balance=210, total_earned=210, entry_count=4)
    assert loyalty.ledger.audit(ASHA).agrees


def test_an_order_its_offer_and_the_offers_return_come_to_the_same_in_every_order(loyalty: Loyalty) -> None:
    for number, sequence in enumerate(permutations(["paid", "redeemed", "given back"])):
        customer = f"cust-{number}"
        facts: dict[str, LedgerFact] = {
            "paid": order_paid(customer_id=customer),
            "redeemed": offer_redeemed("ACDE", customer_id=customer),
            "given back": offer_given_back("ACDE", customer_id=customer),
        }
        told = [facts[name] for name in sequence]
        loyalty.told(offer_redeemed("KEPT", customer_id=customer), *told, *told)
        expected = Account(balance=210, total_earned=210, entry_count=4)
        assert loyalty.ledger.account(customer) == expected, sequence
        assert loyalty.ledger.audit(customer).agrees


def test_a_customer_of_whom_nothing_is_known_holds_nothing(loyalty: Loyalty) -> None:
    assert loyalty.ledger.account("cust-new") == Account()
    assert loyalty.ledger.balance("cust-new") == 0
    assert list(loyalty.ledger.entries("cust-new")) == []
    assert loyalty.ledger.audit("cust-new").agrees


def test_the_same_fact_again_writes_nothing_and_is_told_again(loyalty: Loyalty) -> None:
    loyalty.told(order_paid(), order_refunded(amount=rupees(300)), points_redeemed(points=2))
    records = everything(loyalty)
    loyalty.told(order_paid(), order_refunded(amount=rupees(300)), points_redeemed(points=2))
    assert everything(loyalty) == records
    assert loyalty.bus.told[:2] == loyalty.bus.told[2:]


def test_a_payment_its_refunds_and_their_repetition_come_to_the_same_in_every_order(loyalty: Loyalty) -> None:
    for number, sequence in enumerate(permutations(["paid", "first", "second", "again"])):
        customer = f"cust-{number}"
        facts: dict[str, LedgerFact] = {
            "paid": order_paid(customer_id=customer, amount=rupees(1999)),
            "first": order_refunded(customer_id=customer, refund_id="refund-1", amount=rupees(99)),
            "second": order_refunded(customer_id=customer, refund_id="refund-2", amount=rupees(250)),
            "again": order_refunded(customer_id=customer, refund_id="refund-2", amount=rupees(250)),
        }
        loyalty.told(*(facts[name] for name in sequence))
        assert loyalty.ledger.account(customer) == Account(balance=16, total_earned=16, entry_count=3), (
            sequence
        )
        assert loyalty.ledger.audit(customer).agrees


def test_of_twenty_tellings_at_once_one_is_booked(loyalty: Loyalty) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: loyalty.booking.apply(order_paid(), NOW), range(20)))
    assert loyalty.ledger.account(ASHA) == Account(balance=10, total_earned=10, entry_count=1)


def test_twenty_bookers_with_every_fifth_fact_twice_come_to_what_plain_arithmetic_says(
    loyalty: Loyalty,
) -> None:
    random = Random(2027)
    facts = a_shops_year(random, orders=90)
    told = facts + random.sample(facts, len(facts) // 5)
    random.shuffle(told)

    def tell(fact: LedgerFact) -> None:
        # As the queue does: what is to be retried comes again.
        for _ in range(50):
            try:
                loyalty.booking.apply(fact, NOW)
            except RetryLaterError:
                continue
            return
        pytest.fail(f"never booked: {fact}")

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(tell, told))

    expected = plain_balances(facts, RATES)
    assert len(told) > 250
    assert {customer: loyalty.ledger.balance(customer) for customer in expected} == expected
    for customer in expected:
        audit = loyalty.ledger.audit(customer)
        assert audit.agrees, audit.differences
    booked = sum(loyalty.ledger.account(customer).entry_count for customer in expected)
    assert booked == len(facts)
    assert any(entry.offered < 0 for customer in expected for entry in loyalty.ledger.entries(customer))
    for customer, balance in expected.items():
        standing = loyalty.ledger.standing(customer)
        assert (standing.tier or "bronze", standing.told) == (tier_of(balance, TIERS).name, True)


def test_a_conflict_is_run_again_and_books_once(loyalty: Loyalty) -> None:
    conflicting = Conflicting(loyalty.client, conflicts=3)
    loyalty.booking = PointsBooking(
        Ledger(conflicting.client, loyalty.table), loyalty.bus, EARNING, TIERS, loyalty.pauses.append, 20
    )
    loyalty.told(order_paid())
    assert loyalty.pauses == list(PAUSES[:3])
    assert loyalty.ledger.account(ASHA) == Account(balance=10, total_earned=10, entry_count=1)


def test_where_conflicts_do_not_end_the_queue_tries_later_and_nothing_is_half_booked(
    loyalty: Loyalty,
) -> None:
    conflicting = Conflicting(loyalty.client, conflicts=99)
    booking = PointsBooking(
        Ledger(conflicting.client, loyalty.table), loyalty.bus, EARNING, TIERS, lambda _: None, 20
    )
    with pytest.raises(RetryLaterError, match="at the same time"):
        booking.apply(order_paid(), NOW)
    assert everything(loyalty) == []
    assert loyalty.bus.told == []


def test_a_table_that_throttles_is_left_to_the_queue_at_once(loyalty: Loyalty) -> None:
    throttled = Conflicting(loyalty.client, conflicts=1, code="ThrottlingError")
    booking = PointsBooking(
        Ledger(throttled.client, loyalty.table), loyalty.bus, EARNING, TIERS, loyalty.pauses.append, 20
    )
    with pytest.raises(RetryLaterError, match="ThrottlingError"):
        booking.apply(order_paid(), NOW)
    assert loyalty.pauses == []


def test_an_order_that_changed_between_the_read_and_the_booking_is_read_again(loyalty: Loyalty) -> None:
    loyalty.told(order_paid())
    racing = Racing(loyalty)
    PointsBooking(racing, loyalty.bus, EARNING, TIERS, lambda _: None, 20).apply(
        order_refunded(refund_id="refund-2", amount=rupees(200)), NOW
    )
    assert racing.reads == 2
    assert loyalty.ledger.balance(ASHA) == 5
    assert loyalty.ledger.audit(ASHA).agrees


def test_what_was_booked_and_not_told_is_told_when_the_fact_comes_again(loyalty: Loyalty) -> None:
    loyalty.bus.refusals = 1
    with pytest.raises(RetryLaterError):
        loyalty.told(order_paid())
    assert loyalty.ledger.balance(ASHA) == 10
    loyalty.told(order_paid())
    assert loyalty.ledger.balance(ASHA) == 10
    assert len(loyalty.bus.told) == 1


def test_a_ledger_of_many_pages_is_read_whole(loyalty: Loyalty) -> None:
    loyalty.told(*(order_paid(f"order-{number:03}", amount=rupees(100)) for number in range(25)))
    small_pages = Ledger(loyalty.client, loyalty.table, page_size=5)
    assert [entry.order_id for entry in small_pages.entries(ASHA)] == [f"order-{n:03}" for n in range(25)]
    assert small_pages.audit(ASHA).agrees


def test_an_audit_finds_a_balance_that_somebody_changed(loyalty: Loyalty) -> None:
    loyalty.told(order_paid())
    loyalty.client.update_item(
        TableName=loyalty.table,
        Key={"customer_id": {"S": ASHA}, "record_id": {"S": "account"}},
        UpdateExpression="ADD balance :gift",
        ExpressionAttributeValues={":gift": {"N": "1000"}},
    )
    assert loyalty.ledger.audit(ASHA).differences == ("balance is 1010, the entries say 10",)


def test_the_largest_amount_of_money_with_the_largest_offers_is_counted_to_the_last_point(
    loyalty: Loyalty,
) -> None:
    generous = (Earning(currency="INR", points=1000, for_each_minor=1),)
    loyalty.booking = PointsBooking(loyalty.ledger, loyalty.bus, generous, TIERS, lambda _: None, 20)
    offers = (offer_redeemed(f"CODE{n}", benefit=Benefit(points=10**9)) for n in range(10))
    loyalty.told(*offers, order_paid(amount=Money(amount_minor=10**15, currency="INR")))
    assert loyalty.ledger.balance(ASHA) == 10**18 + 10**10
    assert [type(news).__name__ for news in loyalty.bus.told] == ["PointsEarned", "TierChanged"]


def everything(loyalty: Loyalty) -> list[dict[str, Any]]:
    return loyalty.client.scan(TableName=loyalty.table, ConsistentRead=True)["Items"]


class Racing(Ledger):
    """Between its first read and the booking somebody else books a refund of the same order."""

    def __init__(self, loyalty: Loyalty) -> None:
        super().__init__(loyalty.client, loyalty.table)
        self._loyalty = loyalty
        self.reads = 0

    def order(self, customer_id: str, order_id: str) -> Order:
        order = super().order(customer_id, order_id)
        self.reads += 1
        if self.reads == 1:
            self._loyalty.told(order_refunded(refund_id="refund-1", amount=rupees(300)))
        return order
