"""What an order earns: by which rate, for whose tier, of which money, on which day."""

from dataclasses import replace
from typing import Any, ClassVar

import pytest

from engagement.errors import MalformedMessageError
from engagement.events.benefits import Benefit
from engagement.events.offers import OfferReleased
from engagement.money import Money
from loyalty.entries import RuleKind
from loyalty_facts import Book, paid_line, paise, plain_terms, planned, sent_back, terms, tier_rules
from shop_facts import (
    NOW,
    days,
    dollars,
    hours,
    offer_redeemed,
    order_cancelled,
    order_paid,
    order_refunded,
    rupees,
)

ONE = {"currency": "INR", "points": 1, "for_each_minor": 10_000}
TWICE = {"name": "Holi", "first_day": "2027-03-02", "last_day": "2027-03-02", "times": "2x"}


def earned(fact: Any, **changes: Any) -> int:
    return Book(plain_terms(**changes)).tell(fact).standing


def test_fractions_are_dropped_once_from_the_sum_of_all_lines() -> None:
    lines = (paid_line("assam", 150), paid_line("nilgiri", 150), paid_line("oolong", 99))
    assert earned(order_paid(amount=rupees(399), lines=lines), earning=[ONE]) == 3


def test_an_order_of_nothing_earns_nothing_and_is_no_error() -> None:
    assert earned(order_paid(amount=rupees(0))) == 0
    assert earned(order_paid(amount=rupees(0), lines=(paid_line("sample", 0),))) == 0


def test_the_largest_amount_by_the_most_generous_rate_is_exact() -> None:
    fact = order_paid(amount=paise(10**15), lines=({"product_id": "gold", "amount": paise(10**15)},))
    generous = {
        "earning": [{"currency": "INR", "points": 1000, "for_each_minor": 1}],
        "multipliers": {"products": {"gold": "10x"}},
        "periods": [TWICE | {"first_day": "2027-03-01", "times": "10x"}],
    }
    assert earned(fact, **generous) == 10**20


def test_a_currency_without_a_rate_earns_nothing_and_the_ledger_says_so() -> None:
    book = Book(plain_terms()).tell(order_paid(amount=dollars(50)))
    assert (book.standing, book.entries[0].rule.kind) == (0, RuleKind.NO_EARNING)


def test_a_currencys_own_rate_is_used() -> None:
    rates = [ONE, {"currency": "JPY", "points": 2, "for_each_minor": 100}]
    assert earned(order_paid(amount=Money(amount_minor=999, currency="JPY")), earning=rates) == 19


def test_lines_that_say_more_than_was_paid_are_each_worth_less_in_proportion() -> None:
    lines = (paid_line("assam", 600, category="single_estate"), paid_line("nilgiri", 600))
    twice = {"categories": {"single_estate": "2x"}}
    assert earned(order_paid(amount=rupees(1000), lines=lines), multipliers=twice) == 500 * 2 + 500


def test_what_lines_leave_unsaid_is_money_for_nothing_in_particular_and_earns_once() -> None:
    twice = {"categories": {"single_estate": "2x"}}
    lines = (paid_line("assam", 600, category="single_estate"),)
    assert earned(order_paid(amount=rupees(1000), lines=lines), multipliers=twice) == 600 * 2 + 400


def test_a_products_own_multiplier_beats_its_categorys_even_if_it_is_less() -> None:
    multipliers = {"products": {"assam": "0.5x"}, "categories": {"single_estate": "2x"}}
    lines = (paid_line("assam", 100, category="single_estate"),)
    assert earned(order_paid(amount=rupees(100), lines=lines), multipliers=multipliers) == 50


def test_the_same_product_in_several_lines_is_one() -> None:
    lines = (paid_line("assam", 100), paid_line("assam", 200, quantity=2))
    book = Book(plain_terms()).tell(order_paid(amount=rupees(300), lines=lines))
    assert [(line.quantity, line.paid_minor) for line in book.orders["order-77"].lines] == [(3, 30_000)]


@pytest.mark.parametrize(
    ("at", "points"),
    [
        # In India the 2nd of March began at 18:30 UTC on the 1st, and ended so on the 2nd.
        ("2027-03-01T18:29:59Z", 100),
        ("2027-03-01T18:30:00Z", 200),
        ("2027-03-02T18:29:59Z", 200),
        ("2027-03-02T18:30:00Z", 100),
    ],
)
def test_a_period_is_of_the_shops_days(at: str, points: int) -> None:
    assert earned(order_paid(amount=rupees(100), occurred_at=at), periods=[TWICE]) == points


