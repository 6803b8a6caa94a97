"""After an import, what the ledger says of every order is compared with the file, and the books are audited."""

from dataclasses import dataclass, replace

import pytest

from engagement.events.orders import OrderPaid
from engagement.money import Money
from engagement.plan import engagement_plan
from loyalty.records import Records
from loyalty_books import Books
from rishta_cli.points import plain_points, point_differences
from shop_facts import (
    NOW,
    a_paid_line,
    days,
    offer_redeemed,
    order_cancelled,
    order_paid,
    order_refunded,
    rupees,
)

EARNING = engagement_plan().campaign("loyalty").settings["earning"]


@dataclass(frozen=True)
class Kept:
    books: Books

    def records(self, customer_id: str) -> Records:
        assert customer_id == "cust-asha"
        return self.books.records


def imported(order_id: str = "order-77", paid: Money | None = None, years_ago: int = 2) -> OrderPaid:
    amount, then = paid or rupees(1999), NOW - days(365 * years_ago)
    return order_paid(order_id, amount=amount, imported=True, occurred_at=then)


def differences(books: Books, *orders: OrderPaid) -> list[str]:
    return list(point_differences(Kept(books), "cust-asha", orders, EARNING))


@pytest.mark.parametrize(
    ("paid", "points"),
    [
        (rupees(1999), 19),
        (Money(amount_minor=9_999, currency="INR"), 0),
        (Money(amount_minor=250, currency="USD"), 2),
        (Money(amount_minor=10_000, currency="CHF"), 0),
    ],
)
def test_the_plain_rate_counts_and_fractions_are_dropped(paid: Money, points: int) -> None:
    order = imported(paid=paid)
    assert plain_points(order, EARNING) == points
    assert differences(Books().told(order), order) == []


def test_a_rate_of_several_points_drops_the_fraction_last() -> None:
    rate = {"currency": "INR", "points": 3, "for_each_minor": 10_000}
    assert plain_points(imported(), [rate]) == 59


def test_an_order_that_was_not_booked_is_found() -> None:
    assert differences(Books(), imported()) == ["cust-asha: order-77 is not booked"]


def test_an_order_that_earned_something_else_is_found() -> None:
    books = Books().told(imported())
    assert differences(books, imported(paid=rupees(3000))) == [
        "cust-asha: order-77 earned 19 points, the file says 30"
    ]


def test_an_order_that_earned_by_more_than_the_plain_rate_is_found() -> None:
    """As an order of today would: its category counts twice."""
    line = a_paid_line(amount=rupees(1999), category="single_estate")
    books = Books().told(order_paid(amount=rupees(1999), lines=(line,)))
    assert differences(books, imported()) == ["cust-asha: order-77 earned 39 points, the file says 19"]


def test_books_that_do_not_add_up_are_found_whatever_the_file_says() -> None:
    books = Books().told(imported())
    books.account = replace(books.account, used=7)
    assert "cust-asha: the account's used is 7, its entries say 0" in differences(books, imported())


def test_what_the_file_does_not_know_of_is_left_out() -> None:
    early, order = order_refunded(amount=rupees(500)), imported()
    assert differences(Books().told(early, order), order) == []
    assert differences(Books().told(order_cancelled(), order), order) == []
    assert differences(Books().told(offer_redeemed(), order, early), order) == []
    other = order_paid("order-78", amount=rupees(5_000))
    assert differences(Books().told(order, other), order) == []
