"""When a review is asked for, and when not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.errors import InvalidPlanError
from engagement.plan import PLAN_FILE, engagement_plan, read_plan
from review_requests.campaign import ReviewRequestSettings
from review_requests.rules import (
    Closed,
    ClosingFact,
    Product,
    ReviewRequest,
    products_of,
    reason_not_to_ask,
    reason_to_close,
    request_due_at,
    send_key,
    useful_until,
)
from shop_facts import NOW, a_line, days, order_cancelled, order_refunded, review_submitted, rupees

SETTINGS = ReviewRequestSettings.model_validate(
    {"after_delivery": "7d", "useful_for": "14d", "keep_request_for": "365d"}
)


def a_request(**changes: Any) -> ReviewRequest:
    known: dict[str, Any] = {"order_id": "order-77", "delivered_at": NOW, "customer_id": "cust-asha"}
    return ReviewRequest(**known | changes)


def test_a_request_is_due_so_long_after_the_delivery_as_the_plan_says() -> None:
    assert request_due_at(NOW, SETTINGS) == NOW + days(7)


def test_a_request_is_of_no_use_two_weeks_after_it_was_due() -> None:
    assert useful_until(NOW, SETTINGS) == NOW + days(21)


def test_a_delivered_order_may_be_asked_about() -> None:
    assert reason_not_to_ask(a_request()) is None


@pytest.mark.parametrize("closed", list(Closed))
def test_nobody_is_asked_about_an_order_that_is_closed(closed: Closed) -> None:
    assert reason_not_to_ask(a_request(closed=closed)) == closed.value


def test_nobody_is_asked_twice() -> None:
    assert reason_not_to_ask(a_request(asked=True)) == "asked_already"


def test_nobody_is_asked_about_what_did_not_arrive() -> None:
    assert reason_not_to_ask(a_request(delivered_at=None)) == "not_delivered"


def test_a_request_that_was_begun_and_not_asked_is_begun_again() -> None:
    assert reason_not_to_ask(a_request(begun=True)) is None


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (order_cancelled(), Closed.CANCELLED),
        (order_refunded(), Closed.REFUNDED),
        (order_refunded(amount=rupees(1)), Closed.REFUNDED),
        (review_submitted(rating=1), Closed.REVIEWED),
    ],
)
def test_a_cancellation_any_refund_and_any_review_close_the_request(
    fact: ClosingFact, reason: Closed
) -> None:
    assert reason_to_close(fact) is reason


def test_the_send_key_names_the_order_and_that_it_is_the_first() -> None:
    assert send_key("order-77") == "review_request:order-77:first"


def test_a_product_on_several_lines_is_named_once() -> None:
    lines = (a_line("Assam tea", quantity=2), a_line("Clay cup"), a_line("Assam tea"))
    assert products_of(lines) == (
        Product("assam-tea", "Assam tea", 3),
        Product("clay-cup", "Clay cup", 1),
    )


@given(
    st.lists(st.tuples(st.sampled_from(["Assam tea", "Clay cup", "Jaggery"]), st.integers(1, 9)), min_size=1)
)
def test_no_item_gets_lost_between_the_lines(bought: list[tuple[str, int]]) -> None:
    products = products_of(tuple(a_line(name, quantity=quantity) for name, quantity in bought))
    assert sum(product.quantity for product in products) == sum(quantity for _, quantity in bought)
    assert len({product.product_id for product in products}) == len(products)


def test_the_plan_that_ships_is_valid() -> None:
    assert engagement_plan().settings(ReviewRequestSettings) == SETTINGS


def test_a_request_must_not_be_forgotten_before_it_is_of_no_use_any_more() -> None:
    text = PLAN_FILE.read_text(encoding="utf-8").replace("keep_request_for: 365d", "keep_request_for: 20d")
    with pytest.raises(InvalidPlanError, match="keep_request_for must not end before"):
        read_plan(text, source="plan.yaml").settings(ReviewRequestSettings)
