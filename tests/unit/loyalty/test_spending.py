"""Points are reserved, committed or released; each as often as the shop asks, with the same answer."""

import pytest

from loyalty.records import ReservationState
from loyalty.spending import Refusal
from loyalty_facts import Book, plain_terms
from shop_facts import NOW, days, erased, hours, order_paid, order_refunded, registered, rupees

IN_TEN_DAYS = {"after": "10d", "counted_from": "earning", "ends_with": "day"}


@pytest.fixture
def book() -> Book:
    return Book(plain_terms()).tell(order_paid(amount=rupees(100)))


def test_reserved_points_cannot_be_reserved_again_and_are_the_customers_still(book: Book) -> None:
    assert book.reserve("r1", 80) is None
    assert (book.account.available, book.account.balance) == (20, 100)
    assert book.reserve("r2", 21) is Refusal.NOT_ENOUGH
    assert book.reserve("r2", 20) is None


def test_committed_points_are_spent_once(book: Book) -> None:
    book.reserve("r1", 80)
    assert [book.commit("r1"), book.commit("r1")] == [None, None]
    assert (book.standing, book.points("redeemed"), book.account.last_redemption) == (20, [-80], "r1")


def test_released_points_are_free_again_and_no_entry_tells_of_them(book: Book) -> None:
    book.reserve("r1", 80)
    assert [book.release("r1"), book.release("r1")] == [None, None]
    assert (book.account.available, len(book.entries)) == (100, 1)


def test_what_was_done_is_not_undone(book: Book) -> None:
    book.reserve("r1", 10)
    book.commit("r1")
    assert book.release("r1") is Refusal.COMMITTED
    assert book.reserve("r1", 10) is Refusal.COMMITTED
    book.reserve("r2", 10)
    book.release("r2")
    assert book.commit("r2") is Refusal.RELEASED
    assert book.reserve("r2", 10) is Refusal.RELEASED


def test_nobody_commits_or_releases_what_was_never_reserved(book: Book) -> None:
    assert book.commit("r1") is Refusal.UNKNOWN
    assert book.release("r1") is Refusal.UNKNOWN


def test_the_same_reservation_asked_for_again_is_the_same_and_lasts_no_longer(book: Book) -> None:
    book.reserve("r1", 80, "order-78")
    assert book.wait(hours(0.25)).reserve("r1", 80, "order-78") is None
    assert book.account.held["r1"].until == NOW + hours(0.5)
    assert book.reserve("r1", 79, "order-78") is Refusal.ANOTHER
    assert book.reserve("r1", 80, "order-79") is Refusal.ANOTHER


def test_a_reservation_ends_by_itself_and_may_begin_anew(book: Book) -> None:
    book.reserve("r1", 80)
    assert book.look(NOW + hours(0.5)).account.available == 100
    assert book.reserve("r1", 80) is None
    assert book.account.held["r1"].until == NOW + hours(1)
    assert (book.reservations["r1"].state, book.reservations["r1"].version) == (ReservationState.HELD, 2)


def test_one_that_ended_is_honoured_as_long_as_there_are_points_enough(book: Book) -> None:
    book.reserve("r1", 80)
    book.wait(hours(1)).reserve("r2", 80)
    assert book.commit("r1") is Refusal.NOT_ENOUGH
    book.release("r2")
    assert book.commit("r1") is None


def test_what_is_owed_cannot_be_spent(book: Book) -> None:
    book.spend(90).tell(order_refunded(amount=rupees(100)))
    assert book.account.available == -90
    assert book.reserve("r9", 1) is Refusal.NOT_ENOUGH


def test_a_reservation_is_kept_even_if_what_it_holds_is_taken_back_meanwhile(book: Book) -> None:
    book.reserve("r1", 80)
    book.tell(order_refunded(amount=rupees(100)))
    assert book.account.available == -80
    assert book.commit("r1") is None
    assert book.standing == -80


class TestPointsThatEndWhileTheyAreHeld:
    def held_over_the_end(self) -> Book:
        book = Book(plain_terms(expiry=IN_TEN_DAYS)).tell(order_paid(amount=rupees(100)))
        at = book.terms.days.begin((NOW + days(10)).date()) - hours(0.25)
        assert book.look(at).reserve("r1", 80) is None
        return book.look(at + hours(0.4))

    def test_they_are_spent_if_committed(self) -> None:
        book = self.held_over_the_end()
        assert book.commit("r1") is None
        assert (book.points(), book.standing) == ([100, -20, -80], 0)

    def test_they_expire_if_released(self) -> None:
        book = self.held_over_the_end()
        assert book.release("r1") is None
        assert (book.points(), book.standing) == ([100, -20, -80], 0)
        assert book.entries[-1].kind == "expired"

    def test_they_expire_if_the_reservation_ends_by_itself(self) -> None:
        book = self.held_over_the_end().wait(hours(1)).look()
        assert (book.points("expired"), book.standing) == ([-20, -80], 0)

    def test_they_expire_if_the_customer_is_forgotten(self) -> None:
        book = self.held_over_the_end()
        book.tell(erased(occurred_at=book.now))
        assert (book.points("expired"), book.standing, book.account.available) == ([-20, -80], 0, 0)


def test_whoever_was_forgotten_spends_nothing_and_what_was_held_has_ended(book: Book) -> None:
    book.reserve("r1", 80)
    book.tell(erased(occurred_at=NOW + hours(0.1)), at=NOW + hours(0.1))
    assert (book.standing, book.account.held) == (0, {})
    assert book.reserve("r2", 1) is Refusal.ERASED
    assert book.commit("r1") is Refusal.ERASED


def test_who_registers_again_spends_again(book: Book) -> None:
    book.tell(erased(occurred_at=NOW + hours(1)), at=NOW + hours(1))
    book.tell(registered(occurred_at=NOW + hours(2)), at=NOW + hours(2))
    assert book.reserve("r1", 25) is None
