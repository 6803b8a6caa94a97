"""When points end, which of them are spent first, and how often somebody is reminded."""

from datetime import UTC, date, datetime

import pytest

from engagement.events.orders import OrderPaid
from loyalty.due import next_due_at
from loyalty.entries import NEVER, EntryKind, Lot
from loyalty_facts import Book, plain_terms, planned
from shop_facts import NOW, days, order_paid, order_refunded, rupees

IN_TEN_DAYS = {"after": "10d", "counted_from": "earning", "ends_with": "day"}
WHEN_IDLE = {"after": "10d", "counted_from": "activity", "ends_with": "day"}


def paid(amount: int, day: int = 0) -> OrderPaid:
    return order_paid(f"order-{day}", amount=rupees(amount), occurred_at=NOW + days(day))


def test_points_last_to_the_end_of_the_day_before_they_end() -> None:
    book = Book(plain_terms(expiry=IN_TEN_DAYS)).tell(order_paid(amount=rupees(100)))
    # The 11th of March begins in India at 18:30 UTC on the 10th.
    assert book.look(NOW.replace(day=10, hour=18, minute=29)).standing == 100
    assert book.look(NOW.replace(day=10, hour=18, minute=30)).standing == 0
    assert book.points(EntryKind.EXPIRED) == [-100]


def test_points_that_end_with_a_month_last_to_the_end_of_it() -> None:
    book = Book(plain_terms(expiry=IN_TEN_DAYS | {"ends_with": "month"})).tell(order_paid(amount=rupees(100)))
    assert book.look(NOW.replace(day=31, hour=18)).standing == 100
    assert book.look(NOW.replace(day=31, hour=19)).standing == 0


@pytest.mark.parametrize(
    ("day", "ends_on"),
    [("2027-03-15", "2028-04-01"), ("2027-12-31", "2029-01-01"), ("2028-02-29", "2029-03-01")],
)
def test_a_year_from_the_day_they_matured_on_and_the_rest_of_the_month(day: str, ends_on: str) -> None:
    matures_on = date.fromisoformat(day)
    assert planned().lot_of(matures_on) == Lot(matures_on, date.fromisoformat(ends_on))


def test_without_expiry_points_never_end_and_nobody_has_to_look() -> None:
    book = Book(plain_terms()).tell(order_paid(amount=rupees(100)))
    assert list(book.account.lots) == [NEVER]
    assert next_due_at(book.account, NOW, book.terms) is None
    assert book.look(NOW + days(30_000)).standing == 100


def test_the_points_that_end_first_are_spent_first() -> None:
    book = Book(plain_terms(expiry=IN_TEN_DAYS)).tell(paid(100)).tell(paid(100, 5), at=NOW + days(5))
    book.spend(120)
    assert book.look(NOW + days(10)).points(EntryKind.EXPIRED) == []
    assert book.look(NOW + days(15)).points(EntryKind.EXPIRED) == [-80]


def test_what_is_taken_back_of_the_newer_points_leaves_the_older_ones_as_they_were() -> None:
    book = Book(plain_terms(expiry=IN_TEN_DAYS)).tell(paid(100)).tell(paid(100, 5), at=NOW + days(5))
    book.spend(120).tell(order_refunded("order-5", amount=rupees(50)))
    assert book.look(NOW + days(15)).points(EntryKind.EXPIRED) == [-30]


def test_new_points_first_make_up_for_what_is_missing_and_only_the_rest_ends() -> None:
    book = (
        Book(plain_terms(expiry=IN_TEN_DAYS)).tell(paid(100)).adjust(-150).tell(paid(80, 1), at=NOW + days(1))
    )
    assert book.account.available == 30
    assert book.look(NOW + days(11)).points(EntryKind.EXPIRED) == [-30]
    assert book.standing == 0


def test_what_is_owed_outlasts_the_points_that_it_was_owed_against() -> None:
    book = Book(plain_terms(expiry=IN_TEN_DAYS)).tell(paid(100)).adjust(-150)
    assert book.look(NOW + days(20)).standing == -50
    assert book.points(EntryKind.EXPIRED) == []


