"""An audit finds what does not add up, and says what it is."""

from dataclasses import replace

from ledger_in_memory import Loyalty
from loyalty_accrual.auditing import audited
from loyalty_accrual.ledger import Account, Entry, Order
from shop_facts import offer_redeemed, order_paid, order_refunded, points_redeemed, rupees


def booked() -> tuple[Account, list[Entry], Order]:
    facts = (order_paid(), order_refunded(amount=rupees(300)), points_redeemed(points=2), offer_redeemed())
    ledger = Loyalty().told(*facts).ledger
    return (
        ledger.account("cust-asha"),
        list(ledger.entries("cust-asha")),
        ledger.order("cust-asha", "order-77"),
    )


def test_what_was_booked_adds_up() -> None:
    account, entries, order = booked()
    audit = audited(account, entries, [order], [])
    assert audit.agrees
    assert audit.rebuilt == Account(balance=205, total_earned=207, entry_count=4)


def test_a_balance_that_somebody_changed_is_found() -> None:
    account, entries, order = booked()
    audit = audited(replace(account, balance=500), entries, [order], [])
    assert audit.differences == ("balance is 500, the entries say 205",)


def test_an_entry_that_is_missing_is_found() -> None:
    account, entries, order = booked()
    audit = audited(account, [entry for entry in entries if "refunded" not in entry.entry_id], [order], [])
    assert "entry_count is 4, the entries say 3" in audit.differences
    assert "order-77 has 207 points in force, its entries say 210" in audit.differences
    assert "order-77 has 30000 INR refunded, its entries say 0" in audit.differences


def test_an_order_whose_points_do_not_follow_from_its_rule_is_found() -> None:
    account, entries, order = booked()
    audit = audited(account, entries, [replace(order, paid=rupees(5000))], [])
    assert audit.differences == ("order-77 has 207 points in force, its rule says 247",)


def test_an_offer_whose_entry_is_missing_is_found() -> None:
    account, entries, order = booked()
    audit = audited(account, [entry for entry in entries if entry.code is None], [order], [])
    assert "order-77 has 200 points of the offer ACDEFGHJKM, its entries say None" in audit.differences
    assert "order-77 has 200 points of offers in force, its entries say 0" in audit.differences


def test_an_offer_that_was_given_back_and_still_counts_is_found() -> None:
    account, entries, order = booked()
    audit = audited(account, entries, [replace(order, offers={"ACDEFGHJKM": 0}, points_in_force=7)], [])
    assert audit.differences == (
        "order-77 has 7 points in force, its entries say 207",
        "order-77 has 0 points of the offer ACDEFGHJKM, its entries say 200",
        "order-77 has 0 points of offers in force, its entries say 200",
    )


def test_a_record_that_lost_its_offers_is_found() -> None:
    account, entries, order = booked()
    audit = audited(account, entries, [replace(order, offers={})], [])
    assert "order-77 has None points of the offer ACDEFGHJKM, its entries say 200" in audit.differences
    assert "order-77 has 207 points in force, its rule says 7" in audit.differences


def test_entries_without_their_order_are_found() -> None:
    account, entries, _ = booked()
    assert audited(account, entries, [], []).differences == ("order-77 has entries and no record",)
