"""Timers on the real engine: what is due is found, the longest due first, and each shard gets its share."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from cart_nudges.carts.timers import SHARDS, CartTimers, Timer
from engagement.items import from_item
from shop_facts import NOW, days, hours

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LATER = NOW + hours(1)


@pytest.fixture
def timers(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> CartTimers:
    return CartTimers(dynamodb, dynamodb_table("CartTimersTable"))


def put(timers: CartTimers, *cart_ids: str, at: datetime = NOW) -> None:
    for cart_id in cart_ids:
        timers.put(cart_id, at, expires_at=at + days(30))


def due(timers: CartTimers, now: datetime = NOW, limit: int = 100) -> list[tuple[str, datetime]]:
    return sorted((timer.cart_id, timer.at) for timer in timers.due(now, limit))


def test_a_timer_is_due_from_its_instant_on(timers: CartTimers) -> None:
    put(timers, "cart-9", "cart/with.odd=id@shop", at=NOW)
    put(timers, "cart-10", at=LATER)
    assert due(timers, NOW - hours(1) / 3600) == []
    assert due(timers) == [("cart-9", NOW), ("cart/with.odd=id@shop", NOW)]
    assert len(due(timers, LATER)) == 3


def test_the_same_timer_twice_is_one_and_a_cart_may_have_two_rows_for_a_while(timers: CartTimers) -> None:
    put(timers, "cart-9", "cart-9")
    put(timers, "cart-9", at=LATER)
    assert due(timers, LATER) == [("cart-9", NOW), ("cart-9", LATER)]


def test_a_timer_that_was_deleted_is_gone_and_the_others_stay(timers: CartTimers) -> None:
    put(timers, "cart-8", "cart-9")
    timers.delete(next(timer for timer in timers.due(NOW, 100) if timer.cart_id == "cart-9"))
    timers.delete(Timer("cart-8", LATER))
    assert due(timers) == [("cart-8", NOW)]
    timers.delete(Timer("cart-8", NOW))
    assert due(timers) == []


def test_a_timer_that_was_read_is_deleted_where_it_lies_however_many_shards_there_are(
    timers: CartTimers, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(timers, *(f"cart-{number}" for number in range(10)))
    monkeypatch.setattr("cart_nudges.carts.timers.SHARDS", SHARDS + 3)
    for timer in list(timers.due(NOW, 100)):
        timers.delete(timer)
    assert due(timers) == []


def test_under_load_every_shard_gets_its_share_the_longest_due_first(timers: CartTimers) -> None:
    for number in range(40):
        put(timers, f"cart-{number}", at=NOW - number * hours(1))
    found = list(timers.due(NOW, SHARDS * 2))
    shards = [timer.shard for timer in found]
    assert {shard: shards.count(shard) for shard in set(shards)} == {f"shard-{n}": 2 for n in range(SHARDS)}
    for shard in set(shards):
        mine = [timer for timer in timers.due(NOW, 1000) if timer.shard == shard]
        assert [timer for timer in found if timer.shard == shard] == sorted(mine, key=lambda timer: timer.at)[
            :2
        ]


def test_a_timer_that_nobody_deletes_goes_by_itself(timers: CartTimers) -> None:
    put(timers, "cart-9")
    (row,) = timers._client.scan(TableName=timers._table)["Items"]
    assert from_item(row)["expires_at"] == int((NOW + days(30)).timestamp())
