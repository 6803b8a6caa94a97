"""An audit finds what does not add up, and says what it is."""

from dataclasses import replace

from ledger_in_memory import LedgerInMemory
from loyalty_accrual.auditing import audited
from loyalty_accrual.booking import PointsBooking
from loyalty_accrual.campaign import Earning
from loyalty_accrual.ledger import Account, Entry, Order
from recording_bus import RecordingBus
from shop_facts import NOW, order_paid, order_refunded, points_redeemed, rupees


def booked() -> tuple[Account, list[Entry], Order]:
    ledger = LedgerInMemory()
    earning = (Earning(currency="INR", points=1, for_each_minor=10_000),)
    booking = PointsBooking(ledger, RecordingBus(), earning, lambda _: None)
    for fact in (order_paid(), order_refunded(amount=rupees(300)), points_redeemed(points=2)):
        booking.apply(fact, NOW)
    return (
        ledger.account("cust-asha"),
        list(ledger.entries("cust-asha")),
        ledger.order("cust-asha", "order-77"),
    )


def test_what_was_booked_adds_up() -> None:
    account, entries, order = booked()
    audit = audited(account, entries, [order])
    assert audit.agrees
    assert audit.rebuilt == Account(balance=5, total_earned=7, entry_count=3)


def test_a_balance_that_somebody_changed_is_found() -> None:
    account, entries, order = booked()
    audit = audited(replace(account, balance=500), entries, [order])
    assert audit.differences == ("balance is 500, the entries say 5",)


def test_an_entry_that_is_missing_is_found() -> None:
    account, entries, order = booked()
    audit = audited(account, [entry for entry in entries if "refunded" not in entry.entry_id], [order])
    assert "entry_count is 3, the entries say 2" in audit.differences
    assert "order-77 has 7 points in force, its entries say 10" in audit.differences
    assert "order-77 has 30000 INR refunded, its entries say 0" in audit.differences


def test_an_order_whose_points_do_not_follow_from_its_rule_is_found() -> None:
    account, entries, order = booked()
    audit = audited(account, entries, [replace(order, paid=rupees(5000))])
    assert audit.differences == ("order-77 has 7 points in force, its rule says 47",)


def test_entries_without_their_order_are_found() -> None:
    account, entries, _ = booked()
    assert audited(account, entries, []).differences == ("order-77 has entries and no record",)
