"""What of an order may be asked about, from when on, and what the plan may say about that."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from engagement.events.orders import RefundedLine
from engagement.plan import engagement_plan
from review_requests.campaign import ReviewRequestSettings
from review_requests.orders import Order, OrderNews, with_fact
from review_requests.rules import due_at, reason_of_nothing, ripe
from shop_facts import (
    NOW,
    a_line,
    days,
    dollars,
    order_cancelled,
    order_delivered,
    order_fulfilled,
    order_paid,
    order_placed,
    order_refunded,
    review_submitted,
    rupees,
)

PLAN = engagement_plan().campaign("review_request").settings
SETTINGS = ReviewRequestSettings.model_validate(PLAN)
TOLD = ReviewRequestSettings.model_validate({**PLAN, "deliveries_are_told": True})
TEA, CUP = a_line("Tea"), a_line("Cup")
BOTH = (TEA, CUP)


def known(*facts: OrderNews) -> Order:
    order: Order | None = None
    for fact in facts:
        order = with_fact(order, fact)
    assert order
    return order


def ripe_after(*facts: OrderNews, settings: ReviewRequestSettings = SETTINGS) -> Any:
    """Days from NOW at which tea may be asked about; "out", or None while it is still to come."""
    found = ripe(known(*facts), (), settings).get("tea", "out")
    return (found - NOW) / days(1) if isinstance(found, datetime) else found


def fulfilled(parcel: str = "parcel-1", day: float = 0, **changes: Any) -> Any:
    lines = changes.pop("lines", (TEA,))
    return order_fulfilled(fulfilment_id=parcel, occurred_at=NOW + days(day), lines=lines, **changes)


def delivered(day: float, parcel: str | None = "parcel-1", **changes: Any) -> Any:
    lines = changes.pop("lines", (TEA,))
    return order_delivered(fulfilment_id=parcel, occurred_at=NOW + days(day), lines=lines, **changes)


def refunded(day: float, *products: str, **changes: Any) -> Any:
    lines = tuple(RefundedLine(product_id=product) for product in products)
    told: dict[str, Any] = {"lines": lines, "occurred_at": NOW + days(day)}
    return order_refunded(**told | changes)


DIGITAL = TEA.model_copy(update={"kind": "digital"})
CREAM = TEA.model_copy(update={"category": "skin_care"})
DIGITAL_CREAM = DIGITAL.model_copy(update={"category": "skin_care"})


@pytest.mark.parametrize(
    ("facts", "after"),
    [
        ([delivered(2)], 9),
        ([delivered(2, destination="foreign")], 12),
        ([fulfilled(), delivered(2)], 9),
        # Nobody told of the delivery: on the day that the carrier meant, or after the usual time.
        ([fulfilled(expected_at=NOW + days(3))], 10),
        ([fulfilled()], 11),
        ([fulfilled(destination="foreign")], 24),
        ([fulfilled(lines=(DIGITAL,))], 2),
        ([fulfilled(lines=(CREAM,))], 25),
        ([fulfilled(lines=(DIGITAL_CREAM,))], 21),
        # A day of delivery that changed moves it, to and fro.
        ([fulfilled(expected_at=NOW + days(3)), fulfilled(day=1, expected_at=NOW + days(9))], 16),
        ([fulfilled(expected_at=NOW + days(9)), fulfilled(day=1, expected_at=NOW + days(3))], 10),
        ([delivered(2), delivered(5)], 12),
        # A replacement that is on its way again has not arrived.
        ([fulfilled(), delivered(2), fulfilled("parcel-2", 5)], 16),
        ([fulfilled(), delivered(2), fulfilled("parcel-2", 5), delivered(6, "parcel-2")], 13),
        ([order_placed(lines=BOTH)], None),
        ([order_placed(lines=BOTH), delivered(1, lines=(CUP,))], None),
    ],
)
def test_when_a_product_may_be_asked_about(facts: list[Any], after: float | None) -> None:
    assert ripe_after(*facts) == after


def test_where_the_shop_tells_of_deliveries_a_parcel_arrives_when_it_says_so_and_not_else() -> None:
    assert ripe_after(fulfilled(expected_at=NOW + days(3)), settings=TOLD) is None
    assert ripe_after(fulfilled(), delivered(5), settings=TOLD) == 12


@pytest.mark.parametrize(
    ("facts", "is_out"),
    [
        ([refunded(3, "tea")], True),
        ([refunded(3, "cup")], False),
        ([refunded(3, lines=None)], True),
        # Money alone, until it is all that was paid.
        ([refunded(3)], False),
        ([refunded(3), order_paid(amount=rupees(1000))], True),
        ([refunded(3), order_paid(amount=rupees(1001))], False),
        ([refunded(3), order_paid(amount=dollars(1))], False),
        ([refunded(3), refunded(4, refund_id="refund-2"), order_paid(amount=rupees(2000))], True),
        ([refunded(3), refunded(4), order_paid(amount=rupees(2000))], False),
        # The money was faster than the parcel; and a new parcel.
        ([refunded(3, "tea"), delivered(5)], True),
        ([refunded(3, "tea"), fulfilled("parcel-2", 5)], False),
        ([refunded(3, "tea"), fulfilled("parcel-2", 5), refunded(9, "tea", refund_id="refund-2")], True),
        # A date that is told again is no parcel that leaves again.
        ([refunded(3, "tea"), fulfilled(day=5, expected_at=NOW + days(7))], True),
    ],
)
def test_what_was_sent_back_is_out_until_it_is_sent_again(facts: list[Any], is_out: bool) -> None:
    assert (ripe_after(fulfilled(), delivered(2), *facts) == "out") is is_out


@pytest.mark.parametrize("line", [{"kind": "gift_card"}, {"category": "packaging"}])
def test_gift_cards_and_what_the_plan_excludes_are_never_asked_about(line: dict[str, str]) -> None:
    order = known(delivered(0, lines=(TEA.model_copy(update=line),)))
    assert ripe(order, (), SETTINGS) == {}
    assert reason_of_nothing(order, SETTINGS) == "not_reviewable"


def test_a_product_that_the_plan_excludes_is_never_asked_about() -> None:
    without_tea = ReviewRequestSettings.model_validate({**PLAN, "exclude": {"products": ["tea"]}})
    assert set(ripe(known(delivered(0, lines=BOTH)), (), without_tea)) == {"cup"}


def test_what_the_customer_reviewed_is_not_asked_about_when_they_buy_it_again() -> None:
    order = known(delivered(0, lines=BOTH))
    assert set(ripe(order, {"tea"}, SETTINGS)) == {"cup"}
    assert reason_of_nothing(order, SETTINGS) == "reviewed"


@pytest.mark.parametrize("over", [order_cancelled(), order_paid(imported=True), review_submitted()])
def test_of_an_order_that_is_over_nothing_is_left(over: Any) -> None:
    assert ripe(known(delivered(0, lines=BOTH), over), (), SETTINGS) == {}


DUES: list[tuple[list[Any], float | None]] = [
    ([delivered(0, lines=BOTH)], 7),
    ([fulfilled(), fulfilled("parcel-2", 6, lines=(CUP,))], 17),
    # What came waits two weeks for the rest, and no longer.
    ([order_placed(lines=BOTH), delivered(0)], 21),
    ([delivered(0), delivered(30, "parcel-2", lines=(CUP,))], 21),
    ([order_placed(lines=BOTH), delivered(0), refunded(1, "cup")], 7),
    ([order_placed(lines=BOTH)], None),
]


@pytest.mark.parametrize(("facts", "after"), DUES)
def test_an_order_is_due_when_the_last_of_it_is_or_what_came_has_waited_long_enough(
    facts: list[Any], after: float | None
) -> None:
    due = due_at(ripe(known(*facts), (), SETTINGS), SETTINGS)
    assert due == (None if after is None else NOW + days(after))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"useful_for": "7d"}, "useful_for must be a day longer"),
        ({"keep_request_for": "83d"}, "keep_request_for must not end before"),
    ],
)
def test_a_plan_that_leaves_no_time_to_ask_is_refused(change: dict[str, str], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        ReviewRequestSettings.model_validate({**PLAN, **change})


def test_a_plan_that_keeps_requests_just_long_enough_is_taken() -> None:
    # 14 days in transit, 21 until a cream is tried, 14 for the rest, 14 to ask; 7 to the reminder, 14 to remind.
    settings = ReviewRequestSettings.model_validate({**PLAN, "keep_request_for": "84d"})
    assert settings.keep_request_for == days(84)


def test_whoever_reminds_nobody_need_not_keep_requests_for_it() -> None:
    changes = {"keep_request_for": "63d", "remind_after": None}
    read: Callable[[Any], ReviewRequestSettings] = ReviewRequestSettings.model_validate
    assert read({**PLAN, **changes}).remind_after is None
