"""What facts mean for the ledger: each is booked once, told at least once, in whatever order they come."""

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.errors import MalformedMessageError, RetryLaterError
from engagement.events.benefits import Benefit
from engagement.events.loyalty import PointsEarned, PointsTakenBack
from engagement.money import Money
from engagement.races import PAUSES
from ledger_in_memory import Loyalty, offer_given_back
from loyalty_accrual.booking import LedgerFact
from loyalty_accrual.campaign import Earning
from loyalty_accrual.ledger import Entry, EntryKind, RuleKind
from loyalty_accrual.rules import rebuilt_balance
from shop_facts import (
    NOW,
    dollars,
    hours,
    offer_redeemed,
    order_paid,
    order_refunded,
    points_redeemed,
    rupees,
)
from shops_year import plain_balances

ASHA = "cust-asha"
RATES = {"INR": (1, 10_000), "USD": (2, 100)}


def test_a_paid_order_earns_points_and_is_told() -> None:
    loyalty = Loyalty().told(order_paid(amount=rupees(1999)))
    assert loyalty.ledger.balance(ASHA) == 19
    (news,) = loyalty.bus.told
    assert isinstance(news, PointsEarned)
    assert news.points == 19


def test_an_entry_says_by_which_rule_and_from_which_amount_it_was_made() -> None:
    loyalty = Loyalty().told(order_paid(amount=rupees(1999), event_id="evt-first"))
    (entry,) = loyalty.ledger.entries(ASHA)
    assert entry.entry_id == "order-77:paid"
    assert (entry.rule.kind, entry.rule.points, entry.rule.for_each_minor) == (RuleKind.EARNING, 1, 10_000)
    assert entry.amount == rupees(1999)
    assert (entry.event_id, entry.occurred_at, entry.booked_at) == ("evt-first", NOW, NOW)


def test_a_fact_told_again_under_a_new_event_id_books_nothing() -> None:
    facts = (order_paid(), order_refunded(amount=rupees(300)), points_redeemed(points=2))
    again = (order_paid(), order_refunded(amount=rupees(300)), points_redeemed(points=2))
    loyalty = Loyalty().told(*facts, *again)
    assert loyalty.ledger.balance(ASHA) == 5
    assert loyalty.ledger.account(ASHA).entry_count == 3


def test_of_two_tellings_that_differ_the_first_counts() -> None:
    loyalty = Loyalty().told(order_paid(amount=rupees(1000)), order_paid(amount=rupees(9000)))
    assert loyalty.ledger.balance(ASHA) == 10


def test_a_refund_takes_back_and_is_told() -> None:
    loyalty = Loyalty().told(order_paid(), order_refunded(amount=rupees(300)))
    assert loyalty.ledger.balance(ASHA) == 7
    assert isinstance(loyalty.bus.told[-1], PointsTakenBack)
    assert loyalty.bus.told[-1].points == 3


def test_a_refund_that_comes_first_leaves_an_entry_of_nothing_and_counts_with_its_order() -> None:
    loyalty = Loyalty().told(order_refunded(amount=rupees(300)))
    (entry,) = loyalty.ledger.entries(ASHA)
    assert (entry.points, entry.rule.kind) == (0, RuleKind.ORDER_AWAITED)
    assert loyalty.bus.told == []
    assert loyalty.told(order_paid()).ledger.balance(ASHA) == 7


def test_refunds_beyond_the_amount_take_back_no_more_than_was_earned() -> None:
    loyalty = Loyalty().told(order_paid(), order_refunded(amount=rupees(5000)))
    assert loyalty.ledger.balance(ASHA) == 0
    assert loyalty.told(order_refunded(refund_id="refund-2")).ledger.balance(ASHA) == 0


def test_a_refund_in_another_currency_books_nothing() -> None:
    loyalty = Loyalty().told(order_paid())
    with pytest.raises(MalformedMessageError, match="paid in INR, not USD"):
        loyalty.told(order_refunded(amount=dollars(3)))
    assert loyalty.ledger.account(ASHA).entry_count == 1


def test_an_order_in_a_currency_without_a_rule_leaves_an_entry_of_nothing() -> None:
    yen = Money(amount_minor=6800, currency="JPY")
    loyalty = Loyalty().told(order_paid(amount=yen), order_refunded(amount=yen))
    assert [(entry.points, entry.rule.kind) for entry in loyalty.ledger.entries(ASHA)] == [
        (0, RuleKind.NO_EARNING),
        (0, RuleKind.NO_EARNING),
    ]
    assert loyalty.bus.told == []


def test_an_order_keeps_the_rule_of_its_day_when_the_plan_changes() -> None:
    loyalty = Loyalty().told(order_paid())
    dearer = (Earning(currency="INR", points=1, for_each_minor=100_000),)
    loyalty.booking = replace(loyalty.booking, earning=dearer)
    assert loyalty.told(order_refunded(amount=rupees(300))).ledger.balance(ASHA) == 7


def test_a_redemption_is_booked_even_below_zero_and_leaves_what_was_earned() -> None:
    loyalty = Loyalty().told(points_redeemed(points=30), order_paid())
    assert loyalty.ledger.balance(ASHA) == -20
    assert loyalty.ledger.account(ASHA).total_earned == 10
    assert [type(news) for news in loyalty.bus.told] == [PointsEarned]


def test_the_shops_past_is_booked_and_not_told() -> None:
    loyalty = Loyalty().told(order_paid(imported=True), order_refunded(amount=rupees(300)))
    assert loyalty.ledger.balance(ASHA) == 7
    assert loyalty.bus.told == []


