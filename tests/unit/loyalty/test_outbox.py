"""What is in an outbox goes out at least once and under one name, whoever is killed, and whatever is told meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from engagement.due_work import LEASE
from engagement.errors import RetryLaterError
from engagement.events.loyalty import PointsEarned, PointsExpired
from loyalty.entries import Movement
from loyalty.outbox import look_at, without
from loyalty.records import Account
from loyalty_house import ASHA, LoyaltyHouse, house_in_memory
from shop_facts import NOW, hours, order_paid, order_refunded, rupees
from watched_client import Moment

# Nobody has looked for a year: a tier was reached, a month had its statement, and 600 points ended.
A_YEAR_LATER = datetime(2028, 4, 1, 4, 30, tzinfo=UTC)
FIVE_MINUTES = hours(5 / 60)
MAILED = {"tier_reached:silver.2027-03-15", "points_statement:2027-03"}


class KilledError(BaseException):
    """The worker is gone: nobody catches this."""


def forgotten_for_a_year() -> LoyaltyHouse:
    return house_in_memory().told(order_paid(amount=rupees(60_000)))


@cache
def moments() -> tuple[tuple[Moment, str], ...]:
    """Before and after each call of the sweep that finds all of it."""
    house = forgotten_for_a_year()
    heard: list[tuple[Moment, str]] = []
    house.on_each_call = lambda moment, call: heard.append((moment, call))
    house.sweep(A_YEAR_LATER)
    return tuple(heard)


def at_moment(house: LoyaltyHouse, number: int, do: Callable[[], object]) -> None:
    """Do something once, at this moment of what comes next."""
    passed = 0

    def on_each_call(_moment: Moment, _call: str) -> None:
        nonlocal passed
        passed += 1
        if passed == number:
            house.on_each_call = lambda _moment, _call: None
            do()

    house.on_each_call = on_each_call


def all_is_out(house: LoyaltyHouse) -> None:
    """Each was told and mailed under one name, and the ledger has it once."""
    assert set(house.mailed) == MAILED
    assert house.tiers == ["silver"]
    assert [fact.points for fact in house.heard(PointsExpired)] == [600]
    entries = house.entries
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    account = house.account
    assert sum(entry.points for entry in entries) == account.balance + account.pending_points
    assert (account.outbox, account.months.get("2027-03")) == ((), None)


@pytest.mark.parametrize("number", range(1, len(moments()) + 1))
def test_a_sweep_that_is_killed_at_any_moment_loses_nothing_and_mails_under_no_second_key(
    number: int,
) -> None:
    house = forgotten_for_a_year()

    def kill() -> None:
        raise KilledError

    at_moment(house, number, kill)
    with pytest.raises(KilledError):
        house.sweep(A_YEAR_LATER)
    house.sweep(A_YEAR_LATER + LEASE)
    all_is_out(house)
    assert len(house.entries) == 3


@pytest.mark.parametrize("number", range(1, len(moments()) + 1))
def test_a_fact_told_at_any_moment_of_a_sweep_is_booked_once_and_nothing_is_lost(number: int) -> None:
    house = forgotten_for_a_year()
    paid = order_paid("order-78", occurred_at=A_YEAR_LATER)
    at_moment(house, number, lambda: house.told(paid, at=A_YEAR_LATER))
    for later in (hours(0), FIVE_MINUTES, LEASE):
        house.sweep(A_YEAR_LATER + later)
    house.told(paid, at=A_YEAR_LATER + LEASE)
    all_is_out(house)
    assert house.account.pending_points == 12
    assert [fact.points for fact in house.heard(PointsEarned)] == [600, 12]


def test_a_sweep_finds_it_all_in_one_look() -> None:
    assert len(moments()) == 2 * 12
    house = forgotten_for_a_year()
    house.sweep(A_YEAR_LATER)
    all_is_out(house)


@pytest.mark.parametrize("refuses", ["bus", "mail_queue", "bulk"])
def test_what_the_bus_or_a_queue_did_not_take_goes_out_later(refuses: str) -> None:
    house = forgotten_for_a_year()
    getattr(house, refuses).refusals = 1
    with pytest.raises(RetryLaterError):
        house.sweep(A_YEAR_LATER)
    assert house.account.outbox != ()
    house.sweep(A_YEAR_LATER + LEASE)
    all_is_out(house)


def test_whoever_books_tells_what_happened_by_itself_and_leaves_the_mails() -> None:
    house = forgotten_for_a_year()
    house.told(order_refunded(occurred_at=A_YEAR_LATER), at=A_YEAR_LATER)
    assert house.tiers == ["silver"]
    assert house.mails == []
    assert all(each.startswith("mail:") for each in house.account.outbox)
    calls = len(house.calls)
    house.booking.outbox.deliver(house.account, A_YEAR_LATER)
    assert house.calls[calls:] == ["get_item"], "to read the account"


def test_an_entry_that_is_not_at_hand_is_read() -> None:
    house = forgotten_for_a_year()
    house.bus.refusals = 1
    with pytest.raises(RetryLaterError):
        house.sweep(A_YEAR_LATER)
    house.sweep(A_YEAR_LATER + LEASE)
    # The entries of the tier and of what ended, and her profile.
    assert house.calls.count("batch_get_item") == 3
    assert "transact_write_items" not in house.calls


def test_an_entry_that_is_missing_is_said_and_keeps_nothing_else_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    house = forgotten_for_a_year()
    house.decided(
        lambda draft: draft.with_account(replace(draft.account, outbox=("entry:gone",))), at=A_YEAR_LATER
    )
    house.sweep(A_YEAR_LATER + FIVE_MINUTES)
    all_is_out(house)
    (said,) = caplog.records
    assert said.message == "an entry that is to be told is not in the ledger"
    assert ASHA not in str(vars(said))


def test_an_account_is_looked_at_soon_as_long_as_something_is_to_go_out() -> None:
    house = forgotten_for_a_year()
    account = house.account
    due_at = look_at(account, NOW, house.terms)
    assert due_at is not None
    with_mail = replace(account, outbox=("mail:points_statement:2027-03",))
    assert look_at(with_mail, NOW, house.terms) == NOW + FIVE_MINUTES
    just_before = due_at - FIVE_MINUTES / 5
    assert look_at(with_mail, just_before, house.terms) == due_at
    nothing = Account(ASHA, as_of=account.as_of)
    assert look_at(nothing, NOW, house.terms) is None
    assert look_at(replace(nothing, outbox=("entry:e",)), NOW, house.terms) == NOW + FIVE_MINUTES


def test_a_months_sums_are_over_with_its_statement_and_no_others() -> None:
    sums = {Movement.EARNED: 5}
    account = replace(
        Account(ASHA),
        months={"2027-03": sums, "2027-04": sums},
        outbox=("mail:points_statement:2027-03", "entry:e"),
    )
    left = without(account, ["mail:points_statement:2027-03"])
    assert (left.outbox, list(left.months)) == (("entry:e",), ["2027-04"])
    assert without(account, ["entry:e"]).months == account.months