def test_of_several_periods_the_one_that_gives_most_counts() -> None:
    today = TWICE | {"first_day": "2027-03-01"}
    periods = [today, today | {"times": "3x", "products": ["assam"]}, today | {"times": "1.5x"}]
    lines = (paid_line("assam", 100), paid_line("nilgiri", 100))
    assert earned(order_paid(amount=rupees(200), lines=lines), periods=periods) == 300 + 200


def test_a_period_of_less_than_once_holds_where_no_other_does() -> None:
    half = TWICE | {"first_day": "2027-03-01", "times": "0.5x"}
    assert earned(order_paid(amount=rupees(100)), periods=[half]) == 50


def test_an_imported_order_earns_by_the_rate_alone() -> None:
    now = TWICE | {"first_day": "2027-03-01"}
    lines = (paid_line("assam", 100, category="single_estate"),)
    fact = order_paid(amount=rupees(100), lines=lines, imported=True)
    assert earned(fact, periods=[now], multipliers={"products": {"assam": "3x"}}) == 100


def test_an_order_earns_by_the_tier_that_the_customer_had_when_its_day_began() -> None:
    tiers = tier_rules((0, 100), (500, 200))
    book = Book(plain_terms(tiers=tiers)).tell(order_paid("order-1", amount=rupees(500)))
    assert book.account.tier == "silver"
    same_day = order_paid("order-2", amount=rupees(100), occurred_at=NOW + hours(2))
    next_day = order_paid("order-3", amount=rupees(100), occurred_at=NOW + days(1))
    assert book.tell(same_day, at=NOW + hours(2)).orders["order-2"].points_in_force == 100
    assert book.tell(next_day, at=NOW + days(1)).orders["order-3"].points_in_force == 200


def test_an_order_told_late_earns_by_the_tier_of_its_own_day() -> None:
    tiers = tier_rules((0, 100), (500, 200))
    book = Book(plain_terms(tiers=tiers)).tell(order_paid("order-1", amount=rupees(500)))
    late = order_paid("order-2", amount=rupees(100), occurred_at=NOW - days(2))
    assert book.tell(late, at=NOW + days(3)).orders["order-2"].points_in_force == 100


def test_nothing_earns_while_loyalty_is_switched_off() -> None:
    book = Book(replace(plain_terms(), earns=False)).tell(order_paid())
    assert (book.standing, book.entries[0].rule.kind) == (0, RuleKind.NO_EARNING)


class TestTax:
    ON_GOODS: ClassVar = {"earn_on": {"tax": False, "shipping": False}}

    def test_tax_told_by_line_is_taken_from_its_line(self) -> None:
        lines = (paid_line("assam", 100, tax=rupees(5)), paid_line("nilgiri", 100))
        twice = {"multipliers": {"products": {"assam": "2x"}}}
        fact = order_paid(amount=rupees(200), lines=lines, tax=rupees(5))
        assert earned(fact, **self.ON_GOODS, **twice) == 95 * 2 + 100

    def test_tax_told_by_order_is_everybodys_in_proportion(self) -> None:
        lines = (paid_line("assam", 100), paid_line("nilgiri", 300))
        twice = {"multipliers": {"products": {"assam": "2x"}}}
        fact = order_paid(amount=rupees(400), lines=lines, tax=rupees(40))
        assert earned(fact, **self.ON_GOODS, **twice) == 90 * 2 + 270

    def test_tax_told_by_order_is_of_what_was_paid_even_if_the_lines_say_more(self) -> None:
        fact = order_paid(amount=rupees(1000), lines=(paid_line("assam", 1200),), tax=rupees(100))
        assert earned(fact, **self.ON_GOODS) == 900

    def test_tax_beyond_the_price_leaves_nothing_and_not_less(self) -> None:
        lines = (paid_line("assam", 100, tax=rupees(150)), paid_line("nilgiri", 100))
        assert earned(order_paid(amount=rupees(200), lines=lines), **self.ON_GOODS) == 100
        assert earned(order_paid(amount=rupees(100), tax=rupees(101)), **self.ON_GOODS) == 0

    def test_a_refund_takes_tax_back_in_proportion(self) -> None:
        book = Book(plain_terms(**self.ON_GOODS))
        book.tell(order_paid(amount=rupees(118), tax=rupees(18)), order_refunded(amount=rupees(59)))
        assert book.points() == [100, -50]


