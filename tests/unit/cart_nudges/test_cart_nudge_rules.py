"""When a cart is nudged about, and when not."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.rules import (
    Cart,
    CartStatus,
    nudge_due_at,
    reason_not_to_nudge,
    send_key,
    total,
    useful_until,
)
from engagement.money import Money
from shop_facts import NOW, a_line, dollars, rupees

SETTINGS = CartNudgeSettings.model_validate({"idle_for": "1h", "useful_for": "24h", "keep_cart_for": "30d"})


def a_cart(**changes: Any) -> Cart:
    known: dict[str, Any] = {"status": CartStatus.OPEN, "activity_at": NOW, "customer_id": "cust-asha"}
    return Cart(**{"cart_id": "cart-9", "lines": (a_line(),), **known, **changes})


def test_a_nudge_is_due_when_the_cart_was_left_for_as_long_as_the_plan_says() -> None:
    assert nudge_due_at(a_cart(), SETTINGS) == NOW + timedelta(hours=1)


def test_a_bought_cart_is_never_due() -> None:
    assert nudge_due_at(a_cart(status=CartStatus.BOUGHT), SETTINGS) is None
    assert reason_not_to_nudge(a_cart(status=CartStatus.BOUGHT)) == "bought"


def test_an_emptied_cart_is_never_due() -> None:
    assert nudge_due_at(a_cart(lines=()), SETTINGS) is None
    assert reason_not_to_nudge(a_cart(lines=())) == "emptied"


def test_a_cart_is_nudged_about_only_once() -> None:
    assert reason_not_to_nudge(a_cart(nudged=True)) == "nudged_already"


def test_nobody_is_nudged_about_a_guests_cart() -> None:
    assert nudge_due_at(a_cart(customer_id=None), SETTINGS) is None
    assert reason_not_to_nudge(a_cart(customer_id=None)) == "customer_unknown"


def test_an_open_cart_with_something_in_it_has_no_reason_against_a_nudge() -> None:
    assert reason_not_to_nudge(a_cart()) is None


def test_a_nudge_is_of_no_use_a_day_after_it_was_due() -> None:
    assert useful_until(a_cart(), SETTINGS) == NOW + timedelta(hours=25)


def test_the_send_key_names_the_cart_and_the_step() -> None:
    assert send_key("cart-9") == "cart_nudge:cart-9:step-1"


def test_the_largest_cart_that_can_be_told_has_a_total() -> None:
    line = a_line(quantity=100_000, price=Money(amount_minor=10**15, currency="IDR"))
    shown = total((line,) * 200)
    assert shown is not None
    assert shown.amount_minor == 2 * 10**22


def test_a_cart_is_kept_at_least_as_long_as_a_nudge_about_it_is_useful() -> None:
    with pytest.raises(ValueError, match="keep_cart_for"):
        CartNudgeSettings.model_validate({"idle_for": "1h", "useful_for": "24h", "keep_cart_for": "24h"})


def test_a_total_is_not_shown_for_lines_in_several_currencies() -> None:
    assert total((a_line(), a_line("Sencha", price=dollars(18)))) is None
    assert total(()) is None


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 1000)), min_size=1, max_size=20))
def test_the_total_is_the_sum_of_its_lines(prices: list[tuple[int, int]]) -> None:
    lines = tuple(a_line(price=rupees(price), quantity=quantity) for price, quantity in prices)
    shown = total(lines)
    assert shown is not None
    assert shown.amount_minor == sum(100 * price * quantity for price, quantity in prices)
