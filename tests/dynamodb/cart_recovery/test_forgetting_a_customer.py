"""Whoever is erased leaves the experiments' sums as they are, and nothing that leads back to them."""

from shop_facts import NOW, erased, hours, order_paid, order_placed, order_refunded
from tests.dynamodb.cart_recovery.house import House
from tests.unit.cart_recovery.house import LATER, cart_nudged

PLACED = order_placed(occurred_at=NOW + hours(1))
PAID = order_paid(occurred_at=NOW + hours(2))


def test_an_erased_customers_nudges_and_orders_are_deleted_and_stay_counted(house: House) -> None:
    house.hear(cart_nudged(), PLACED, PAID)
    before = house.groups()
    house.hear(erased(occurred_at=LATER), erased(occurred_at=LATER))
    assert house.items("NudgeExposuresTable") == []
    assert house.items("NudgedOrdersTable") == []
    assert house.groups() == before


def test_a_refund_that_is_told_after_the_erasure_counts_nothing_and_names_nobody(house: House) -> None:
    house.hear(cart_nudged(), PLACED, PAID, erased(occurred_at=LATER))
    before = house.groups()
    house.hear(order_refunded(occurred_at=LATER))
    assert house.groups() == before
    assert "cust-asha" not in str(house.items("NudgedOrdersTable"))


def test_others_orders_and_nudges_stay(house: House) -> None:
    house.hear(cart_nudged("cart-ravi", customer_id="cust-ravi"), cart_nudged(), PLACED)
    house.hear(erased(occurred_at=LATER))
    assert {item["customer_id"] for item in house.items("NudgeExposuresTable")} == {"cust-ravi"}


def test_an_old_erasure_that_is_told_late_takes_no_newer_nudge_or_order(house: House) -> None:
    house.hear(cart_nudged(occurred_at=NOW), PLACED)
    house.hear(erased(occurred_at=NOW - hours(1)))
    assert {item["entry"].partition("#")[0] for item in house.items("NudgeExposuresTable")} == {
        "account",
        "order",
    }
