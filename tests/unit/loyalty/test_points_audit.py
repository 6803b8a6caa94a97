"""An audit finds what does not add up, and says what it is."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engagement.review_links import review_id_of
from loyalty.auditing import audited
from loyalty.entries import EntryKind, Lot, Movement, OrderLine
from loyalty.records import Records, TierHeld
from loyalty_books import TERMS, Books
from shop_facts import (
    NOW,
    a_paid_line,
    a_refunded_line,
    days,
    dollars,
    erased,
    hours,
    offer_redeemed,
    order_cancelled,
    order_paid,
    order_refunded,
    referral_completed,
    registered,
    review_published,
    review_rejected,
    rupees,
)

CUPS = review_id_of("cust-asha", "clay-cups")
YEARS = days(365 * 4)


def a_year_of_everything() -> Books:
    """Every kind of entry, of points that were pending, spent, on hold, taken back when they were gone, and expired."""
    books = Books().told_of_customers(registered(birthday="1990-06-20"), referral_completed())
    tea, cups = a_paid_line("Assam tea", rupees(60_000)), a_paid_line("Clay cups", rupees(39_999))
    books.told(offer_redeemed(), order_paid(amount=rupees(100_000), lines=(tea, cups), tax=rupees(5_000)))
    books.told(order_refunded(amount=rupees(999), lines=(a_refunded_line("Clay cups", rupees(999)),)))
    books.told(order_refunded("order-78", amount=rupees(50)), order_paid("order-78", amount=rupees(9_999)))
    books.told_of_reviews(review_rejected(revision=2), review_published("clay-cups"))
    later = NOW + days(20)
    books.adjusted(70, now=later).adjusted(-30, now=later)
    books.reserved("basket-1", 150, now=later, order_id="order-78").committed("basket-1", now=later)
    books.reserved("basket-2", 40, now=later).released("basket-2", now=later + hours(1))
    books.told(order_cancelled("order-78", occurred_at=later), now=later)
    books.told_of_reviews(review_rejected("clay-cups", occurred_at=later), now=later)
    books.told(order_refunded(amount=rupees(20_000), refund_id="refund-2"), now=later)
    return books.after(NOW + YEARS).told(
        order_refunded(amount=rupees(30_000), refund_id="refund-3"), now=NOW + YEARS
    )


def points_spent_on_an_order() -> Books:
    """Of 400 points 250 paid for order-78, of which half came back; 30 more are on hold."""
    books = Books().told(order_paid(amount=rupees(40_000))).after(NOW + days(20))
    at = NOW + days(20)
    books.reserved("basket-1", 250, at, order_id="order-78").committed("basket-1", at)
    books.told(order_paid("order-78", amount=rupees(8_000), occurred_at=at), now=at)
    books.told(order_refunded("order-78", amount=rupees(4_000)), now=at)
    return books.reserved("basket-2", 30, at)


def found(records: Records) -> tuple[str, ...]:
    return audited(records, TERMS.tiers).differences


def test_what_was_booked_adds_up_in_every_kind_of_entry() -> None:
    books = a_year_of_everything()
    kinds = {entry.kind for entry in books.entries}
    unheard = {EntryKind.OFFER_RELEASED, EntryKind.BIRTHDAY}
    assert kinds == set(EntryKind) - unheard
    assert books.differences == ()


def test_the_account_is_refolded_from_its_entries_alone() -> None:
    books = points_spent_on_an_order()
    audit = audited(books.records, TERMS.tiers)
    assert audit.agrees
    assert (audit.refolded.balance, audit.refolded.pending_points) == (275, 40)
    assert audit.refolded.totals == {
        Movement.EARNED: 480,
        Movement.TAKEN_BACK: -40,
        Movement.REDEEMED: -250,
        Movement.GIVEN_BACK: 125,
    }


def test_a_customer_of_whom_nothing_was_ever_booked_adds_up() -> None:
    assert Books().differences == ()
    assert Books().told_of_customers(erased()).differences == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lots": {date(2028, 4, 1): 900}}, "lots is 2028-04-01: 900, its entries say 2028-04-01: 525"),
        ({"pending": {}}, "pending is nothing, its entries say 2027-04-04 to 2028-05-01: 40"),
        ({"used": 0}, "used is 0, its entries say 280"),
        ({"used": -1}, "has used -1 points, less than none"),
        ({"entry_count": 9}, "entry_count is 9, its entries say 5"),
        (
            {"totals": {Movement.EARNED: 480}},
            "totals is earned: 480, its entries say ",
        ),
        ({"qualifying": {}}, "qualifying is nothing, its entries say 2027-03-15: "),
        ({"lapsed": {date(2027, 3, 5): 7}}, "lapsed is 2027-03-05: 7, its entries say nothing"),
        ({"last_redemption": "basket-9"}, "last_redemption is basket-9, its entries say basket-1"),
        (
            {"tiers": (TierHeld("gold", NOW),)},
            "tiers is gold since 2027-03-01 12:00:00+00:00, its entries say none",
        ),
        ({"period_from": date(2027, 3, 1)}, "period_from is 2027-03-01, its entries say None"),
        ({"emptied_on": date(2027, 3, 1)}, "emptied_on is 2027-03-01, its entries say None"),
        ({"as_of": date(2027, 3, 2)}, "as_of is 2027-03-02, its entries say 2027-03-21"),
        ({"outbox": ("entry:order-9:paid",)}, "is to tell of order-9:paid, which is no entry"),
    ],
)
def test_an_account_that_somebody_changed_is_found(changes: dict[str, Any], said: str) -> None:
    records = points_spent_on_an_order().records
    differences = found(replace(records, account=replace(records.account, **changes)))
    assert any(said in difference for difference in differences), differences


def test_points_that_nobody_booked_are_found_by_the_sum() -> None:
    records = points_spent_on_an_order().records
    account = replace(records.account, lots={date(2028, 4, 1): 1525})
    assert "the account has 1275 points and 40 pending, its entries add up to 315" in found(
        replace(records, account=account)
    )


def test_an_entry_that_is_missing_is_found() -> None:
    records = points_spent_on_an_order().records
    without = tuple(entry for entry in records.entries if entry.kind is not EntryKind.REFUNDED)
    differences = found(replace(records, entries=without))
    assert "entry 5 follows entry 3" in differences
    assert "order order-78 has refunded INR: 400000, its entries say nothing" in differences
    assert "order order-78 has 40 points in force, its entries say 80" in differences


def test_an_entry_that_was_booked_twice_is_found() -> None:
    records = points_spent_on_an_order().records
    again = replace(records.entries[0], sequence=6, entry_id="order-77:paid-again")
    differences = found(replace(records, entries=(*records.entries, again)))
    assert "the account's entry_count is 5, its entries say 6" in differences
    assert "order-77:paid-again is of 2027-03-01, and follows one of 2027-03-21" in differences
    assert "order-77:paid-again is worth 400 by its money, its rule says 0" in differences


@pytest.mark.parametrize(
    ("order_id", "changes", "said"),
    [
        ("order-77", {"paid": rupees(80_000)}, "has paid 8000000 INR, its entries say 4000000 INR"),
        ("order-77", {"points_in_force": 800}, "has 800 points in force, its rule says 400"),
        ("order-77", {"spend_in_force": 1}, "has a spend of 1 in force, its rule says 4000000"),
        ("order-77", {"lot": Lot(date(2027, 3, 1))}, "has not the lot of its entries"),
        ("order-77", {"cancelled": True}, "has cancelled True, its entries say False"),
        ("order-77", {"lines": (OrderLine("tea", 1, 100),)}, "has lines "),
        ("order-78", {"refunded": {}}, "has refunded nothing, its entries say INR: 400000"),
        ("order-78", {"spent": 100}, "was paid with 100 points, its entries say 250"),
        ("order-78", {"given_back": 250}, "gave 250 points back, its entries say 125"),
        ("order-78", {"given_back": 251}, "gave more points back than paid for it"),
        ("order-78", {"offers": {"ACDEFGHJKM": 200}}, "has an offer ACDEFGHJKM in its record alone"),
    ],
)
def test_an_order_whose_record_is_not_what_its_entries_say_is_found(
    order_id: str, changes: dict[str, Any], said: str
) -> None:
    books = points_spent_on_an_order()
    books.orders[order_id] = replace(books.orders[order_id], **changes)
    assert any(f"order {order_id} {said}" in difference for difference in books.differences), (
        books.differences
    )


def test_an_order_that_was_booked_by_another_rule_than_its_own_is_found() -> None:
    books = Books().told(order_paid())
    books.entries[0] = replace(books.entries[0], worth=20, points=20)
    assert "order-77:paid is worth 20 by its money, its rule says 10" in books.differences


def test_taking_back_more_than_was_earned_is_found() -> None:
    books = Books().told(order_paid(), order_refunded())
    books.entries[1] = replace(books.entries[1], points=-12)
    assert "order order-77 earned 10 points, and 12 were taken back" in books.differences
    assert "order-77:refunded:refund-1 is worth -10, and moves -12 points" in books.differences


def test_what_expired_before_it_was_taken_back_is_no_difference() -> None:
    late = NOW + YEARS
    books = Books().told(order_paid()).after(late).told(order_refunded(), now=late)
    assert (books.entries[-1].gone, books.entries[-1].points) == (10, 0)
    assert books.differences == ()


def test_sending_that_came_back_in_another_currency_than_the_goods_counts_for_neither() -> None:
    paid = order_paid(shipping=rupees(90))
    books = Books().told(order_refunded(amount=rupees(300), shipping=dollars(1)), paid)
    assert books.orders["order-77"].refunded_shipping == {}
    assert books.differences == ()


@pytest.mark.parametrize("early", [True, False], ids=["told before the order", "told after it"])
def test_an_orders_offers_are_audited_whenever_they_were_told(early: bool) -> None:
    paid, redeemed = order_paid(), offer_redeemed()
    books = Books().told(redeemed, paid) if early else Books().told(paid, redeemed)
    books.told(order_cancelled())
    assert books.differences == ()
    books.orders["order-77"] = replace(books.orders["order-77"], cancelled=False)
    assert "order order-77 has 200 points of offers in force, its entries say 0" in books.differences


def test_a_record_that_lost_its_offers_is_found() -> None:
    books = Books().told(order_paid(), offer_redeemed())
    books.orders["order-77"] = replace(books.orders["order-77"], offers={})
    assert books.differences == (
        "order order-77 has an offer ACDEFGHJKM in its entries alone",
        "order order-77 has 0 points of offers in force, its entries say 200",
        "order order-77 has 210 points in force, its rule says 10",
    )


def test_entries_without_their_order_or_review_are_found() -> None:
    books = Books().told(order_paid()).told_of_reviews(review_published("clay-cups"))
    books.orders, books.reviews = {}, {}
    assert books.differences == (
        "order order-77 has entries and no record",
        f"review {CUPS} has entries and no record",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"published": False}, "has published False, its entries say True"),
        ({"points_in_force": 0}, "has 0 points in force, its entries say 20"),
        ({"revision": 7}, "has revision 7, its entries say 3"),
        ({"decided_at": NOW}, "has decided_at 2027-03-01 12:00:00+00:00, its entries say 2027-03-01 14:00"),
        ({"lot": Lot(date(2027, 1, 1))}, "has not the lot of its entries"),
        ({"rule": None}, "has rule None, its entries say Rule"),
    ],
)
def test_a_review_whose_record_is_not_what_its_entries_say_is_found(
    changes: dict[str, Any], said: str
) -> None:
    books = Books().told_of_reviews(
        review_rejected("clay-cups", occurred_at=NOW + hours(1), revision=2),
        review_published("clay-cups", occurred_at=NOW, revision=1),
        review_published("clay-cups", occurred_at=NOW + hours(2), revision=3),
    )
    assert not books.differences
    books.reviews[CUPS] = replace(books.reviews[CUPS], **changes)
    differences = found(books.records)
    assert any(f"review {CUPS} {said}" in difference for difference in differences), differences
