"""Carts on the real engine: what each write's condition lets through, and what a sweep may settle."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import batched, permutations
from typing import TYPE_CHECKING

import pytest

from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.rules import Cart, CartStatus, Handed, Told, of_address, of_customer
from engagement.items import from_item, to_item
from engagement.reading import read_one
from shop_facts import (
    NOW,
    a_line,
    cart_deleted,
    cart_updated,
    carts_merged,
    days,
    hours,
    order_placed,
)
from tracking_house import TABLES, CartFact, TrackingHouse, hashed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HOUR_LATER = NOW + hours(1)
HANDED = Handed(1, HOUR_LATER, "digest", "cust-asha", "step-1", "standard", ("assam-tea",))


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> TrackingHouse:
    needed = ("CartsTable", "CartTimersTable")
    return TrackingHouse(
        dynamodb, {name: dynamodb_table(name) if name in needed else "needed-by-none" for name in TABLES}
    )


@pytest.fixture
def carts(house: TrackingHouse) -> Carts:
    return house.carts


def settled(house: TrackingHouse, **changes: object) -> bool:
    """What a sweep found out about the cart as it stands."""
    return settled_as_seen(house, house.cart(), **changes)


def settled_as_seen(house: TrackingHouse, seen: Cart, **changes: object) -> bool:
    known = {"steps_over": 0, "handed": None, "abandoned_at": None, "timer_at": HOUR_LATER + hours(1)}
    return house.carts.settle(seen, **known | changes)  # type: ignore[arg-type]


def test_in_whatever_order_its_facts_come_a_cart_ends_the_same(house: TrackingHouse) -> None:
    """A few of the many stories that the engine in memory is told."""
    ways: Iterator[tuple[CartFact, ...]] = permutations(
        [
            cart_updated(customer_id=None, lines=(a_line(),)),
            cart_updated(lines=(), occurred_at=NOW + hours(2)),
            cart_updated(customer_id=None, lines=(a_line("Clay cups"),), occurred_at=NOW + hours(2)),
            carts_merged("cart-0", "cart-9", occurred_at=NOW - hours(1)),
        ]
    )
    for way in list(ways)[::6]:
        house.tell(*way)
        cart = house.cart()
        assert (cart.lines, cart.activity_at, cart.customer_id) == ((), NOW + hours(2), "cust-asha")
        assert cart.begun_at == NOW - hours(1)
        house.client.delete_item(TableName=house.tables["CartsTable"], Key={"cart_id": {"S": "cart-9"}})


def test_who_and_what_may_be_told_apart_and_then_there_is_a_timer(house: TrackingHouse) -> None:
    house.tell(cart_updated(lines=()), cart_updated(customer_id=None, occurred_at=HOUR_LATER))
    assert house.cart().timer_at == HOUR_LATER + hours(1)
    assert [row[0] for row in house.rows()] == ["cart-9"]


def test_an_old_update_still_names_the_newest_customer_and_the_beginning(house: TrackingHouse) -> None:
    house.tell(cart_updated(customer_id=None, occurred_at=HOUR_LATER), cart_updated())
    cart = house.cart()
    assert (cart.customer_id, cart.activity_at, cart.begun_at) == ("cust-asha", HOUR_LATER, NOW)
    assert house.rows()


def test_a_bought_cart_keeps_what_its_mails_are_counted_by_and_nothing_else(house: TrackingHouse) -> None:
    house.tell(cart_updated(email="asha@mail.example.com"))
    settled(house, handed=HANDED, steps_over=0, abandoned_at=NOW)
    house.tell(order_placed(occurred_at=HOUR_LATER), cart_updated(occurred_at=NOW + hours(5)))
    kept = {"begun_at": NOW, "handed": HANDED, "timer_at": HOUR_LATER + hours(1), "bought_at": HOUR_LATER}
    assert house.cart() == Cart("cart-9", CartStatus.BOUGHT, **kept)  # type: ignore[arg-type]


def test_of_several_orders_of_one_cart_the_last_says_how_long_it_is_kept(house: TrackingHouse) -> None:
    early, late = order_placed("order-1"), order_placed("order-2", occurred_at=NOW + days(2))
    for way in permutations([early, late]):
        house.tell(*way)
        kept = from_item(house.item("CartsTable", cart_id="cart-9"))
        assert kept["expires_at"] == int((NOW + days(2) + house.settings.keep_cart_for).timestamp())
        assert house.cart().bought_at == NOW + days(2)
        house.client.delete_item(TableName=house.tables["CartsTable"], Key={"cart_id": {"S": "cart-9"}})


def test_of_several_mergers_of_one_cart_the_first_stays(house: TrackingHouse) -> None:
    mergers = [
        carts_merged("cart-9", "cart-2", occurred_at=HOUR_LATER),
        carts_merged("cart-9", "cart-3"),
        carts_merged("cart-9", "cart-1"),
    ]
    for way in permutations(mergers):
        house.tell(*way)
        assert (house.cart().merged_into, house.cart().merged_at) == ("cart-1", NOW)
        house.client.delete_item(TableName=house.tables["CartsTable"], Key={"cart_id": {"S": "cart-9"}})


def test_what_a_sweep_found_out_is_kept_as_it_saw_the_cart(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    assert settled(house, steps_over=1, handed=replace(HANDED, step=2), abandoned_at=NOW)
    cart = house.cart()
    assert (cart.steps_over, cart.handed, cart.abandoned_at) == (1, replace(HANDED, step=2), NOW)
    assert cart.timer_at == HOUR_LATER + hours(1)
    assert settled(house, steps_over=2, timer_at=None)
    cart = house.cart()
    assert (cart.handed, cart.timer_at, cart.abandoned_at) == (None, None, None)


def test_a_cart_of_which_no_step_is_over_is_settled_again_and_again(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    assert settled(house)
    assert settled(house, timer_at=HOUR_LATER + hours(2))


def test_of_two_sweeps_that_saw_the_same_timer_one_settles(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    seen = house.cart()
    assert settled_as_seen(house, seen, steps_over=1)
    assert not settled_as_seen(house, seen, steps_over=5)
    assert house.cart().steps_over == 1


def test_activity_during_a_sweep_counts_on_the_timer_so_it_stays(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    seen = house.cart()
    house.tell(cart_updated(occurred_at=HOUR_LATER))
    assert not settled_as_seen(house, seen, timer_at=None)
    assert settled_as_seen(house, seen, timer_at=NOW + hours(3))


def test_a_cart_that_was_emptied_at_the_instant_of_its_activity_is_not_as_the_sweep_saw_it(
    house: TrackingHouse,
) -> None:
    house.tell(cart_updated())
    seen = house.cart()
    house.tell(cart_deleted())
    assert not settled_as_seen(house, seen, timer_at=None)
    assert house.carts.premise(seen).still != house.carts.premise(house.cart()).still


def test_a_mail_about_a_cart_is_not_true_any_more_once_it_is_anothers_or_was_begun_earlier(
    house: TrackingHouse,
) -> None:
    """For it leaves out what was bought since, and by whom."""
    house.tell(cart_updated(customer_id=None, email="asha@mail.example.com", occurred_at=NOW - hours(1)))
    house.tell(cart_updated(customer_id=None, occurred_at=HOUR_LATER))
    premises = [house.carts.premise(house.cart())]
    for fact in (
        cart_updated(customer_id=None, email="ravi@mail.example.com", occurred_at=NOW - hours(0.5)),
        cart_updated(),
        cart_updated(customer_id="cust-ravi", occurred_at=NOW + hours(0.5)),
        cart_updated(customer_id=None, occurred_at=NOW - hours(2)),
    ):
        house.tell(fact)
        premises.append(house.carts.premise(house.cart()))
    assert len({premise.model_dump_json() for premise in premises}) == len(premises)
    house.tell(cart_updated(customer_id="cust-ravi", occurred_at=NOW + hours(0.6)))
    assert house.carts.premise(house.cart()) == premises[-1], "it is still Ravi's"


def test_a_purchase_during_a_sweep_is_settled_by_the_next_one(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    seen = house.cart()
    house.tell(order_placed(occurred_at=HOUR_LATER))
    assert not settled_as_seen(house, seen, timer_at=None)
    assert settled(house, timer_at=None)


def test_steps_inherited_during_a_sweep_are_not_forgotten(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    seen = house.cart()
    house.carts.inherit("cart-9", steps_over=2, begun_at=None, expires_at=NOW + days(30))
    assert not settled_as_seen(house, seen, steps_over=1)
    assert house.cart().steps_over == 2


def test_an_heir_has_the_more_steps_behind_it_and_the_earlier_beginning(carts: Carts) -> None:
    for steps_over, begun_at in ((1, NOW), (3, HOUR_LATER), (2, NOW - hours(1))):
        carts.inherit("heir", steps_over=steps_over, begun_at=begun_at, expires_at=NOW + days(30))
    heir = read_one(carts._client, carts.reading("heir"))
    assert heir == Cart("heir", CartStatus.OPEN, begun_at=NOW - hours(1), steps_over=3)


def test_the_open_carts_of_a_shopper_are_those_with_something_in_them(house: TrackingHouse) -> None:
    house.tell(
        cart_updated("cart-1"),
        cart_updated("cart-2", customer_id=None, email="asha@mail.example.com"),
        cart_updated("cart-emptied", lines=()),
        cart_updated("cart-bought"),
        order_placed(cart_id="cart-bought"),
        cart_updated("cart-of-another", customer_id="cust-ravi"),
        cart_updated("cart-of-nobody", customer_id=None),
    )
    asha = [of_customer("cust-asha"), of_address(hashed("Asha@Mail.Example.com"))]
    assert {cart.cart_id for cart in house.carts.open_carts_of(asha) or ()} == {"cart-1", "cart-2"}
    assert house.carts.open_carts_of(["customer:cust-nobody"]) == []


def test_of_a_shopper_with_too_many_carts_nobody_can_say_which_of_them_they_mean(carts: Carts) -> None:
    """Most of them were emptied, and lie before the one that was not."""
    client, table = carts._client, carts._table
    emptied = [to_item({"cart_id": f"cart-{number:03}", "shopper": "customer:a"}) for number in range(200)]
    for some in batched(emptied, 25, strict=True):
        client.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in some]})
    line = a_line().model_dump(exclude_defaults=True)
    full = {"cart_id": "cart-199", "shopper": "customer:a", "cart_lines": [line]}
    client.put_item(TableName=table, Item=to_item(full))
    assert [cart.cart_id for cart in carts.open_carts_of(["customer:a"]) or ()] == ["cart-199"]
    client.put_item(TableName=table, Item=to_item({"cart_id": "cart-b", "shopper": "customer:b"}))
    assert carts.open_carts_of(["customer:a", "customer:b"]) is None


def test_what_a_newer_version_keeps_of_a_mail_is_no_reason_to_fail(house: TrackingHouse) -> None:
    house.tell(cart_updated())
    settled(house, handed=HANDED)
    house.client.update_item(
        TableName=house.tables["CartsTable"],
        Key={"cart_id": {"S": "cart-9"}},
        UpdateExpression="SET handed.colour = :red",
        ExpressionAttributeValues={":red": {"S": "red"}},
    )
    assert house.cart().handed == HANDED


def test_a_cart_comes_back_as_it_was_told(house: TrackingHouse) -> None:
    line = a_line("Assam tea", quantity=2).model_copy(
        update={"options": {"Size": "250 g"}, "image_url": "https://shop.example.com/assam.jpg"}
    )
    house.tell(cart_updated(lines=(line, a_line("Clay cups"))))
    cart = house.cart()
    assert cart.lines == (line, a_line("Clay cups"))
    assert cart.contents == Told(NOW, cart.lines).contents
