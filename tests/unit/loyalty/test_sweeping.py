"""The sweep over accounts: what falls due happens, is told and mailed, on its day and of nobody else."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from engagement.due_work import LEASE
from engagement.errors import RetryLaterError
from engagement.events.loyalty import PointsEarned, PointsExpired
from loyalty.adjusting import adjusted
from loyalty.drafts import Draft
from loyalty.records import Reservation
from loyalty.spending import commit, reserve
from loyalty.table import Ledger
from loyalty.terms import STATEMENT
from loyalty_house import ASHA, LoyaltyHouse, house_in_memory
from shop_facts import NOW, a_profile, days, erased, hours, order_paid, registered, rupees

# At the shop (Kolkata): the beginning of the day on which an order's points of NOW are hers, and of the one on which
# they end; ten o'clock a month and a week before that.
MATURE = datetime(2027, 3, 14, 18, 30, tzinfo=UTC)
OVER = datetime(2028, 3, 31, 18, 30, tzinfo=UTC)
A_MONTH_BEFORE = datetime(2028, 3, 2, 4, 30, tzinfo=UTC)
A_WEEK_BEFORE = datetime(2028, 3, 25, 4, 30, tzinfo=UTC)
FIRST_OF_APRIL = datetime(2027, 4, 1, 4, 30, tzinfo=UTC)
A_MINUTE = hours(1 / 60)


@pytest.fixture
def house() -> LoyaltyHouse:
    return house_in_memory()


def corrected(draft: Draft, house: LoyaltyHouse, points: int, at: datetime) -> Draft:
    return adjusted(
        draft, f"correction-{at}", points, reason="goodwill", author="Meera", now=at, terms=house.terms
    )


def spent(draft: Draft, house: LoyaltyHouse, points: int, at: datetime) -> Draft:
    asked = Reservation(draft.account.customer_id, "redemption-1", points, at)
    held = reserve(draft, None, asked, at, house.terms)
    return commit(held.draft, held.reservation, None, at, house.terms).draft


def swept_until(house: LoyaltyHouse, end: datetime) -> LoyaltyHouse:
    """As the schedule does, but once in six hours."""
    now = NOW
    while now < end:
        house.sweep(now)
        now += hours(6)
    return house


def test_a_tier_is_reached_and_congratulated_on_when_the_points_that_bring_it_mature(
    house: LoyaltyHouse,
) -> None:
    house.told(order_paid(amount=rupees(60_000)))
    assert house.sweep(MATURE - A_MINUTE) == 0
    assert house.tiers == []
    assert house.sweep(MATURE) == 1
    assert (house.tiers, house.mailed) == (["silver"], ["tier_reached:silver.2027-03-15"])
    assert house.account.outbox == ()


def test_a_statement_of_the_month_comes_on_the_first_at_ten(house: LoyaltyHouse) -> None:
    house.told(order_paid())
    assert house.sweep(FIRST_OF_APRIL - A_MINUTE) == 0
    assert house.sweep(FIRST_OF_APRIL) == 1
    assert house.mailed == ["points_statement:2027-03"]
    assert house.account.months == {}


def test_points_are_reminded_of_a_month_and_a_week_before_they_end_and_then_they_do(
    house: LoyaltyHouse,
) -> None:
    house.told(order_paid())
    swept_until(house, A_MONTH_BEFORE)
    before = len(house.mailed)
    for due, mails in ((A_MONTH_BEFORE, 1), (A_WEEK_BEFORE, 1), (OVER, 0)):
        assert house.sweep(due - A_MINUTE) == 0
        assert house.heard(PointsExpired) == []
        assert house.sweep(due) == mails
    assert house.mailed[before:] == ["points_expiring:2028-04-01.30", "points_expiring:2028-04-01.7"]
    assert [fact.points for fact in house.heard(PointsExpired)] == [10]
    assert (house.account.balance, house.account.outbox) == (0, ())


def test_a_birthday_brings_its_points_once(house: LoyaltyHouse) -> None:
    house.told(registered(birthday="--04-20"))
    birthday = datetime(2027, 4, 19, 18, 30, tzinfo=UTC)
    swept_until(house, birthday)
    assert [fact.source for fact in house.heard(PointsEarned)] == ["sign_up"]
    house.sweep(birthday)
    house.sweep(birthday + days(1))
    assert [fact.source for fact in house.heard(PointsEarned)] == ["sign_up", "birthday"]


def test_a_year_of_sweeps_mails_as_much_as_a_year_of_sweeps_at_the_right_instants(
    house: LoyaltyHouse,
) -> None:
    """However often somebody looks, each is mailed once."""
    house.told(order_paid(amount=rupees(60_000)))
    swept_until(house, OVER + days(40))
    assert house.mailed == [
        "tier_reached:silver.2027-03-15",
        "points_statement:2027-03",
        "points_expiring:2028-04-01.30",
        "points_expiring:2028-04-01.7",
        "points_statement:2028-04",
    ]


def test_only_an_account_of_which_something_is_due_is_read(house: LoyaltyHouse) -> None:
    house.told(order_paid(amount=rupees(60_000)))
    for number in range(30):
        house.told(order_paid(f"order-{number}", customer_id=f"cust-{number}"))
    house.sweep(MATURE)
    assert house.calls.count("query") == 4
    assert [call for call in house.calls if call != "query"] == [
        "update_item",
        "get_item",
        "transact_write_items",
        "publish",
        "batch_get_item",
        "put",
        "put_item",
    ]
    house.sweep(MATURE + A_MINUTE)
    assert house.calls == ["query"] * 4


def test_what_is_due_no_more_by_the_plan_of_today_is_not_looked_at_again_and_again(
    house: LoyaltyHouse,
) -> None:
    house.told(order_paid())
    house.ledger.clear_outbox(house.account, NOW)
    assert house.sweep(NOW) == 0
    house.sweep(NOW + LEASE)
    assert house.calls == ["query"] * 4
    assert house.sweep(FIRST_OF_APRIL) == 1


def test_whom_nobody_knows_is_mailed_nothing_while_others_are_told_all(house: LoyaltyHouse) -> None:
    house.told(order_paid(customer_id="cust-ravi", amount=rupees(60_000)))
    assert house.sweep(MATURE) == 0
    assert house.tiers == ["silver"]
    assert house.ledger.account("cust-ravi").outbox == ()


def test_whoever_is_erased_is_mailed_nothing(house: LoyaltyHouse) -> None:
    house.told(order_paid(amount=rupees(60_000)))
    house.told(erased(occurred_at=NOW + days(1)), at=NOW + days(1))
    swept_until(house, OVER + days(40))
    assert house.mailed == []


def test_mail_that_the_facts_leave_behind_goes_out_with_the_next_sweep(house: LoyaltyHouse) -> None:
    """Whoever books has no mails to write; what he finds due by then is told at once."""
    house.told(order_paid(amount=rupees(60_000)))
    house.told(order_paid("order-78"), at=MATURE + hours(1))
    assert (house.tiers, house.mailed) == (["silver"], [])
    assert house.account.outbox == ("mail:tier_reached:silver",)
    assert house.sweep(MATURE + hours(1) + 5 * A_MINUTE) == 1
    assert not house.account.outbox


def test_a_reminder_that_was_written_before_points_were_spent_says_upon_what(house: LoyaltyHouse) -> None:
    house.told(order_paid())
    swept_until(house, A_MONTH_BEFORE)

    def spends(moment: str, call: str) -> None:
        if (moment, call) == ("before", "batch_get_item"):
            house.on_each_call = lambda _moment, _call: None
            house.decided(partial(spent, house=house, points=4, at=A_MONTH_BEFORE), at=A_MONTH_BEFORE)

    house.on_each_call = spends
    house.sweep(A_MONTH_BEFORE)
    (premise,) = house.mails[-1].premises
    kept = house.ledger.account(ASHA)
    assert premise.still == {"last_redemption": None} != {"last_redemption": kept.last_redemption}
    assert house.mails[-1].if_untrue == "skip"
    # The look that follows finds six points left, and hands the same mail over again.
    house.sweep(A_MONTH_BEFORE + 5 * A_MINUTE)
    assert house.mailed[-2:] == ["points_expiring:2028-04-01.30"] * 2


@pytest.mark.parametrize("error", [RetryLaterError("the table throttles"), ValueError("of a newer version")])
def test_one_account_that_fails_does_not_stop_the_others_and_falls_due_again(
    house: LoyaltyHouse, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    house.knows(a_profile("cust-ravi"))
    for customer_id in (ASHA, "cust-ravi"):
        house.told(order_paid(f"order-{customer_id}", customer_id=customer_id, amount=rupees(60_000)))
    account = Ledger.account

    def failing(ledger: Ledger, customer_id: str) -> object:
        if customer_id == ASHA:
            raise error
        return account(ledger, customer_id)

    monkeypatch.setattr(Ledger, "account", failing)
    with pytest.raises(RetryLaterError):
        house.sweep(MATURE)
    monkeypatch.undo()
    assert [mail.customer_id for mail in house.mails] == ["cust-ravi"]
    house.sweep(MATURE + LEASE)
    assert {mail.customer_id for mail in house.mails} == {ASHA, "cust-ravi"}


def test_without_statements_an_account_falls_due_for_its_points_alone(house: LoyaltyHouse) -> None:
    terms = replace(
        house.terms, mails={each: it for each, it in house.terms.mails.items() if each != STATEMENT}
    )
    house.booking = replace(house.booking, terms=terms)
    house.told(order_paid())
    assert house.sweep(FIRST_OF_APRIL) == 0
    assert house.calls == ["query"] * 4
