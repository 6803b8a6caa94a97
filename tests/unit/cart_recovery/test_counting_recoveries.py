"""What is counted of nudges and orders, one fact after the other."""

import pytest

from cart_recovery.rules import Group
from engagement.errors import RetryLaterError
from shop_facts import (
    NOW,
    a_line,
    days,
    dollars,
    hours,
    order_cancelled,
    order_paid,
    order_placed,
    order_refunded,
    rupees,
)
from tests.unit.cart_recovery.house import Room, cart_nudged

PLACED = order_placed(occurred_at=NOW + hours(1))
PAID = order_paid(occurred_at=NOW + hours(2))
ONE = {
    "customers": 1,
    "exposures": 1,
    "recovered": 1,
    "orders": 1,
    "revenue_INR": 100_000,
    "payers_INR": 1,
    "squares_INR": 100_000**2,
}


def test_a_nudge_that_nothing_follows_counts_its_customer() -> None:
    room = Room().told(cart_nudged())
    assert room.counted() == {"customers": 1, "exposures": 1}


def test_a_paid_order_after_a_nudge_is_recovered_and_told_once() -> None:
    room = Room().told(cart_nudged(), PLACED)
    assert room.news == []
    room.told(PAID, PAID, PLACED)
    assert room.counted() == room.of_step() == ONE
    (news,) = room.news
    assert news.event_id == "order-order-77-recovered"
    assert (news.cart_id, news.step, news.amount) == ("cart-9", 2, rupees(1000))
    assert (news.experiment, news.variant) == ("subject", "question")
    assert news.occurred_at == NOW + hours(2)


def test_a_nudge_that_is_told_last_of_all_counts_what_came_before() -> None:
    room = Room().told(PAID, PLACED, order_refunded(amount=rupees(400)), cart_nudged())
    assert room.counted()["revenue_INR"] == 60_000
    assert len(room.news) == 1
    assert room.news[0].amount == rupees(1000)


def test_a_holdouts_order_is_counted_and_not_told() -> None:
    room = Room().told(cart_nudged(variant="holdout", withheld=True), PLACED, PAID)
    assert room.counted("holdout") == ONE
    assert room.of_step(2, "holdout") == {}
    assert room.news == []


def test_a_holdout_of_a_later_step_leaves_the_order_to_the_mail_that_arrived() -> None:
    first = cart_nudged(step=1, experiment="step-1", variant="standard")
    held = cart_nudged(variant="holdout", withheld=True, occurred_at=NOW + hours(23))
    room = Room().told(first, held, order_placed(occurred_at=NOW + hours(29)), PAID)
    assert room.counted("holdout") == room.of_step(1, "standard") == ONE
    (news,) = room.news
    assert (news.step, news.experiment) == (1, "step-1")


def test_a_cancelled_order_takes_its_recovery_back_and_the_next_one_counts() -> None:
    again = order_placed("order-78", occurred_at=NOW + hours(5)), order_paid("order-78", amount=rupees(70))
    room = Room().told(cart_nudged(), PLACED, PAID, *again)
    assert room.counted() == ONE
    room.told(order_cancelled())
    assert room.counted() == ONE | {"revenue_INR": 7_000, "squares_INR": 7_000**2}
    room.told(order_cancelled("order-78"))
    assert room.counted() == {"customers": 1, "exposures": 1}
    assert [news.order_id for news in room.news] == ["order-77", "order-78"]


def test_a_full_refund_leaves_it_recovered_with_no_revenue() -> None:
    room = Room().told(cart_nudged(), PLACED, PAID, order_refunded(amount=rupees(1000)))
    assert room.counted() == {
        "customers": 1,
        "exposures": 1,
        "recovered": 1,
        "orders": 1,
        "refunded_INR": 100_000,
    }


def test_a_refund_in_another_currency_changes_nothing_and_is_warned_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    room = Room().told(cart_nudged(), PLACED, PAID, order_refunded(amount=dollars(5)))
    assert room.counted() == ONE
    assert "a refund in another currency" in caplog.text
    caplog.clear()
    room.told(order_refunded(refund_id="refund-2", amount=rupees(1)))
    assert "a refund in another currency" not in caplog.text


def test_a_refund_in_another_currency_is_warned_of_when_the_payment_is_told_after_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    room = Room().told(cart_nudged(), PLACED, order_refunded(amount=dollars(5)))
    assert "a refund in another currency" not in caplog.text
    room.told(PAID)
    assert room.counted() == ONE
    assert "a refund in another currency" in caplog.text


