"""Reviews' points on the real engine: once for each review, whoever books what at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from engagement.errors import RetryLaterError
from engagement.review_links import review_id_of
from ledger_in_memory import EARNING, TIERS
from loyalty_accrual.booking import LedgerFact, PointsBooking
from loyalty_accrual.ledger import Account, EntryKind, Review, Rule, RuleKind
from loyalty_accrual.table import Ledger
from recording_bus import RecordingBus
from shop_facts import NOW, hours, order_paid, review_published, review_rejected

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ASHA = "cust-asha"
REVIEW = review_id_of(ASHA, "assam-tea")


@pytest.fixture
def booking(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> PointsBooking:
    ledger = Ledger(dynamodb, dynamodb_table("LoyaltyTable"))
    return PointsBooking(ledger, RecordingBus(), EARNING, TIERS, lambda _: None, 20)


def decided(customer_id: str = ASHA) -> list[LedgerFact]:
    """Published, rejected, and published again."""
    about: list[dict[str, Any]] = [
        {"customer_id": customer_id, "revision": each, "occurred_at": NOW + hours(each)} for each in (1, 2, 3)
    ]
    return [review_published(**about[0]), review_rejected(**about[1]), review_published(**about[2])]


def test_a_review_and_its_entries_come_back_as_they_were_kept(booking: PointsBooking) -> None:
    assert booking.ledger.review(ASHA, REVIEW) == Review(ASHA, REVIEW)
    for fact in decided()[:2]:
        booking.apply(fact, NOW)
    assert booking.ledger.review(ASHA, REVIEW) == Review(
        ASHA, REVIEW, version=2, points=20, published=False, decided_at=NOW + hours(2), revision=2
    )
    published, rejected = booking.ledger.entries(ASHA)
    assert (published.kind, published.points, published.published) == (EntryKind.REVIEW_PUBLISHED, 20, True)
    assert (rejected.kind, rejected.points, rejected.published) == (EntryKind.REVIEW_REJECTED, -20, False)
    assert published.rule == rejected.rule == Rule(RuleKind.REVIEW, 20)
    assert (rejected.review_id, rejected.order_id) == (REVIEW, "order-77")


def test_decisions_come_to_the_same_in_every_order_and_twice(booking: PointsBooking) -> None:
    for number, order in enumerate(permutations(range(3))):
        customer = f"cust-{number}"
        for fact in [decided(customer)[each] for each in order] * 2:
            booking.apply(fact, NOW)
        assert booking.ledger.account(customer) == Account(balance=20, total_earned=20, entry_count=3), order
        assert booking.ledger.audit(customer).agrees


def test_workers_that_book_one_customers_reviews_and_orders_at_once_book_each_once(
    booking: PointsBooking,
) -> None:
    facts = [*decided(), order_paid(), review_published("clay-cups"), review_published("clay-cups")]

    def book(fact: LedgerFact) -> None:
        for _ in range(20):
            try:
                return booking.apply(fact, NOW)
            except RetryLaterError:  # the queue brings it again
                continue
        raise AssertionError("lost too many races")

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(book, facts * 2))
    assert booking.ledger.account(ASHA) == Account(balance=50, total_earned=50, entry_count=5)
    assert booking.ledger.audit(ASHA).agrees
