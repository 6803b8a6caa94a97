"""Shoppers on the real engine: orders are noted once each, and of two mails one gets the incentive."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from cart_nudges.carts.shoppers_table import Purchase, Shopper, Shoppers
from engagement.clock import to_text
from engagement.items import from_item, to_item
from engagement.reading import read_one
from shop_facts import NOW, days, hours

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ASHA = "customer:cust-asha"


@pytest.fixture
def shoppers(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> Shoppers:
    return Shoppers(dynamodb, dynamodb_table("CartShoppersTable"))


def record(
    shoppers: Shoppers,
    order_id: str = "order-77",
    *products: str,
    at: datetime = NOW,
    shopper: str = ASHA,
) -> None:
    shoppers.record_order(
        shopper, order_id=order_id, at=at, product_ids=products or ("assam-tea",), keep_for=days(30)
    )


def known(shoppers: Shoppers, shopper: str = ASHA) -> Shopper:
    return read_one(shoppers._client, shoppers.reading(shopper))


def item(shoppers: Shoppers) -> dict[str, Any]:
    answer = shoppers._client.get_item(TableName=shoppers._table, Key=to_item({"shopper": ASHA}))
    return from_item(answer["Item"])


def orders(shoppers: Shoppers) -> set[str]:
    return {purchase.order_id for purchase in known(shoppers).purchases}


def ordered_before(shoppers: Shoppers, order_ids: list[str]) -> None:
    """One order a second, each of one product."""
    noted = {
        f"order#{order_id}": {"at": to_text(NOW + number * hours(1) / 3600), "products": [order_id]}
        for number, order_id in enumerate(order_ids)
    }
    before = {"shopper": ASHA, "latest_order": order_ids[-1], "expires_at": 1}
    shoppers._client.put_item(TableName=shoppers._table, Item=to_item(before | noted))


def claim(shoppers: Shoppers, key: str = "cart_nudge:cart-9:step-3", *, now: datetime = NOW) -> bool:
    return shoppers.claim_incentive("cust-asha", key, now=now, not_again_for=days(90), keep_for=days(90))


def test_somebody_who_ordered_nothing_is_a_shopper_none_the_less(shoppers: Shoppers) -> None:
    assert known(shoppers) == Shopper(ASHA)
    assert shoppers.premise(known(shoppers)).still == {"latest_order": None}


def test_an_order_is_noted_with_what_was_in_it_and_a_nudge_hears_of_it(shoppers: Shoppers) -> None:
    record(shoppers, "order/7.7@shop", "assam-tea", "clay-cups", "assam-tea")
    assert known(shoppers).purchases == (Purchase("order/7.7@shop", NOW, ("assam-tea", "clay-cups")),)
    assert shoppers.premise(known(shoppers)).still == {"latest_order": "order/7.7@shop"}
    assert shoppers.premise(known(shoppers)).key == {"shopper": ASHA}


def test_the_same_order_again_changes_nothing(shoppers: Shoppers) -> None:
    record(shoppers, "order-1")
    record(shoppers, "order-2", at=NOW + hours(1))
    before = item(shoppers)
    record(shoppers, "order-1", at=NOW + days(9))
    assert item(shoppers) == before
    assert before["latest_order"] == "order-2"


def test_what_is_too_old_is_dropped_in_whatever_order_orders_come(shoppers: Shoppers) -> None:
    at = {"order-1": NOW, "order-2": NOW + days(20), "order-3": NOW + days(40)}
    for way in permutations(at):
        for order_id in way:
            record(shoppers, order_id, at=at[order_id])
        assert orders(shoppers) == {"order-2", "order-3"}
        assert item(shoppers)["expires_at"] == int((NOW + days(70)).timestamp())
        shoppers._client.delete_item(TableName=shoppers._table, Key=to_item({"shopper": ASHA}))


def test_who_orders_more_than_an_item_holds_is_known_by_the_newest_orders(shoppers: Shoppers) -> None:
    for number in range(6):
        products = [f"product-{number}-{position}" for position in range(500)]
        record(shoppers, f"order-{number}", *products, at=NOW + number * hours(1))
    assert orders(shoppers) == {f"order-{number}" for number in range(3, 6)}


def test_who_orders_one_thing_at_a_time_is_known_by_the_newest_orders_too(shoppers: Shoppers) -> None:
    """An order takes room, however little was in it."""
    ordered_before(shoppers, [f"{number:0100}" for number in range(700)])
    record(shoppers, f"{700:0100}", at=NOW + days(1))
    assert orders(shoppers) == {f"{number:0100}" for number in range(35, 701)}


def test_however_many_orders_grew_too_old_they_are_dropped(shoppers: Shoppers) -> None:
    ordered_before(shoppers, [f"order-{number}" for number in range(500)])
    record(shoppers, "order-new", at=NOW + days(31))
    assert orders(shoppers) == {"order-new"}


def test_one_incentive_a_season(shoppers: Shoppers) -> None:
    assert claim(shoppers)
    assert not claim(shoppers, "cart_nudge:cart-10:step-3", now=NOW + days(89))
    assert known(shoppers).incentive_key == "cart_nudge:cart-9:step-3"
    assert claim(shoppers, "cart_nudge:cart-10:step-3", now=NOW + days(90))
    assert item(shoppers)["incentive_at"] == to_text(NOW + days(90))


def test_a_mail_that_is_composed_anew_keeps_its_incentive(shoppers: Shoppers) -> None:
    assert claim(shoppers)
    assert claim(shoppers, now=NOW + hours(3))
    assert item(shoppers)["incentive_at"] == to_text(NOW)


def test_of_twenty_mails_at_once_one_gets_the_incentive(shoppers: Shoppers) -> None:
    with ThreadPoolExecutor(20) as pool:
        won = list(pool.map(lambda number: claim(shoppers, f"cart_nudge:cart-{number}:step-3"), range(20)))
    assert sum(won) == 1


def test_what_a_mail_that_did_not_arrive_claimed_is_free_again_and_anothers_is_not(
    shoppers: Shoppers,
) -> None:
    claim(shoppers)
    shoppers.release_incentive("cust-asha", "cart_nudge:cart-10:step-3")
    assert not claim(shoppers, "cart_nudge:cart-10:step-3")
    shoppers.release_incentive("cust-asha", "cart_nudge:cart-9:step-3")
    assert known(shoppers) == Shopper(ASHA)
    assert claim(shoppers, "cart_nudge:cart-10:step-3")
    shoppers.release_incentive("cust-nobody", "cart_nudge:cart-9:step-3")


def test_an_order_does_not_shorten_how_long_an_incentive_is_remembered_nor_the_other_way_round(
    shoppers: Shoppers,
) -> None:
    claim(shoppers)
    season = int((NOW + days(90)).timestamp())
    record(shoppers)
    assert item(shoppers)["expires_at"] == season
    assert orders(shoppers) == {"order-77"}
    record(shoppers, "order-78", at=NOW + days(80))
    later = int((NOW + days(110)).timestamp())
    assert item(shoppers)["expires_at"] == later
    shoppers.release_incentive("cust-asha", "cart_nudge:cart-9:step-3")
    assert claim(shoppers)
    assert item(shoppers)["expires_at"] == later