def test_a_customer_who_leaves_ten_carts_is_one() -> None:
    facts = [cart_nudged(f"cart-{number}", occurred_at=NOW + hours(number)) for number in range(3)]
    orders = [
        fact
        for number in range(2)
        for fact in (
            order_placed(f"order-{number}", cart_id=f"cart-{number}", occurred_at=NOW + hours(number + 0.5)),
            order_paid(f"order-{number}", amount=rupees(10)),
        )
    ]
    room = Room().told(*facts, *orders)
    assert room.counted() == {
        "customers": 1,
        "exposures": 3,
        "recovered": 1,
        "orders": 2,
        "revenue_INR": 2000,
        "payers_INR": 1,
        "squares_INR": 2000**2,
    }


def test_a_later_step_recovers_the_order_and_the_earlier_ones_experiment_counts_it_too() -> None:
    third = cart_nudged(step=3, experiment="step-3", variant="standard", occurred_at=NOW + hours(24))
    room = Room().told(third, cart_nudged(step=2))
    room.told(order_placed(occurred_at=NOW + hours(30)), PAID)
    assert room.of_step(2) == {"customers": 1, "exposures": 1}
    assert room.of_step(3, "standard") == ONE
    assert room.counted() == ONE
    assert [news.step for news in room.news] == [3]


def test_a_nudge_told_late_takes_over_the_order_that_an_earlier_one_had() -> None:
    first = cart_nudged(step=1, experiment="step-1", variant="standard")
    room = Room().told(first, order_placed(occurred_at=NOW + hours(30)), PAID)
    assert room.of_step(1, "standard") == ONE
    room.told(cart_nudged(occurred_at=NOW + hours(24)))
    assert room.of_step(1, "standard") == {"customers": 1, "exposures": 1}
    assert room.of_step() == room.counted() == ONE
    assert len(room.news) == 1


def test_who_bought_as_a_guest_with_the_same_address_was_recovered() -> None:
    room = Room("cust-asha.rao", "guest-77.rao")
    guest = order_placed(
        customer_id="guest-77.rao", cart_id=None, lines=(a_line(),), occurred_at=NOW + hours(1)
    )
    room.told(cart_nudged(customer_id="cust-asha.rao"), guest, PAID)
    assert room.counted() == ONE
    assert room.news[0].customer_id == "cust-asha.rao"


def test_an_imported_order_is_the_shops_past() -> None:
    room = Room().told(cart_nudged(), PLACED, order_paid(imported=True))
    assert room.counted() == {"customers": 1, "exposures": 1}


def test_what_becomes_of_an_order_after_half_a_year_changes_nothing_any_more() -> None:
    room = Room().told(cart_nudged(), PLACED, PAID)
    room.told(order_cancelled(), now=NOW + days(181))
    room.told(cart_nudged("cart-10", occurred_at=NOW + days(181)), now=NOW + days(181))
    assert room.counted() == ONE | {"exposures": 2}


def test_another_customers_order_is_nobodys_recovery() -> None:
    room = Room().told(cart_nudged(), order_placed(customer_id="cust-noah", occurred_at=NOW), PAID)
    assert room.counted() == {"customers": 1, "exposures": 1}


def test_two_experiments_do_not_mix() -> None:
    room = Room().told(cart_nudged(), cart_nudged("cart-2", experiment="step-1", variant="standard", step=1))
    assert set(room.books.counters.groups()) == {
        Group("subject", 2, "question"),
        Group("step-2", 2, "question"),
        Group("step-1", 1, "standard"),
    }


@pytest.mark.parametrize("nudged_again", [False, True])
def test_an_account_that_is_gone_is_in_nobodys_way(nudged_again: bool) -> None:
    """Two of one household; what was known of one was taken out by hand."""
    room = Room("cust-a.rao", "cust-b.rao")
    room.told(
        cart_nudged(customer_id="cust-a.rao"),
        cart_nudged("cart-2", customer_id="cust-b.rao", product_ids=("cup",)),
        order_placed(customer_id="cust-a.rao", occurred_at=NOW + hours(1)),
        PAID,
    )
    assert room.counted()["orders"] == 1
    del room.books.accounts.known["cust-a.rao"]
    if nudged_again:
        room.told(cart_nudged("cart-3", customer_id="cust-a.rao", product_ids=("cup",)))
    room.told(order_refunded(amount=rupees(400)))
    counted = room.counted()
    assert "orders" not in counted
    assert "revenue_INR" not in counted
    assert counted["squares_INR"] == ONE["squares_INR"]
    room.told(order_refunded(refund_id="refund-2", amount=rupees(100)))
    assert room.counted() == counted


def test_who_was_killed_before_telling_tells_when_the_fact_comes_again() -> None:
    room = Room().told(cart_nudged(), PLACED)
    room.bus.refusals = 1
    with pytest.raises(RetryLaterError):
        room.told(PAID)
    assert room.news == []
    room.told(PAID)
    assert len(room.news) == 1
    assert room.counted() == ONE
