"""What the ledger's table gives back, on the real engine."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from ledger_house import ASHA, LedgerHouse
from loyalty.drafts import Draft
from loyalty.happenings import advanced
from shop_facts import (
    NOW,
    days,
    offer_redeemed,
    order_cancelled,
    order_paid,
    order_refunded,
    registered,
    review_published,
    rupees,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> LedgerHouse:
    return LedgerHouse(dynamodb, dynamodb_table("LoyaltyTable"))


def test_entries_come_in_the_order_in_which_they_were_booked(house: LedgerHouse) -> None:
    house.told(order_paid("order-9"), order_paid("order-1"), order_refunded("order-9", amount=rupees(200)))
    assert list(house.points()) == ["order-9:paid", "order-1:paid", "order-9:refunded:refund-1"]


def test_pages_show_every_entry_once_the_newest_first(house: LedgerHouse) -> None:
    house.told(*(order_paid(f"order-{number}") for number in range(7)))
    shown, before, pages = list[int](), None, 0
    while pages == 0 or before is not None:
        page, before = house.ledger.page(ASHA, before=before, limit=3)
        shown += [entry.sequence for entry in page]
        pages += 1
    assert shown == [7, 6, 5, 4, 3, 2, 1]
    assert pages == 3


def test_a_full_last_page_has_no_next_one(house: LedgerHouse) -> None:
    house.told(*(order_paid(f"order-{number}") for number in range(3)))
    assert house.ledger.page(ASHA, limit=3)[1] is None
    assert house.ledger.page("cust-nobody", limit=3) == ([], None)


def test_all_that_is_kept_of_a_customer_is_found_for_an_audit(house: LedgerHouse) -> None:
    house.told(registered(occurred_at=NOW), order_paid(), offer_redeemed(), review_published())
    assert house.reserve(5, "checkout-1", "order-77") is None
    records = house.ledger.records(ASHA)
    assert records.account == house.account()
    assert len(records.entries) == len(house.entries())
    assert [order.order_id for order in records.orders] == ["order-77"]
    assert (len(records.reviews), len(records.reservations)) == (1, 1)
    assert house.audit().differences == ()


def test_an_account_falls_due_when_something_is_and_not_before(house: LedgerHouse) -> None:
    house.told(order_paid(amount=rupees(60_000)))
    assert not list(house.ledger.due_work.due(NOW + days(13), 100))
    assert [each["customer_id"] for each in house.ledger.due_work.due(NOW + days(14), 100)] == [ASHA]


def test_an_account_that_somebody_else_wrote_to_is_not_written_over(house: LedgerHouse) -> None:
    house.told(order_paid())
    read = house.account()
    house.told(order_cancelled())
    draft = advanced(Draft.of(read), NOW + days(500), house.terms)
    assert draft.changed
    assert house.ledger.write(draft, due_at=None) is False
    assert house.ledger.clear_outbox(read, None) is False


def test_the_premise_of_a_mail_about_points_holds_until_some_are_spent(house: LedgerHouse) -> None:
    house.told(registered(occurred_at=NOW))
    assert house.ledger.premise(house.account()).still == {"last_redemption": None}
    house.reserve(5, "checkout-1")
    house.till.commit(ASHA, "checkout-1", NOW)
    assert house.ledger.premise(house.account()).still == {"last_redemption": "checkout-1"}
