"""Which order counts for which nudge: once for the mails that arrived, and for each experiment by itself."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cart_recovery.rules import Exposure, Group, Order, Recovery, attributed_to, recoveries
from engagement.money import Money
from shop_facts import NOW, dollars, hours, rupees

GROUP = Group("subject", 2, "question")


def a_nudge(cart_id: str = "cart-9", **changes: Any) -> Exposure:
    known: dict[str, Any] = {
        "customer_id": "cust-asha",
        "cart_id": cart_id,
        "told_as": GROUP,
        "withheld": False,
        "products": frozenset({"assam-tea"}),
        "at": NOW,
        "counts_until": NOW + hours(72),
    }
    return Exposure(**known | changes)


def an_order(order_id: str = "order-77", **changes: Any) -> Order:
    known: dict[str, Any] = {
        "placed_at": NOW + hours(1),
        "customers": ("cust-asha",),
        "cart_id": "cart-9",
        "paid": rupees(1000),
    }
    return Order(order_id, **known | changes)


def counted(orders: list[Order], exposures: list[Exposure], experiment: str) -> dict[str, Recovery]:
    """What each order counts there."""
    return {
        order_id: recovery
        for order_id, found in recoveries(orders, exposures).items()
        for recovery in found
        if recovery.group.experiment == experiment
    }


def test_an_order_of_the_nudged_cart_is_recovered_at_its_step_and_counts_in_its_experiment() -> None:
    for name in ("step-2", "subject"):
        (found,) = counted([an_order()], [a_nudge()], name).values()
        assert found.group == Group(name, 2, "question")
        assert (found.experiment, found.cart_id, found.net) == ("subject", "cart-9", 100_000)


def test_a_step_without_an_experiment_counts_by_itself_and_once() -> None:
    alone = a_nudge(told_as=Group("step-1", 1, "standard"))
    ((found,),) = recoveries([an_order()], [alone]).values()
    assert found.group == Group("step-1", 1, "standard")


def test_what_did_not_arrive_takes_no_order_from_the_mail_that_did() -> None:
    first = a_nudge(told_as=Group("step-1", 1, "standard"))
    held = a_nudge(told_as=Group("subject", 2, "holdout"), withheld=True, at=NOW + hours(23))
    (found,) = recoveries([an_order(placed_at=NOW + hours(29))], [first, held]).values()
    assert {each.group for each in found} == {Group("step-1", 1, "standard"), Group("subject", 2, "holdout")}


def test_a_later_step_does_not_shorten_the_time_of_an_experiment() -> None:
    third = a_nudge(told_as=Group("step-3", 3, "standard"), at=NOW + hours(48))
    order = an_order(placed_at=NOW + hours(52))
    for arm in (a_nudge(), a_nudge(told_as=Group("subject", 2, "holdout"), withheld=True)):
        (found,) = counted([order], [arm, third], "subject").values()
        assert found.group == arm.told_as
    assert not counted([order], [a_nudge(), third], "step-2")


def test_a_cart_counts_once_in_an_experiment_and_once_at_the_steps() -> None:
    orders = [an_order(f"order-{number}", placed_at=NOW + hours(number)) for number in (1, 2)]
    for name in ("step-2", "subject"):
        assert list(counted(orders, [a_nudge()], name)) == ["order-1"]


def test_the_orders_own_cart_goes_before_a_later_nudge_that_shares_a_product() -> None:
    own, other = a_nudge("cart-a"), a_nudge("cart-b", at=NOW + hours(1))
    bought: dict[str, Any] = {"products": frozenset({"assam-tea"}), "placed_at": NOW + hours(2)}
    for cart_id, nudge in (("cart-a", own), ("cart-b", other), (None, other), ("cart-c", other)):
        assert attributed_to(an_order(cart_id=cart_id, **bought), [own, other]) is nudge
    both = [an_order("order-1", cart_id="cart-a", **bought), an_order("order-2", cart_id="cart-b", **bought)]
    assert {name: each.cart_id for name, each in counted(both, [own, other], "subject").items()} == {
        "order-1": "cart-a",
        "order-2": "cart-b",
    }


def test_so_is_one_under_another_cart_that_shares_a_product() -> None:
    order = an_order(cart_id="cart-10", products=frozenset({"assam-tea", "honey"}))
    assert recoveries([order], [a_nudge()])
    assert not recoveries([replace(order, products=frozenset({"honey"}))], [a_nudge()])
    assert not recoveries([replace(order, cart_id=None, products=frozenset())], [a_nudge()])


def test_only_one_of_its_own_customers() -> None:
    assert not recoveries([an_order(customers=("cust-noah",))], [a_nudge()])
    assert recoveries([an_order(customers=("cust-asha", "guest-7"))], [a_nudge()])


def test_an_order_counts_from_the_nudges_instant_to_the_last_of_its_window() -> None:
    moment = hours(0.001)
    for placed_at, counts in (
        (NOW - moment, False),
        (NOW, True),
        (NOW + hours(72), True),
        (NOW + hours(72) + moment, False),
    ):
        assert bool(recoveries([an_order(placed_at=placed_at)], [a_nudge()])) is counts


def test_the_latest_nudge_before_the_order_has_it() -> None:
    steps = [a_nudge(told_as=replace(GROUP, step=step), at=NOW + hours(10 * step)) for step in (1, 2, 3)]
    found = attributed_to(an_order(placed_at=NOW + hours(25)), steps)
    assert found
    assert found.told_as.step == 2


def test_a_cart_is_recovered_once_by_the_first_order_that_was_paid_and_not_cancelled() -> None:
    first, second, third = (
        an_order(f"order-{number}", placed_at=NOW + hours(number)) for number in (1, 2, 3)
    )
    orders = [third, first, second]
    assert list(recoveries(orders, [a_nudge()])) == ["order-1"]
    assert list(recoveries([third, replace(first, cancelled=True), second], [a_nudge()])) == ["order-2"]
    assert list(recoveries([third, replace(first, paid=None), second], [a_nudge()])) == ["order-2"]


def test_of_two_at_the_same_moment_it_is_the_one_with_the_lower_id() -> None:
    assert list(recoveries([an_order("order-2"), an_order("order-1")], [a_nudge()])) == ["order-1"]


def test_a_refund_takes_revenue_away_and_never_more_than_was_paid() -> None:
    def net(**refunds: Money) -> int:
        (found,) = counted([an_order(refunds=refunds)], [a_nudge()], "step-2").values()
        return found.net

    assert net(a=rupees(300), b=rupees(200)) == 50_000
    assert net(a=rupees(900), b=rupees(200)) == 0
    assert net(a=dollars(5)) == 100_000


def test_what_a_holdout_bought_by_itself_counts_in_its_experiment_alone() -> None:
    ((found,),) = recoveries([an_order()], [a_nudge(withheld=True)]).values()
    assert found.group == GROUP


_moments = st.integers(0, 90).map(lambda number: NOW + hours(number))
_carts = st.sampled_from(["cart-1", "cart-2", "cart-3"])
_customers = st.sampled_from(["asha", "bela", "noah"])
_products = st.frozensets(st.sampled_from(["tea", "honey", "cup"]), max_size=2)


@st.composite
def nudges(draw: st.DrawFn) -> Exposure:
    at = draw(_moments)
    step = draw(st.integers(1, 3))
    variant = "standard" if step == 1 else draw(st.sampled_from(["question", "holdout"]))
    return Exposure(
        draw(_customers),
        draw(_carts),
        Group(("step-1", "subject", "coupon")[step - 1], step, variant),
        variant == "holdout",
        draw(_products),
        at,
        at + hours(draw(st.integers(0, 72))),
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    return Order(
        draw(st.sampled_from([f"order-{number}" for number in range(6)])),
        placed_at=draw(st.none() | _moments),
        customers=tuple(sorted(draw(st.sets(_customers, min_size=1)))),
        cart_id=draw(st.none() | _carts),
        products=draw(_products),
        paid=draw(st.none() | st.integers(0, 500).map(rupees)),
        cancelled=draw(st.booleans()),
    )


_exposures = st.lists(
    nudges(), max_size=8, unique_by=lambda each: (each.customer_id, each.cart_id, each.told_as.step)
)
_orders = st.lists(orders(), max_size=6, unique_by=lambda each: each.order_id)


@given(_exposures, _orders, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_came_does_not_matter(
    exposures: list[Exposure], known: list[Order], any_order: random.Random
) -> None:
    found = recoveries(known, exposures)
    any_order.shuffle(known)
    any_order.shuffle(exposures)
    assert recoveries(known, exposures) == found
    for of_steps in (True, False):
        carts = [
            (each.customer_id, each.cart_id, None if of_steps else each.group.experiment)
            for recovered in found.values()
            for each in recovered
            if each.group.is_of_step is of_steps
        ]
        assert len(carts) == len(set(carts))


@settings(max_examples=40)
@given(_exposures, _orders)
def test_an_experiment_counts_the_same_whatever_other_steps_did(
    exposures: list[Exposure], known: list[Order]
) -> None:
    alone = [each for each in exposures if each.told_as.experiment == "subject"]
    assert counted(known, exposures, "subject") == counted(known, alone, "subject")


@settings(max_examples=40)
@given(_exposures, _orders)
def test_an_experiment_counts_the_same_whether_a_nudge_arrived_or_was_withheld(
    exposures: list[Exposure], known: list[Order]
) -> None:
    changed = [replace(each, withheld=not each.withheld) for each in exposures]
    assert counted(known, exposures, "coupon") == counted(known, changed, "coupon")


@settings(max_examples=40)
@given(_exposures, _orders)
def test_the_steps_count_the_same_whether_there_is_a_holdout_or_not(
    exposures: list[Exposure], known: list[Order]
) -> None:
    arrived = [each for each in exposures if not each.withheld]
    for step in ("step-1", "step-2", "step-3"):
        assert counted(known, exposures, step) == counted(known, arrived, step)
