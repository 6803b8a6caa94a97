"""When a customer has another tier: up at once, down at the end of a period and its grace."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engagement.plan_sections import TierRules
from loyalty.due import next_due_at
from loyalty.tiers import progress, tier_at
from loyalty_facts import Book, plain_terms, planned, tier_rules
from shop_facts import (
    NOW,
    days,
    dollars,
    erased,
    hours,
    order_paid,
    order_refunded,
    profile_updated,
    registered,
    rupees,
)

STEPS = ((0, 100), (500, 125), (2000, 150))


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def paid(amount: int, day: str) -> Any:
    return order_paid(f"order-{day}-{amount}", amount=rupees(amount), occurred_at=noon(day))


def bought(*orders: tuple[str, int], rules: TierRules, **changes: Any) -> Book:
    """Points alone count, and each order is told when it is paid."""
    book = Book(plain_terms(tiers=rules, **changes))
    for day, amount in orders:
        book.tell(paid(amount, day), at=noon(day))
    return book


def changes(book: Book) -> list[tuple[str, str | None, str]]:
    """On which day which tier was changed to or kept."""
    return [(f"{e.day}", e.tier, e.kind.removeprefix("tier_")) for e in book.entries if e.kind.is_a_tiers]


def rolling(**downgrade: Any) -> TierRules:
    return tier_rules(*STEPS, downgrade={"by": "one_step", **downgrade})


def by_the_year(**downgrade: Any) -> TierRules:
    return tier_rules(*STEPS, over="calendar_year", downgrade={"by": "one_step", **downgrade})


def test_a_new_customer_has_the_lowest_tier_and_that_is_no_change() -> None:
    book = bought(("2027-03-01", 499), rules=rolling())
    assert (changes(book), book.account.tier) == ([], None)
    assert progress(book.account, book.terms.tiers).missing == 1


def test_a_tier_is_reached_by_the_booking_that_reaches_it() -> None:
    book = bought(("2027-03-01", 400), ("2027-03-05", 100), rules=rolling())
    assert changes(book) == [("2027-03-05", "silver", "changed")]
    assert book.account.tiers[-1].since == noon("2027-03-05")


def test_tiers_may_be_leapt_over() -> None:
    assert changes(bought(("2027-03-01", 5000), rules=rolling())) == [("2027-03-01", "gold", "changed")]


def test_what_is_pending_counts_from_the_day_it_is_spendable_and_somebody_looks_then() -> None:
    book = bought(("2027-03-01", 600), rules=rolling(), pending_for="14d")
    assert book.account.tier is None
    begins = datetime(2027, 3, 14, 18, 30, tzinfo=UTC)
    assert next_due_at(book.account, book.now, book.terms) == begins
    assert book.look(begins).account.tier == "silver"


def test_a_tier_reached_by_what_matured_is_had_since_that_day_began_whenever_anybody_looks() -> None:
    book = bought(("2027-03-01", 600), rules=rolling(), pending_for="14d")
    book.tell(paid(100, "2027-03-18"), at=noon("2027-03-18"))
    assert book.account.tiers[-1].since == datetime(2027, 3, 14, 18, 30, tzinfo=UTC)
    assert book.orders["order-2027-03-18-100"].points_in_force == 125


def test_a_refund_or_spending_costs_no_tier_before_its_period_is_over() -> None:
    book = bought(("2027-03-01", 600), rules=rolling()).spend(550)
    book.tell(order_refunded("order-2027-03-01-600", amount=rupees(300)))
    assert book.look(noon("2028-02-28")).account.tier == "silver"
    assert book.look(noon("2028-03-01")).account.tier == "bronze"


def test_spending_costs_no_tier_at_all() -> None:
    book = bought(("2027-03-01", 600), ("2027-06-01", 500), rules=rolling()).spend(1100)
    assert changes(book.look(noon("2028-03-01")))[-1] == ("2028-03-01", "silver", "kept")


def test_the_shops_past_reaches_a_tier_too_and_nobody_is_congratulated() -> None:
    for imported in (True, False):
        book = Book(replace(plain_terms(tiers=rolling()), mails=planned().mails))
        book.tell(order_paid(amount=rupees(600), imported=imported))
        mails = [each for each in book.account.outbox if each.startswith("mail:")]
        assert (book.account.tier, mails) == ("silver", [] if imported else ["mail:tier_reached:silver"])


class TestARollingYear:
    def test_a_period_begins_with_the_day_on_which_the_tier_was_reached(self) -> None:
        book = bought(("2027-03-10", 600), rules=rolling())
        assert book.account.period_from == date(2027, 3, 10)
        assert book.look(noon("2028-03-09")).account.tier == "silver"
        assert changes(book.look(noon("2028-03-10")))[-1] == ("2028-03-10", "silver", "kept")
        assert book.account.period_from == date(2028, 3, 10)
        assert changes(book.look(noon("2029-03-10")))[-1] == ("2029-03-10", "bronze", "changed")

    def test_what_was_bought_more_than_a_year_ago_reaches_nothing(self) -> None:
        assert changes(bought(("2027-03-10", 300), ("2028-03-10", 300), rules=rolling())) == []
        assert changes(bought(("2027-03-10", 300), ("2028-03-09", 300), rules=rolling())) != []

    def test_a_period_from_the_leap_day_ends_with_february(self) -> None:
        book = bought(("2028-02-29", 600), rules=rolling()).look(noon("2030-03-10"))
        assert [change[0] for change in changes(book)] == ["2028-02-29", "2029-02-28", "2030-02-28"]

    def test_what_comes_in_the_grace_counts_for_the_period_before(self) -> None:
        book = bought(("2027-03-10", 600), rules=rolling(grace="30d"))
        book.look(noon("2028-04-08"))
        assert [change[2] for change in changes(book)] == ["changed"]
        book.look(noon("2028-04-09"))
        assert (book.account.tier, book.account.period_from) == ("silver", date(2028, 3, 10))
        book.tell(paid(500, "2029-04-08"), at=noon("2029-04-08")).look(noon("2029-04-09"))
        assert changes(book)[-1] == ("2029-04-09", "silver", "kept")


class TestACalendarYear:
    def test_a_tier_lasts_to_the_end_of_the_year_and_its_grace(self) -> None:
        book = bought(("2027-11-10", 600), ("2028-12-31", 399), rules=by_the_year(grace="30d"))
        assert book.account.period_from == date(2028, 1, 1)
        book.look(noon("2029-01-30"))
        assert book.account.tier == "silver"
        assert changes(book.look(noon("2029-01-31")))[-1] == ("2029-01-31", "bronze", "changed")

    def test_a_point_on_the_last_day_of_the_grace_keeps_it(self) -> None:
        rules = by_the_year(grace="30d")
        book = bought(("2027-11-10", 600), ("2028-12-31", 399), ("2029-01-30", 2), rules=rules)
        assert changes(book.look(noon("2029-01-31")))[-1] == ("2029-01-31", "silver", "kept")

    def test_the_year_begins_at_the_shop(self) -> None:
        """New Year comes to India at 18:30 UTC."""
        last = order_paid("order-1", amount=rupees(400), occurred_at="2027-12-31T18:29:00Z")
        first = order_paid("order-2", amount=rupees(400), occurred_at="2027-12-31T18:31:00Z")
        book = Book(plain_terms(tiers=by_the_year())).tell(
            last, at=datetime(2027, 12, 31, 18, 29, tzinfo=UTC)
        )
        assert book.tell(first, at=datetime(2027, 12, 31, 18, 31, tzinfo=UTC)).account.tier is None
        assert progress(book.account, book.terms.tiers).measured == 400

    def test_what_is_reached_anew_within_the_grace_is_of_the_new_year(self) -> None:
        book = bought(("2027-11-10", 600), ("2028-01-10", 2000), rules=by_the_year(grace="30d"))
        assert (book.account.tier, book.account.period_from) == ("gold", date(2028, 1, 1))
        assert changes(book.look(noon("2029-01-31")))[-1] == ("2029-01-31", "gold", "kept")


class TestHowFarDown:
    def test_one_step_each_period(self) -> None:
        book = bought(("2027-03-10", 2000), rules=rolling()).look(noon("2031-01-01"))
        assert [tier for _, tier, _ in changes(book)] == ["gold", "gold", "silver", "bronze"]

    def test_or_to_what_was_reached(self) -> None:
        book = bought(("2027-03-10", 2000), rules=rolling(by="fully")).look(noon("2031-01-01"))
        assert [tier for _, tier, _ in changes(book)] == ["gold", "gold", "bronze"]

    def test_never_below_what_was_reached(self) -> None:
        rules = rolling(by="fully")
        book = bought(("2027-03-10", 2000), ("2028-06-01", 500), rules=rules).look(noon("2029-03-11"))
        assert [tier for _, tier, _ in changes(book)] == ["gold", "gold", "silver"]


class TestBySpend:
    RULES = tier_rules((0, 100), (500_00, 100), by="spend", currency="INR")
    FOR_A_HUNDRED = ({"currency": "INR", "points": 1, "for_each_minor": 10_000},)

    def test_all_money_counts_even_what_is_worth_no_point(self) -> None:
        orders = [(f"2027-03-{day:02}", 99) for day in range(1, 7)]
        book = bought(*orders, rules=self.RULES, earning=self.FOR_A_HUNDRED)
        assert (book.standing, book.account.tier) == (0, "silver")

    def test_so_does_what_matures_without_a_point(self) -> None:
        orders = [(f"2027-03-{day:02}", 99) for day in range(1, 7)]
        book = bought(*orders, rules=self.RULES, earning=self.FOR_A_HUNDRED, pending_for="14d")
        due = next_due_at(book.account, book.now, book.terms)
        assert due == datetime(2027, 3, 19, 18, 30, tzinfo=UTC)
        assert book.look(due).account.tier == "silver"

    def test_a_refund_that_costs_no_point_costs_its_money(self) -> None:
        book = bought(("2027-03-01", 499), rules=self.RULES, earning=self.FOR_A_HUNDRED)
        book.tell(order_refunded("order-2027-03-01-499", amount=rupees(99)))
        assert (book.standing, progress(book.account, self.RULES).measured) == (4, 400_00)

    def test_money_in_another_currency_is_not_added_up(self) -> None:
        rates = [{"currency": each, "points": 1, "for_each_minor": 100} for each in ("INR", "USD")]
        book = Book(plain_terms(tiers=self.RULES, earning=rates)).tell(order_paid(amount=dollars(600)))
        assert (book.standing, book.account.tier) == (600, None)
        book.tell(order_refunded(amount=dollars(600)))
        assert progress(book.account, self.RULES).measured == 0


class TestAPlanThatChanged:
    def test_a_tier_that_left_the_plan_gives_way_to_the_one_that_the_points_reach(self) -> None:
        book = bought(("2027-03-10", 2000), rules=rolling())
        book.terms = replace(book.terms, tiers=tier_rules(*STEPS[:2]))
        assert book.look(noon("2027-03-11")).account.tier == "silver"

    def test_a_lower_threshold_is_reached_at_the_next_look(self) -> None:
        book = bought(("2027-03-10", 400), rules=rolling())
        book.terms = replace(book.terms, tiers=tier_rules((0, 100), (300, 100)))
        assert book.look(noon("2027-03-12")).account.tier == "silver"

    def test_one_tier_alone_is_never_reached_nor_lost(self) -> None:
        assert (
            changes(bought(("2027-03-10", 9000), rules=tier_rules((0, 100))).look(noon("2030-01-01"))) == []
        )


def test_a_forgotten_customer_has_no_tier_and_reaches_none() -> None:
    book = bought(("2027-03-10", 600), rules=rolling())
    book.tell(erased(occurred_at=noon("2027-03-11")), at=noon("2027-03-11"))
    assert changes(book)[-1] == ("2027-03-11", "bronze", "changed")
    book.tell(paid(600, "2027-03-10"), at=noon("2027-03-12")).look(noon("2029-01-01"))
    assert book.account.tier == "bronze"


def test_who_comes_back_after_being_forgotten_begins_anew() -> None:
    book = bought(("2027-03-10", 600), rules=rolling())
    book.tell(erased(occurred_at=noon("2027-03-11")), at=noon("2027-03-11"))
    book.tell(registered(occurred_at=noon("2027-03-12")), at=noon("2027-03-12"))
    assert book.account.tier == "bronze"
    assert progress(book.account, book.terms.tiers).measured == 25


def test_a_change_is_newer_than_the_one_before_even_by_a_clock_that_is_behind() -> None:
    book = bought(("2027-03-10", 600), rules=rolling())
    book.tell(paid(2000, "2027-03-09"), at=noon("2027-03-10") - hours(1))
    since = [held.since for held in book.account.tiers]
    assert since == sorted(set(since))
    assert tier_at(book.account, since[-1], book.terms.tiers).name == "gold"


@pytest.mark.parametrize("fact", [profile_updated(), registered(occurred_at=NOW - days(60))])
def test_news_of_a_customer_change_no_tier(fact: Any) -> None:
    assert changes(bought(rules=rolling()).tell(fact)) == []
