"""How many points an order is worth, whatever happens to it and in whatever order it is told."""

from collections.abc import Callable
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.errors import MalformedMessageError
from engagement.events.benefits import Benefit
from engagement.events.orders import OrderPaid, OrderRefunded
from engagement.money import Money
from ledger_in_memory import TIERS, offer_given_back
from loyalty_accrual.campaign import Earning
from loyalty_accrual.ledger import Order, Rule, RuleKind
from loyalty_accrual.rules import (
    after_payment,
    after_redemption,
    after_refund,
    after_release,
    points_in_force,
    rule_for,
    tier_of,
)
from shop_facts import dollars, offer_redeemed, order_paid, order_refunded, rupees

A_POINT_PER_HUNDRED = Rule(RuleKind.EARNING, points=1, for_each_minor=10_000, currency="INR")
amounts = st.integers(min_value=0, max_value=10**15)
few_rupees = st.integers(min_value=0, max_value=120_000).map(lambda m: Money(amount_minor=m, currency="INR"))
points = st.integers(min_value=1, max_value=10**9).map(lambda number: Benefit(points=number))
rules = st.builds(
    Rule,
    st.just(RuleKind.EARNING),
    st.integers(min_value=1, max_value=1000),
    st.integers(min_value=1, max_value=10**6),
    st.just("INR"),
)


def an_order() -> Order:
    return Order("cust-asha", "order-77")


def paid(amount: Money) -> OrderPaid:
    return order_paid(amount=amount)


def test_fractions_of_a_point_are_dropped() -> None:
    assert points_in_force(A_POINT_PER_HUNDRED, 199_999, 0) == 19


def test_a_refund_takes_back_what_the_rest_would_not_have_earned() -> None:
    assert points_in_force(A_POINT_PER_HUNDRED, 199_900, 9_900) == 19
    assert points_in_force(A_POINT_PER_HUNDRED, 199_900, 10_000) == 18


def test_an_order_that_cost_nothing_earns_nothing() -> None:
    assert points_in_force(A_POINT_PER_HUNDRED, 0, 0) == 0


def test_an_order_in_a_currency_without_a_rule_earns_nothing_and_says_so() -> None:
    rule = rule_for("JPY", [Earning(currency="INR", points=1, for_each_minor=10_000)])
    assert rule == Rule(RuleKind.NO_EARNING, currency="JPY")
    assert points_in_force(rule, 10**9, 0) == 0


def test_each_currency_earns_by_its_own_rule() -> None:
    earning = [
        Earning(currency="INR", points=1, for_each_minor=10_000),
        Earning(currency="USD", points=2, for_each_minor=100),
    ]
    assert points_in_force(rule_for("USD", earning), 4_599, 0) == 90


@given(rules, amounts, st.lists(amounts, max_size=6))
def test_partial_refunds_in_any_order_take_back_what_one_of_their_sum_would(
    rule: Rule, amount: int, refunds: list[int]
) -> None:
    in_force = points_in_force(rule, amount, 0)
    taken_back = 0
    for number in range(1, len(refunds) + 1):
        left = points_in_force(rule, amount, sum(refunds[:number]))
        assert left <= in_force
        taken_back += in_force - left
        in_force = left
    assert taken_back == points_in_force(rule, amount, 0) - points_in_force(rule, amount, sum(refunds))


@given(rules, amounts, amounts)
def test_refunds_never_take_back_more_than_was_earned(rule: Rule, amount: int, refunded: int) -> None:
    assert 0 <= points_in_force(rule, amount, refunded) <= points_in_force(rule, amount, 0)


@given(rules, amounts, amounts)
def test_refunding_everything_takes_back_everything(rule: Rule, amount: int, beyond: int) -> None:
    assert points_in_force(rule, amount, amount + beyond) == 0


@given(st.lists(st.integers(min_value=0, max_value=90_000), min_size=1, max_size=4))
def test_an_order_and_its_refunds_come_to_the_same_in_whatever_order_they_are_told(
    refunds: list[int],
) -> None:
    facts: list[OrderPaid | OrderRefunded] = [
        paid(rupees(2345)),
        *(
            order_refunded(refund_id=f"refund-{n}", amount=Money(amount_minor=amount, currency="INR"))
            for n, amount in enumerate(refunds)
        ),
    ]
    ends = set()
    for told in permutations(facts):
        order = an_order()
        for fact in told:
            if isinstance(fact, OrderPaid):
                order = after_payment(order, fact, A_POINT_PER_HUNDRED)
            else:
                order = after_refund(order, fact)
        ends.add((order.points_in_force, order.refunded["INR"], order.version))
    assert len(ends) == 1


@settings(max_examples=20)
@given(few_rupees, few_rupees, points, points)
def test_offers_and_what_becomes_of_them_come_to_the_same_in_whatever_order_they_are_told(
    amount: Money, refunded: Money, kept: Benefit, given_back: Benefit
) -> None:
    changes: list[Callable[[Order], Order]] = [
        lambda order: after_payment(order, paid(amount), A_POINT_PER_HUNDRED),
        lambda order: after_refund(order, order_refunded(amount=refunded)),
        lambda order: after_redemption(order, offer_redeemed("KEPT", benefit=kept)),
        lambda order: after_redemption(order, offer_redeemed("BACK", benefit=given_back)),
        lambda order: after_release(order, offer_given_back("BACK", benefit=given_back)),
    ]
    ends = {
        reduce(lambda order, change: change(order), told, an_order()).points_in_force
        for told in permutations(changes)
    }
    left = max(0, amount.amount_minor - refunded.amount_minor)
    assert ends == {left // 10_000 + ((kept.points or 0) if left else 0)}


def test_a_refund_before_its_order_is_kept_and_takes_effect_with_it() -> None:
    waiting = after_refund(an_order(), order_refunded(amount=rupees(400)))
    assert waiting.points_in_force == 0
    assert after_payment(waiting, paid(rupees(1000)), A_POINT_PER_HUNDRED).points_in_force == 6


def test_a_refund_in_another_currency_than_its_order_is_refused() -> None:
    order = after_payment(an_order(), paid(rupees(1000)), A_POINT_PER_HUNDRED)
    with pytest.raises(MalformedMessageError, match=r"order-77 was paid in INR, not USD"):
        after_refund(order, order_refunded(amount=dollars(10)))


def test_an_early_refund_in_another_currency_never_counts() -> None:
    waiting = after_refund(an_order(), order_refunded(amount=dollars(1000)))
    assert after_payment(waiting, paid(rupees(1000)), A_POINT_PER_HUNDRED).points_in_force == 10


def test_an_order_keeps_the_rule_of_its_day() -> None:
    order = after_payment(an_order(), paid(rupees(1000)), A_POINT_PER_HUNDRED)
    assert after_refund(order, order_refunded(amount=rupees(100))).rule == A_POINT_PER_HUNDRED


@pytest.mark.parametrize(
    ("points", "tier"),
    [(-40, "bronze"), (0, "bronze"), (499, "bronze"), (500, "silver"), (1999, "silver"), (2000, "gold")],
)
def test_the_tier_is_the_highest_that_the_points_reach(points: int, tier: str) -> None:
    assert tier_of(points, TIERS).name == tier
