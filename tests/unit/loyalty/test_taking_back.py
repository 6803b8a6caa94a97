"""What refunds and cancellations take back, whenever they are told and whatever became of the points meanwhile."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.events.benefits import Benefit
from engagement.events.offers import OfferReleased
from loyalty_facts import Book, paid_line, paise, plain_terms, planned, sent_back
from points_chances import stories_of_an_order
from points_yardstick import Spent
from shop_facts import (
    NOW,
    days,
    erased,
    offer_redeemed,
    order_cancelled,
    order_paid,
    order_refunded,
    review_published,
    review_rejected,
    rupees,
)

ONE_FOR_A_HUNDRED = {"earning": [{"currency": "INR", "points": 1, "for_each_minor": 10_000}]}
IN_TEN_DAYS = {"expiry": {"after": "10d", "counted_from": "earning", "ends_with": "day"}}


def refund(number: int, amount: int, **changes: Any) -> Any:
    return order_refunded(refund_id=f"refund-{number}", amount=paise(amount), **changes)


def test_a_refund_takes_back_what_its_lines_had_earned() -> None:
    lines = (paid_line("assam", 100, category="single_estate"), paid_line("nilgiri", 300))
    book = Book(plain_terms(multipliers={"categories": {"single_estate": "3x"}}))
    book.tell(order_paid(amount=rupees(400), lines=lines))
    book.tell(order_refunded(amount=rupees(100), lines=(sent_back("assam", amount=100),)))
    assert book.points() == [600, -300]


def test_a_refund_within_what_earned_nothing_takes_nothing_back() -> None:
    book = Book(plain_terms(**ONE_FOR_A_HUNDRED)).tell(order_paid(amount=rupees(1999)), refund(1, 99_00))
    assert book.standing == 19
    assert book.tell(refund(2, 1_00)).standing == 18


@given(st.lists(st.integers(0, 60_000), min_size=1, max_size=6), st.integers(0, 100_000))
def test_partial_refunds_take_back_what_one_of_their_sum_would(amounts: list[int], paid: int) -> None:
    terms = plain_terms(**ONE_FOR_A_HUNDRED)
    order = order_paid(amount=paise(paid))
    parts = Book(terms).tell(order, *(refund(number, amount) for number, amount in enumerate(amounts)))
    whole = Book(terms).tell(order, refund(1, sum(amounts)))
    assert parts.standing == whole.standing >= 0


def test_refunds_of_everything_and_more_take_back_everything_and_no_more() -> None:
    book = Book(plain_terms()).tell(order_paid(amount=rupees(100)))
    book.tell(refund(1, 70_00), refund(2, 70_00), refund(3, 70_00), order_cancelled())
    assert book.points() == [100, -70, -30, 0, 0]


def test_the_pieces_of_a_line_can_be_sent_back_one_by_one_and_none_twice() -> None:
    book = Book(plain_terms()).tell(
        order_paid(amount=rupees(90), lines=(paid_line("assam", 90, quantity=3),))
    )
    for number in range(4):
        book.tell(refund(number, 30_00, lines=(sent_back("assam"),)))
    assert book.points() == [90, -30, -30, -30, 0]


@given(st.data(), stories_of_an_order())
def test_the_facts_of_an_order_come_to_the_same_in_any_order(data: Any, told: list[Any]) -> None:
    terms, again = plain_terms(**ONE_FOR_A_HUNDRED), data.draw(st.permutations(told))
    one, other = (Book(terms).tell(*each) for each in (told, again))
    order, same = (
        replace(book.orders["order-77"], offers=dict(sorted(book.orders["order-77"].offers.items())))
        for book in (one, other)
    )
    assert order == same
    assert one.standing == other.standing


_STORIES = st.tuples(*(stories_of_an_order(order_id) for order_id in ("order-77", "order-78", "order-79")))


@given(st.data(), _STORIES)
def test_so_do_those_of_many_orders_within_the_return_window(data: Any, stories: Any) -> None:
    terms, told = plain_terms(pending_for="14d"), [fact for story in stories for fact in story]
    one, other = Book(terms), Book(terms)
    for day, fact in enumerate(told):
        one.tell(fact, at=NOW + days(day / 4))
    for day, fact in enumerate(data.draw(st.permutations(told))):
        other.tell(fact, at=NOW + days(day / 4))
    late = NOW + days(30)
    assert one.look(late).account.available == other.look(late).account.available
    assert sorted(one.account.qualifying.items()) == sorted(other.account.qualifying.items())


def test_what_is_told_twice_counts_once() -> None:
    facts = [
        order_paid(amount=rupees(100)),
        refund(1, 40_00),
        order_refunded(refund_id="refund-1", amount=rupees(50)),
    ]
    assert Book(plain_terms()).tell(*facts, *facts).points() == [100, -40]


@pytest.mark.parametrize("told", list(permutations(range(3))))
def test_an_order_called_off_is_worth_nothing_whenever_that_is_told(told: tuple[int, ...]) -> None:
    facts = [order_paid(amount=rupees(100)), order_cancelled(), refund(1, 50_00)]
    assert Book(plain_terms()).tell(*(facts[number] for number in told)).standing == 0


def test_an_offer_that_was_given_back_never_counts_again() -> None:
    offer = offer_redeemed(benefit=Benefit(points=70))
    released = OfferReleased.model_validate(offer.model_dump() | {"event_id": "evt-released"})
    facts: Any
    for facts in permutations([order_paid(amount=rupees(100)), offer, released]):
        assert Book(plain_terms()).tell(*facts).standing == 100


def test_points_are_taken_back_by_the_rule_they_were_earned_by_whatever_the_plan_says_now() -> None:
    book = Book(plain_terms()).tell(order_paid(amount=rupees(100)))
    book.terms = plain_terms(earning=[{"currency": "INR", "points": 7, "for_each_minor": 100}])
    assert book.tell(refund(1, 50_00)).points() == [100, -50]
    book.terms = replace(plain_terms(earning=[]), earns=False)
    assert book.tell(refund(2, 50_00)).standing == 0


def test_a_review_loses_what_it_was_first_published_for() -> None:
    book = Book(plain_terms()).tell(review_published(revision=1))
    book.terms = replace(book.terms, points_for_a_review=50)
    book.tell(review_rejected(revision=2, occurred_at=NOW + days(1)))
    book.tell(review_published(revision=3, occurred_at=NOW + days(2)))
    assert book.points() == [20, -20, 20]


def test_of_two_decisions_about_a_review_the_later_one_counts_whichever_is_told_last() -> None:
    shown = review_published(revision=1)
    not_shown = review_rejected(revision=2, occurred_at=NOW + days(1))
    assert Book(plain_terms()).tell(shown, not_shown).standing == 0
    assert Book(plain_terms()).tell(not_shown, shown).points() == [0, 0]


class TestLate:
    def test_a_refund_before_the_points_mature_is_of_what_is_pending(self) -> None:
        book = Book(plain_terms(pending_for="14d")).tell(order_paid(amount=rupees(100)))
        book.tell(refund(1, 40_00), at=NOW + days(3))
        assert (book.account.pending_points, book.account.available) == (60, 0)
        assert book.look(NOW + days(14)).account.available == 60

    def test_a_refund_after_they_ended_takes_nothing_more(self) -> None:
        book = Book(plain_terms(**IN_TEN_DAYS)).tell(order_paid(amount=rupees(100)))
        book.look(NOW + days(10)).tell(refund(1, 60_00))
        assert book.points() == [100, -100, 0]
        assert book.entries[-1].gone == 60

    def test_what_had_been_spent_of_points_that_ended_is_missing(self) -> None:
        book = Book(plain_terms(**IN_TEN_DAYS)).tell(order_paid(amount=rupees(100))).spend(80)
        book.look(NOW + days(10)).tell(refund(1, 100_00))
        assert book.points() == [100, -80, -20, -80]
        assert book.account.available == -80

    def test_or_is_let_off_where_the_plan_says_so(self) -> None:
        book = (
            Book(plain_terms(below_zero=False, **IN_TEN_DAYS)).tell(order_paid(amount=rupees(100))).spend(80)
        )
        book.look(NOW + days(10)).tell(refund(1, 100_00))
        assert (book.points(), book.entries[-1].forgiven) == ([100, -80, -20, 0], 80)

    def test_a_refund_after_spending_leaves_less_than_nothing_and_new_points_make_that_up(self) -> None:
        book = Book(plain_terms()).tell(order_paid(amount=rupees(100))).spend(90)
        assert book.tell(refund(1, 50_00)).account.available == -40
        assert book.tell(order_paid("order-78", amount=rupees(100))).account.available == 60

    def test_where_nobody_falls_below_zero_what_is_missing_is_let_off_for_good(self) -> None:
        book = Book(plain_terms(below_zero=False)).tell(order_paid(amount=rupees(100))).spend(90)
        assert book.tell(refund(1, 50_00)).account.available == 0
        assert (book.entries[-1].points, book.entries[-1].forgiven) == (-10, 40)
        assert book.tell(order_paid("order-78", amount=rupees(100))).account.available == 100

    @pytest.mark.parametrize("told_on", [2, 20])
    @pytest.mark.parametrize("plan", [{}, {"pending_for": "14d"}, {"pending_for": "14d"} | IN_TEN_DAYS])
    def test_a_refund_after_the_customer_was_forgotten_takes_nothing_more(
        self, told_on: int, plan: dict[str, Any]
    ) -> None:
        book = Book(plain_terms(**plan)).tell(order_paid(amount=rupees(100)))
        book.tell(erased(occurred_at=NOW + days(1)), at=NOW + days(1))
        assert book.standing == 0
        book.tell(refund(1, 100_00), at=NOW + days(told_on))
        assert (book.standing, book.entries[-1].gone) == (0, 100)

    def test_nor_does_one_after_all_points_of_an_idle_customer_ended(self) -> None:
        idle = {"after": "10d", "counted_from": "activity", "ends_with": "day"}
        book = Book(plain_terms(expiry=idle)).tell(order_paid(amount=rupees(100)))
        book.tell(refund(1, 100_00), at=NOW + days(11))
        assert (book.points(), book.standing) == ([100, -100, 0], 0)


class TestPointsThatPaid:
    def test_they_come_back_in_proportion_and_once(self) -> None:
        book = Book(plain_terms()).adjust(100).tell(order_paid(amount=rupees(300))).spend(100, "order-77")
        book.tell(refund(1, 100_00), refund(2, 100_00), refund(3, 100_00), order_cancelled())
        assert book.points("given_back") == [33, 33, 34]

    def test_they_come_back_with_a_cancellation_even_of_an_order_that_was_never_paid(self) -> None:
        book = Book(plain_terms()).adjust(100).spend(60, "order-77").tell(order_cancelled())
        assert book.points("given_back") == [60]

    def test_they_come_back_at_once_if_they_are_spent_for_an_order_that_is_called_off_already(self) -> None:
        book = Book(plain_terms()).adjust(100).tell(order_cancelled()).spend(60, "order-77")
        assert book.points("redeemed", "given_back") == [-60, 60]

    def test_of_an_order_that_cost_no_money_they_come_back_by_the_piece(self) -> None:
        lines = (paid_line("assam", 0, quantity=2), paid_line("nilgiri", 0, quantity=1))
        book = (
            Book(plain_terms())
            .adjust(100)
            .tell(order_paid(amount=rupees(0), lines=lines))
            .spend(90, "order-77")
        )
        book.tell(refund(1, 0, lines=(sent_back("assam"),)))
        assert book.points("given_back") == [30]

    def test_so_they_do_where_the_shop_tells_that_no_money_went_back(self) -> None:
        lines = (paid_line("assam", 0, quantity=2),)
        book = (
            Book(plain_terms())
            .adjust(100)
            .tell(order_paid(amount=rupees(0), lines=lines))
            .spend(90, "order-77")
        )
        book.tell(refund(1, 0, lines=(sent_back("assam", quantity=2, amount=0),)))
        assert book.points("given_back") == [90]

    def test_they_are_new_points_that_last_as_long_as_any(self) -> None:
        book = (
            Book(plain_terms(**IN_TEN_DAYS))
            .adjust(100)
            .tell(order_paid(amount=rupees(100)))
            .spend(100, "order-77")
        )
        book.tell(refund(1, 100_00), at=NOW + days(9))
        assert book.look(NOW + days(18)).standing == 100
        assert book.look(NOW + days(19)).standing == 0

    @given(stories_of_an_order(spent=True))
    def test_never_more_comes_back_than_was_spent(self, told: list[Any]) -> None:
        book = Book(plain_terms()).adjust(1000)
        for fact in told:
            _ = book.spend(fact.points, fact.order_id) if isinstance(fact, Spent) else book.tell(fact)
        spent = sum(fact.points for fact in told if isinstance(fact, Spent))
        assert 0 <= sum(book.points("given_back")) == book.orders["order-77"].given_back <= spent


def test_an_amount_beyond_all_others_is_taken_back_to_the_last_point() -> None:
    book = Book(planned()).tell(order_paid(amount=paise(10**15)))
    assert book.standing == 10**11
    assert book.tell(refund(1, 10**15 - 1)).standing == 0


@pytest.mark.parametrize("first", ["order-1", "order-2"])
def test_whoever_buys_with_the_points_of_an_order_and_sends_back_both_has_earned_nothing(first: str) -> None:
    """Though what is missing is let off: what comes back makes up for it."""
    terms = plain_terms(below_zero=False, bonuses={"birthday_unchanged_for": "30d"})
    book = Book(terms).tell(order_paid("order-1", amount=rupees(100)))
    book.spend(100, "order-2").tell(order_paid("order-2", amount=paise(50)))
    second = {"order-1": "order-2", "order-2": "order-1"}[first]
    for number, order_id in enumerate((first, second)):
        paid = book.orders[order_id].paid
        book.tell(order_refunded(order_id, refund_id=f"refund-{number}", amount=paid))
    assert book.standing == 0