def test_what_was_booked_and_not_told_is_told_when_the_fact_comes_again() -> None:
    loyalty = Loyalty()
    loyalty.bus.refusals = 1
    with pytest.raises(RetryLaterError):
        loyalty.told(order_paid())
    loyalty.told(order_paid())
    assert loyalty.ledger.balance(ASHA) == 10
    assert len(loyalty.bus.told) == 1


def test_the_news_of_an_entry_is_always_the_same() -> None:
    loyalty = Loyalty().told(order_paid(), points_redeemed(points=3), order_paid(event_id="evt-again"))
    assert loyalty.bus.told[0] == loyalty.bus.told[1]


def test_a_lost_race_is_run_again_and_in_the_end_left_to_the_queue() -> None:
    loyalty = Loyalty()
    loyalty.ledger.lost_races = 2
    assert loyalty.told(order_paid()).ledger.balance(ASHA) == 10
    assert loyalty.pauses == list(PAUSES[:2])
    loyalty.ledger.lost_races = 99
    with pytest.raises(RetryLaterError, match="OrderPaid"):
        loyalty.told(order_paid("order-78"))
    assert loyalty.ledger.balance(ASHA) == 10


@st.composite
def tellings(draw: st.DrawFn) -> tuple[list[LedgerFact], list[LedgerFact]]:
    """Facts about a few orders of one customer, and the same in another order, some of them twice."""
    facts: list[LedgerFact] = []
    for number in range(draw(st.integers(min_value=1, max_value=3))):
        order, currency = f"order-{number}", draw(st.sampled_from(["INR", "USD", "JPY"]))
        amounts = st.builds(Money, amount_minor=st.integers(0, 300_000), currency=st.just(currency))
        if draw(st.booleans()):
            facts.append(order_paid(order, amount=draw(amounts), imported=draw(st.booleans())))
        refunds = draw(st.lists(amounts, max_size=3))
        facts += [
            order_refunded(order, refund_id=f"refund-{n}", amount=sum_) for n, sum_ in enumerate(refunds)
        ]
    redeemed = draw(st.lists(st.integers(1, 50), max_size=2))
    facts += [points_redeemed(f"redemption-{n}", points=points) for n, points in enumerate(redeemed)]
    for n, points in enumerate(draw(st.lists(st.integers(1, 900), max_size=4))):
        about = {"order_id": f"order-{n // 2}", "benefit": Benefit(points=points)}
        facts.append(offer_redeemed(f"CODE{n}", **about))
        if draw(st.booleans()):
            facts.append(offer_given_back(f"CODE{n}", **about))
    twice = draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else []
    return facts, draw(st.permutations(facts + twice))


@settings(deadline=None, max_examples=300)
@given(tellings())
def test_any_order_of_any_facts_with_any_repeated_ends_in_the_same_ledger(
    told: tuple[list[LedgerFact], list[LedgerFact]],
) -> None:
    straight, shuffled = Loyalty().told(*told[0]), Loyalty().told(*told[1])
    assert straight.ledger.account(ASHA) == shuffled.ledger.account(ASHA)
    assert straight.ledger.balance(ASHA) == plain_balances(told[0], RATES).get(ASHA, 0)
    for loyalty in (straight, shuffled):
        audit = loyalty.ledger.audit(ASHA)
        assert audit.agrees, audit.differences
        assert rebuilt_balance(loyalty.ledger.entries(ASHA)) == loyalty.ledger.balance(ASHA)


@settings(deadline=None)
@given(tellings())
def test_no_order_ever_gives_less_than_nothing_nor_takes_more_than_it_gave(
    told: tuple[list[LedgerFact], list[LedgerFact]],
) -> None:
    in_force: defaultdict[str, int] = defaultdict(int)
    for entry in Loyalty().told(*told[1]).ledger.entries(ASHA):
        if entry.order_id and entry.kind.is_an_orders:
            in_force[entry.order_id] += entry.points
            gives = entry.kind in (EntryKind.PAID, EntryKind.OFFER_REDEEMED)
            assert 0 <= entry.offered <= entry.points if gives else entry.points <= entry.offered <= 0
    assert all(points >= 0 for points in in_force.values())


@settings(deadline=None)
@given(tellings())
def test_each_entry_alone_explains_what_its_order_was_worth_from_then_on(
    told: tuple[list[LedgerFact], list[LedgerFact]],
) -> None:
    loyalty = Loyalty()
    for number, fact in enumerate(told[1]):
        loyalty.told(fact, now=NOW + hours(number))
    worth: defaultdict[str, int] = defaultdict(int)
    for entry in sorted(loyalty.ledger.entries(ASHA), key=lambda entry: entry.booked_at):
        if entry.order_id:
            worth[entry.order_id] += entry.points
            assert worth[entry.order_id] == explained(entry)


@settings(deadline=None)
@given(tellings())
def test_what_was_told_of_orders_adds_up_to_what_they_brought_except_for_the_shops_past(
    told: tuple[list[LedgerFact], list[LedgerFact]],
) -> None:
    loyalty = Loyalty().told(*told[1])
    news = {fact.event_id: fact for fact in loyalty.bus.told}.values()
    earned = sum(fact.points for fact in news if isinstance(fact, PointsEarned))
    taken_back = sum(fact.points for fact in news if isinstance(fact, PointsTakenBack))
    past = sum(entry.points for entry in loyalty.ledger.entries(ASHA) if entry.imported)
    assert earned - taken_back == loyalty.ledger.account(ASHA).total_earned - past


def explained(entry: Entry) -> int:
    """An order's points by nothing but one of its entries."""
    kept = (entry.paid_minor or 0) - (entry.refunded_minor or 0)
    if kept <= 0:
        return 0
    by_money = kept // entry.rule.for_each_minor * entry.rule.points if entry.rule.for_each_minor else 0
    return by_money + sum((entry.offers or {}).values())
