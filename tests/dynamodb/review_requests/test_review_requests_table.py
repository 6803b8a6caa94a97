"""Review requests on the real engine: writers at once, conflicts, a partition of several pages, and what it costs."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from conflicting_client import Conflicting
from engagement.errors import RetryLaterError
from engagement.events.customers import CustomerErased
from request_house import ASHA, SETTINGS, TABLES, RequestHouse
from review_requests.orders import OrderNews
from review_requests.table import ReviewRequests
from review_requests.tracking import RequestTracking
from rishta_cli.project import ROOT
from shop_facts import (
    NOW,
    a_line,
    case_closed,
    case_opened,
    days,
    hours,
    order_delivered,
    order_fulfilled,
    order_paid,
    order_placed,
    order_refunded,
    review_submitted,
    rupees,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FIRST = "review_request:order-77:first"
# A week after the delivery, at five in the afternoon in Kolkata.
FIVE = datetime(2027, 3, 9, 11, 30, tzinfo=UTC)
ROOM_README = ROOT / "functions/review_requests/README.md"
STORY: tuple[OrderNews, ...] = (
    order_placed(lines=(a_line(), a_line("Cup"))),
    order_paid(amount=rupees(2000)),
    order_fulfilled(lines=(a_line(), a_line("Cup")), expected_at=NOW + days(2)),
    order_delivered(fulfilment_id="parcel-1", occurred_at=NOW + days(3)),
    order_refunded(lines=()),
    case_opened(),
    case_closed(occurred_at=NOW + days(1)),
    review_submitted("order-78", product_id="pot"),
)


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> RequestHouse:
    return RequestHouse(dynamodb, {name: dynamodb_table(name) for name in TABLES})


def items(house: RequestHouse) -> list[dict[str, Any]]:
    pages = house.client.get_paginator("query").paginate(
        TableName=house.table,
        KeyConditionExpression="customer_id = :asha",
        ExpressionAttributeValues={":asha": {"S": ASHA}},
        ConsistentRead=True,
    )
    return [item for page in pages for item in page["Items"]]


def test_facts_that_are_told_at_once_are_all_known_in_the_end(house: RequestHouse) -> None:
    def tell(fact: OrderNews) -> None:
        while True:
            try:
                return house.tracking.apply(fact, NOW)
            except RetryLaterError:
                continue

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tell, STORY))
    at_once, other = house.customer(), ReviewRequests(house.client, house.table)
    house.requests.forget(ASHA)
    house.told(*reversed(STORY))
    one_by_one = other.read(ASHA)
    assert at_once.orders == one_by_one.orders
    assert at_once.reviewed == one_by_one.reviewed == {"pot": NOW}
    assert at_once.due_at == one_by_one.due_at == NOW + days(10)


def test_two_sweeps_at_once_hand_over_one_mail(house: RequestHouse) -> None:
    house.told(order_delivered()).sweep(NOW + days(7))
    with ThreadPoolExecutor(2) as pool:
        handed = list(pool.map(house.sweep, [FIVE, FIVE]))
    assert sorted(handed) == [0, 1]
    assert [mail.send_key for mail in house.mails] == [FIRST]


def test_a_look_that_a_fact_overtakes_writes_nothing_and_hands_nothing_over(house: RequestHouse) -> None:
    house.told(order_delivered())
    known = house.customer()
    house.told(case_opened(), at=FIVE)
    assert not house.requests.write(known, replace(known, due_at=None), now=FIVE, settings=SETTINGS)
    assert house.customer().due_at == NOW + days(21)


def test_a_fact_that_changes_nothing_writes_nothing(house: RequestHouse) -> None:
    house.told(*STORY)
    before = items(house)
    house.told(*STORY, at=FIVE)
    assert items(house) == before


@pytest.mark.parametrize("code", ["TransactionConflict", "ConditionalCheckFailed"])
def test_a_transaction_that_conflicts_is_tried_again(house: RequestHouse, code: str) -> None:
    conflicting = Conflicting(house.client, conflicts=2, code=code)
    pauses: list[float] = []
    tracking = RequestTracking(ReviewRequests(conflicting.client, house.table), SETTINGS, pauses.append)
    tracking.apply(order_delivered(), NOW)
    assert house.customer().due_at == NOW + days(7)
    assert len(pauses) == 2


def test_whoever_always_loses_comes_back_later(house: RequestHouse) -> None:
    conflicting = Conflicting(house.client, conflicts=100)
    tracking = RequestTracking(ReviewRequests(conflicting.client, house.table), SETTINGS, lambda _: None)
    with pytest.raises(RetryLaterError):
        tracking.apply(order_delivered(), NOW)


def test_what_fails_for_another_reason_is_no_lost_race(house: RequestHouse) -> None:
    conflicting = Conflicting(house.client, conflicts=1, code="ValidationError")
    tracking = RequestTracking(ReviewRequests(conflicting.client, house.table), SETTINGS, lambda _: None)
    with pytest.raises(house.client.exceptions.TransactionCanceledException):
        tracking.apply(order_delivered(), NOW)


def test_a_customer_of_many_large_orders_is_read_and_forgotten_whole(house: RequestHouse) -> None:
    picture = "https://shop.example.com/" + "p" * 570
    lines = tuple(
        a_line(f"{number} " + "न" * 190).model_copy(
            update={"product_id": f"product-{number}-" + "x" * 80, "image_url": picture}
        )
        for number in range(200)
    )
    for number in range(6):
        house.told(order_placed(f"order-{number}", lines=lines))
    assert len(house.customer().orders) == 6
    assert len(house.customer().orders["order-5"].products) == 200
    house.told(CustomerErased(event_id="evt-erased", occurred_at=NOW, customer_id=ASHA))
    assert items(house) == []


@contextmanager
def counted(house: RequestHouse) -> Iterator[Counter[str]]:
    """Calls of DynamoDB, by their names."""
    calls: Counter[str] = Counter()

    def note(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    house.client.meta.events.register("before-call.dynamodb", note)
    try:
        yield calls
    finally:
        house.client.meta.events.unregister("before-call.dynamodb", note)


def test_the_readme_says_what_a_fact_and_a_request_cost(house: RequestHouse) -> None:
    said = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", ROOM_README.read_text(), re.MULTILINE))
    told = order_delivered()
    costs: dict[str, Callable[[], Any]] = {
        "a fact": partial(house.told, told),
        "a fact that is known": partial(house.told, told),
        # Without its claim's query of the index, four a sweep.
        "a look that finds the hour": partial(house.sweep, NOW + days(7)),
        "a request": partial(house.sweep, FIVE),
    }
    for name, act in costs.items():
        with counted(house) as calls:
            act()
        calls["Query"] -= 4 if act.func == house.sweep else 0  # type: ignore[attr-defined]
        assert said[name] == ", ".join(f"{call} {number}" for call, number in sorted(calls.items()) if number)
    house.sent(FIRST, FIVE)
    with counted(house) as calls:
        house.sweep(FIVE + hours(0.25))
    calls["Query"] -= 4
    assert said["learning that it left"] == ", ".join(
        f"{call} {number}" for call, number in sorted(calls.items())
    )
