"""Booking a fact: once, whoever tells it and however often, and told at least once."""

import pytest

from engagement.errors import MalformedMessageError
from engagement.events.benefits import Benefit
from engagement.events.loyalty import PointsEarned, PointsTakenBack
from ledger_house import LedgerHouse
from loyalty_facts import terms
from shop_facts import (
    NOW,
    days,
    dollars,
    erased,
    hours,
    offer_redeemed,
    order_paid,
    order_refunded,
    profile_updated,
    review_published,
    rupees,
)


def test_a_paid_order_earns_points_and_is_told() -> None:
    house = LedgerHouse().told(order_paid(amount=rupees(1999)))
    assert house.points() == {"order-77:paid": 19}
    (told,) = house.bus.told
    assert isinstance(told, PointsEarned)
    assert (told.points, told.source, told.order_id) == (19, "order", "order-77")
    assert f"{told.spendable_on} {told.expires_on}" == "2027-03-15 2028-04-01"


def test_an_entry_says_by_which_rule_and_from_which_amount_it_was_made() -> None:
    fact = order_paid(amount=rupees(1999))
    house = LedgerHouse().told(fact, now=NOW + hours(1))
    (entry,) = house.entries()
    assert (entry.rule.points, entry.rule.for_each_minor, entry.rule.currency) == (1, 10_000, "INR")
    assert entry.rule.version == house.terms.version
    assert (entry.amount, entry.event_id, entry.booked_at) == (fact.amount, fact.event_id, NOW + hours(1))


def test_a_fact_told_again_under_a_new_event_id_books_nothing_and_the_first_telling_counts() -> None:
    house = LedgerHouse().told(order_paid(), order_paid(amount=rupees(9000)))
    assert house.points() == {"order-77:paid": 10}
    assert [getattr(fact, "points", None) for fact in house.bus.told] == [10, 10]
    assert len({fact.event_id for fact in house.bus.told}) == 1


def test_a_refund_takes_back_and_is_told() -> None:
    house = LedgerHouse().told(order_paid(), order_refunded(amount=rupees(301)))
    assert house.points() == {"order-77:paid": 10, "order-77:refunded:refund-1": -4}
    assert isinstance(house.bus.told[-1], PointsTakenBack)


def test_a_refund_that_comes_first_leaves_an_entry_of_nothing_and_counts_with_its_order() -> None:
    house = LedgerHouse().told(order_refunded(amount=rupees(400)), order_paid())
    assert house.points() == {"order-77:refunded:refund-1": 0, "order-77:paid": 6}
    assert house.kinds_told == ["PointsEarned"]


def test_a_refund_in_another_currency_books_nothing() -> None:
    house = LedgerHouse().told(order_paid())
    with pytest.raises(
        MalformedMessageError, match=r"amount\.currency: order order-77 was paid in INR, not USD"
    ):
        house.told(order_refunded(amount=dollars(3)))
    assert house.points() == {"order-77:paid": 10}


def test_an_order_keeps_the_rule_of_its_day_when_the_plan_changes() -> None:
    then = LedgerHouse().told(order_paid())
    rates = [{"currency": "INR", "points": 5, "for_each_minor": 100}]
    now = LedgerHouse(then.client, terms=terms(earning=rates))
    now.told(order_refunded(amount=rupees(500)))
    assert now.points() == {"order-77:paid": 10, "order-77:refunded:refund-1": -5}
    assert now.audit().differences == ()
    first, second = now.entries()
    assert first.rule == second.rule
    assert now.terms.version != then.terms.version


def test_an_offer_of_anything_but_points_is_none_of_the_ledgers_business() -> None:
    house = LedgerHouse().told(offer_redeemed(benefit=Benefit(percent=10)))
    assert house.points() == {}
    assert house.account().version == 0


def test_a_review_is_not_booked_where_reviews_earn_nothing() -> None:
    none = LedgerHouse()
    quiet = LedgerHouse(terms=terms(bonuses={"birthday_unchanged_for": "30d"}))
    object.__setattr__(quiet.terms, "points_for_a_review", 0)
    assert none.told(review_published()).account().balance == 20
    assert quiet.told(review_published()).account().version == 0


def test_a_profile_is_kept_of_only_where_a_birthday_earns_something() -> None:
    fact = profile_updated(birthday="1990-05-01")
    assert LedgerHouse().told(fact).account().birthday == "--05-01"
    quiet = LedgerHouse(terms=terms(bonuses={"sign_up": 10, "birthday_unchanged_for": "30d"}))
    assert quiet.told(fact).account().version == 0


def test_the_shops_past_is_booked_and_not_told() -> None:
    house = LedgerHouse().told(order_paid(imported=True), order_refunded(amount=rupees(500)))
    assert house.points() == {"order-77:paid": 10, "order-77:refunded:refund-1": -5}
    assert house.kinds_told == []


def test_what_of_the_shops_past_ended_long_ago_is_told_to_nobody_and_in_no_statement() -> None:
    house = LedgerHouse().told(order_paid(imported=True, occurred_at=NOW - days(900)))
    assert list(house.points().values()) == [10, -10]
    assert (house.kinds_told, house.account().outbox, house.account().months) == ([], (), {})


def _with_many_lots() -> LedgerHouse:
    """An order each day for half a year, whose points end by the day."""
    by_day = {"after": "365d", "counted_from": "earning", "ends_with": "day"}
    house = LedgerHouse(terms=terms(expiry=by_day))
    for day in range(180):
        at = NOW + days(day)
        house.told(order_paid(f"order-{day}", occurred_at=at), now=at)
    return house


def test_whoever_has_more_lots_than_a_transaction_has_room_for_is_erased_all_the_same() -> None:
    house = _with_many_lots().told(erased(occurred_at=NOW + days(200)), now=NOW + days(200))
    account = house.account()
    assert account.erased_at == NOW + days(200)
    assert (account.balance, account.pending_points, account.outbox) == (0, 0, ())
    assert sum(house.points().values()) == 0
    assert house.audit().differences == ()


def test_an_account_that_nobody_looked_at_for_years_is_caught_up_with_before_the_next_fact() -> None:
    house, later = _with_many_lots(), NOW + days(1000)
    house.told(order_paid("order-new", occurred_at=later), now=later)
    assert house.account().pending_points == 10
    assert sum(house.points().values()) == 10
    assert house.audit().differences == ()
    assert house.reserve(1, "checkout-1", now=later + days(20)) is None
