"""The year that a seed makes is the same each time, has everything in it, and is a valid shop's."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from engagement.events.base import Event
from engagement.events.customers import CustomerErased, CustomerRegistered
from engagement.events.orders import OrderFact, OrderPaid, OrderPlaced, OrderRefunded
from tests.simulation.happening import Happening
from tests.simulation.year import happenings_of
from tests.simulation.year_deeds import AsksTheTill, OrdersWithCode, Reads, Tells, Troubles
from tests.simulation.year_moments import Span, odd_days

_START = datetime(2027, 7, 1, tzinfo=UTC)
_YEAR = timedelta(days=366)
_SEEDS = range(5)
_KINDS = {
    "AsksTheTill",
    "CartDeleted",
    "CartUpdated",
    "CartsMerged",
    "CaseClosed",
    "CaseOpened",
    "ConsentChanged",
    "CustomerErased",
    "CustomerRegistered",
    "CustomerUpdated",
    "Moderates",
    "OrderCancelled",
    "OrderDelivered",
    "OrderFulfilled",
    "OrderPaid",
    "OrderPlaced",
    "OrderRefunded",
    "OrdersWithCode",
    "ProductChanged",
    "Reads",
    "ReferralCompleted",
    "ReviewSubmitted",
    "Reviews",
    "Troubles",
    "Unsubscribes",
}


@cache
def a_year(seed: int, customers: int = 12) -> tuple[Happening, ...]:
    return happenings_of(seed, customers=customers, start=_START, length=_YEAR)


@cache
def a_few_years() -> tuple[Happening, ...]:
    return tuple(happening for seed in _SEEDS for happening in a_year(seed))


def facts_of(happenings: tuple[Happening, ...]) -> list[Event]:
    """Those that are known before they happen: an order's code is found on the day."""
    told = [getattr(each, "fact", None) or getattr(each, "placed", None) for each in happenings]
    return [fact for fact in told if fact]


def kind_of(happening: Happening) -> str:
    return type(happening.fact if isinstance(happening, Tells) else happening).__name__


def test_the_same_seed_makes_the_same_year() -> None:
    again = happenings_of(1, customers=12, start=_START, length=_YEAR)

    assert again == a_year(1)
    assert again != a_year(2)


def test_it_is_told_in_order_and_within_its_time() -> None:
    for seed in _SEEDS:
        moments = [happening.at for happening in a_year(seed)]
        assert moments == sorted(moments)
        assert moments[0] >= _START
        assert moments[-1] < _START + _YEAR


def test_everything_that_can_happen_happens() -> None:
    assert {kind_of(happening) for happening in a_few_years()} == _KINDS


def test_points_are_reserved_committed_and_released_and_mails_read_and_minded() -> None:
    happenings = a_few_years()

    assert {each.page for each in happenings if isinstance(each, AsksTheTill)} == {
        "reserve",
        "commit",
        "release",
    }
    assert {each.kind for each in happenings if isinstance(each, Troubles)} == {
        "Permanent",
        "Transient",
        "Complaint",
    }
    assert {each.clicks for each in happenings if isinstance(each, Reads)} == {True, False}
    whose = {each.owner == each.mailbox for each in happenings if isinstance(each, OrdersWithCode)}
    assert whose == {True, False}


def test_a_customer_has_about_thirty_happenings_a_year_or_as_many_as_are_wished() -> None:
    def per_customer(each: int) -> float:
        happenings = happenings_of(1, customers=12, start=_START, length=_YEAR, each=each)
        return sum(happening.customer_id != "" for happening in happenings) / 12

    assert 20 < per_customer(30) < 45
    assert per_customer(90) > 60


@pytest.mark.parametrize("customers", [1, 5, 11])
def test_without_the_last_customers_all_others_live_the_same_life(customers: int) -> None:
    there = {happening.mailbox for happening in a_year(3, customers) if isinstance(happening, Tells)}
    lived = [happening for happening in a_year(3) if vars(happening)["mailbox"] in there]

    assert lived == list(a_year(3, customers))


def test_no_fact_has_the_id_of_another() -> None:
    for seed in _SEEDS:
        ids = Counter(fact.event_id for fact in facts_of(a_year(seed)))
        assert [each for each, number in ids.items() if number > 1] == []


def test_no_two_happenings_of_a_customer_are_of_the_same_instant() -> None:
    for seed in _SEEDS:
        moments = Counter((happening.customer_id, happening.at) for happening in a_year(seed))
        assert [each for each, number in moments.items() if number > 1] == []


def test_an_order_is_placed_then_paid_and_never_more_goes_back_than_was_paid() -> None:
    for seed in _SEEDS:
        placed: set[str] = set()
        paid: dict[str, int] = {}
        for fact in facts_of(a_year(seed)):
            match fact:
                case OrderPlaced():
                    placed.add(fact.order_id)
                case OrderPaid():
                    assert fact.imported or fact.order_id in placed
                    assert fact.amount.amount_minor > 0
                    assert not fact.lines or sum(line.amount.amount_minor for line in fact.lines) == (
                        fact.amount.amount_minor
                    )
                    paid[fact.order_id] = fact.amount.amount_minor
                case OrderRefunded():
                    paid[fact.order_id] -= fact.amount.amount_minor
                    assert paid[fact.order_id] >= 0
                case OrderFact():
                    assert fact.order_id in placed
                case _:
                    pass


def test_nobody_does_anything_before_they_are_registered() -> None:
    for seed in _SEEDS:
        known = {""}
        for happening in a_year(seed):
            if isinstance(happening, Tells) and isinstance(happening.fact, CustomerRegistered):
                known.add(happening.customer_id)
            assert happening.customer_id in known, str(happening)


def test_of_somebody_who_was_forgotten_only_their_orders_are_told_until_they_are_back() -> None:
    seen = 0
    for seed in _SEEDS:
        gone: set[str] = set()
        for happening in a_year(seed):
            fact = happening.fact if isinstance(happening, Tells) else None
            if isinstance(fact, CustomerErased):
                gone.add(happening.customer_id)
                seen += 1
            elif isinstance(fact, CustomerRegistered):
                gone.discard(happening.customer_id)
            elif happening.customer_id in gone:
                assert isinstance(fact, OrderFact), str(happening)
    assert seen > 3


def test_there_is_more_life_on_the_days_when_calendars_and_clocks_are_odd() -> None:
    per_day = Counter(happening.at.date() for happening in a_few_years())
    usual = sum(per_day.values()) / 366

    for day in ("2027-12-31", "2028-01-01", "2028-02-28", "2028-02-29", "2028-03-01"):
        assert per_day[datetime.fromisoformat(day).date()] > usual


def test_the_odd_days_of_a_zone_are_those_that_are_shorter_or_longer_and_those_of_the_calendar() -> None:
    days = odd_days(Span(_START, _START + _YEAR), ZoneInfo("America/New_York"))

    assert [f"{day:%Y-%m-%d}" for day in days] == [
        "2027-11-07",
        "2027-12-31",
        "2028-01-01",
        "2028-02-28",
        "2028-02-29",
        "2028-03-01",
        "2028-03-12",
    ]


def test_a_day_is_told_of_in_one_line() -> None:
    for happening in a_few_years():
        assert "\n" not in str(happening)
        assert happening.customer_id in str(happening) or happening.customer_id == ""


def test_even_a_few_days_have_some_life() -> None:
    assert len(happenings_of(1, customers=3, start=_START, length=timedelta(days=4))) > 20