class TestShipping:
    EARNS: ClassVar = {"earn_on": {"tax": True, "shipping": True}}

    def test_sending_earns_where_the_plan_says_so_once_and_by_the_tier(self) -> None:
        fact = order_paid(amount=rupees(100), shipping=rupees(50))
        assert earned(fact) == 100
        assert earned(fact, **self.EARNS) == 150

    def test_sending_that_was_paid_back_does_not(self) -> None:
        book = Book(plain_terms(**self.EARNS)).tell(order_paid(amount=rupees(100), shipping=rupees(50)))
        book.tell(order_refunded(refund_id="r1", amount=rupees(100), shipping=rupees(20)))
        assert book.standing == 30
        book.tell(order_refunded(refund_id="r2", amount=rupees(0), shipping=rupees(500)))
        assert book.standing == 0


class TestOffers:
    def test_an_offers_points_come_with_its_orders_payment_whichever_is_told_first(self) -> None:
        offer, paid = offer_redeemed(benefit=Benefit(points=200)), order_paid(amount=rupees(100))
        assert Book(plain_terms()).tell(offer).standing == 0
        assert Book(plain_terms()).tell(offer, paid).standing == 300
        assert Book(plain_terms()).tell(paid, offer).standing == 300

    def test_they_stay_with_a_refund_of_a_part_and_go_with_the_whole(self) -> None:
        book = Book(plain_terms()).tell(order_paid(amount=rupees(100)), offer_redeemed())
        assert book.tell(order_refunded(refund_id="r1", amount=rupees(99))).standing == 201
        assert book.tell(order_refunded(refund_id="r2", amount=rupees(1))).standing == 0

    def test_they_count_in_a_currency_without_a_rate_too_but_not_for_what_cost_nothing(self) -> None:
        assert Book(plain_terms()).tell(order_paid(amount=dollars(1)), offer_redeemed()).standing == 200
        assert Book(plain_terms()).tell(order_paid(amount=rupees(0)), offer_redeemed()).standing == 0

    def test_a_code_that_one_order_gave_back_gives_its_points_to_the_next(self) -> None:
        offer = offer_redeemed(order_id="order-78")
        released = OfferReleased.model_validate(offer.model_dump() | {"event_id": "evt-released"})
        book = Book(plain_terms()).tell(order_paid("order-78"), offer, released)
        assert book.tell(order_paid(), offer_redeemed()).standing == 1000 + 1000 + 200

    def test_a_cancelled_order_has_none(self) -> None:
        assert Book(plain_terms()).tell(order_paid(), offer_redeemed(), order_cancelled()).standing == 0


def test_a_refund_in_another_currency_is_refused() -> None:
    book = Book(plain_terms()).tell(order_paid())
    with pytest.raises(MalformedMessageError, match="paid in INR, not USD"):
        book.tell(order_refunded(amount=dollars(1)))


def test_a_refund_in_another_currency_before_its_order_never_counts_nor_do_its_lines() -> None:
    lines = ({"product_id": "assam", "amount": dollars(60)},)
    book = Book(plain_terms()).tell(order_refunded(amount=dollars(60), lines=lines))
    book.tell(order_paid(amount=rupees(100), lines=(paid_line("assam", 100),)))
    assert book.standing == 100
    assert book.tell(order_refunded(refund_id="refund-2", amount=rupees(100))).standing == 0


def test_a_refund_may_name_what_the_order_has_not() -> None:
    book = Book(plain_terms()).tell(order_paid(amount=rupees(100), lines=(paid_line("assam", 100),)))
    book.tell(order_refunded(amount=rupees(40), lines=(sent_back("tea-cup", amount=40),)))
    assert book.standing == 60


def test_what_is_sent_back_earns_nothing_though_the_shop_keeps_a_fee_for_restocking_it() -> None:
    book = Book(plain_terms()).tell(
        order_paid(amount=rupees(100), lines=(paid_line("assam", 100, quantity=2),))
    )
    assert book.tell(order_refunded(amount=rupees(40), lines=(sent_back("assam"),))).standing == 50


def test_what_a_refunds_line_tells_to_have_been_paid_back_is_what_counts() -> None:
    book = Book(plain_terms()).tell(
        order_paid(amount=rupees(100), lines=(paid_line("assam", 100, quantity=2),))
    )
    assert book.tell(order_refunded(amount=rupees(40), lines=(sent_back("assam", amount=40),))).standing == 60


def test_the_plans_own_terms_hold() -> None:
    """₹1,180 with ₹180 of tax, half of it of a single estate: ₹1,000 at a point for ₹100, half of it twice."""
    lines = (paid_line("assam", 590, category="single_estate"), paid_line("blend", 590))
    fact = order_paid(amount=rupees(1180), lines=lines, tax=rupees(180))
    book = Book(planned()).tell(fact)
    assert (book.account.pending_points, book.account.available) == (15, 0)
    assert book.look(NOW + days(14)).account.available == 15


def test_terms_of_another_plan_have_another_version() -> None:
    assert terms().version == planned().version != terms(below_zero=False).version