def test_an_order_told_after_its_points_ended_is_booked_and_expires_at_once() -> None:
    book = Book(plain_terms(expiry=IN_TEN_DAYS)).tell(paid(100), at=NOW + days(30))
    assert book.points() == [100, -100]


class TestActivity:
    def test_all_points_end_so_long_after_the_last_order(self) -> None:
        book = Book(plain_terms(expiry=WHEN_IDLE)).tell(paid(100)).tell(paid(50, 8), at=NOW + days(8))
        assert book.look(NOW + days(17)).standing == 150
        assert book.look(NOW + days(18)).points(EntryKind.EXPIRED) == [-150]

    def test_spending_some_keeps_the_rest(self) -> None:
        book = Book(plain_terms(expiry=WHEN_IDLE)).tell(paid(100)).wait(days(9)).spend(1)
        assert book.look(NOW + days(18)).standing == 99
        assert book.look(NOW + days(19)).standing == 0

    def test_an_order_told_late_counts_from_its_own_day(self) -> None:
        book = Book(plain_terms(expiry=WHEN_IDLE)).tell(paid(100)).tell(paid(50, 2), at=NOW + days(9))
        assert book.look(NOW + days(12)).standing == 0

    def test_points_credited_after_all_ended_are_new(self) -> None:
        book = Book(plain_terms(expiry=WHEN_IDLE)).tell(paid(100)).tell(paid(40, 20), at=NOW + days(20))
        assert book.standing == 40
        assert book.tell(order_refunded("order-20", amount=rupees(40))).standing == 0

    def test_what_is_pending_when_all_ends_is_not_over(self) -> None:
        terms = plain_terms(expiry=WHEN_IDLE | {"after": "3d"}, pending_for="14d")
        book = Book(terms).tell(paid(100)).look(NOW + days(13))
        assert (book.standing, book.points(EntryKind.EXPIRED)) == (100, [])


class TestReminders:
    def reminded(self, *, after: int, look_every: int = 1) -> list[str]:
        book = Book(planned()).tell(order_paid(amount=rupees(10_000)))
        for day in range(0, after, look_every):
            book.look(NOW + days(day))
        return [mail for mail in book.account.outbox if mail.startswith("mail:points_expiring")]

    def test_a_month_and_a_week_before_the_points_end(self) -> None:
        assert self.reminded(after=420) == [
            "mail:points_expiring:2028-04-01:30",
            "mail:points_expiring:2028-04-01:7",
        ]

    def test_at_ten_on_the_shops_clock(self) -> None:
        book = Book(planned()).tell(order_paid(amount=rupees(10_000))).look(NOW + days(35))
        due = next_due_at(book.account, book.now, book.terms)
        assert due == datetime(2028, 3, 2, 4, 30, tzinfo=UTC)

    def test_of_points_that_are_spent_nobody_is_reminded(self) -> None:
        book = Book(planned()).tell(order_paid(amount=rupees(10_000))).wait(days(20)).spend(100)
        book.look(NOW + days(420))
        assert not [mail for mail in book.account.outbox if mail.startswith("mail:points_expiring")]


def test_points_that_an_idle_customer_is_given_last_as_long_as_any() -> None:
    book = Book(plain_terms(expiry=WHEN_IDLE)).tell(paid(100)).look(NOW + days(20))
    assert book.adjust(50).standing == 50
    assert book.look(NOW + days(29)).standing == 50
    assert book.look(NOW + days(31)).standing == 0


def test_whoever_never_ordered_has_points_that_end_as_well() -> None:
    book = Book(plain_terms(expiry=WHEN_IDLE)).adjust(50)
    assert book.look(NOW + days(11)).standing == 0


def test_an_order_of_the_day_on_which_idle_points_ended_is_taken_back_like_any() -> None:
    book = Book(plain_terms(expiry=WHEN_IDLE)).tell(paid(100)).look(NOW + days(10))
    assert book.standing == 0
    book.tell(paid(50, day=10), at=NOW + days(10))
    book.tell(order_refunded("order-10", amount=rupees(50)), at=NOW + days(10))
    assert book.standing == 0
