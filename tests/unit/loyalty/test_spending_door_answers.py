"""What the shop's checkout is told when it reserves points, commits or releases them."""

import json
from base64 import b64encode
from typing import Any

import pytest

from conflicting_client import Conflicting
from loyalty.spending_answers import SpendingAnswers
from shop_facts import NOW, erased, hours
from till_house import ASHA, TABLE, TillHouse, a_request

CHECKOUT = {"customer_id": ASHA, "reservation_id": "checkout-1"}
RESERVE: dict[str, Any] = CHECKOUT | {"points": 60}


@pytest.fixture
def till() -> TillHouse:
    """Where Asha has 100 points."""
    return TillHouse().with_points(100)


def test_a_checkout_is_told_how_long_points_are_held_and_what_is_left(till: TillHouse) -> None:
    held = {"state": "held", "points": 60, "until": "2027-03-01T12:30:00.000000Z", "available": 40}
    assert till.answered("reserve", RESERVE) == (200, held)
    assert till.answered("reserve", RESERVE, NOW + hours(0.1)) == (200, held)
    spent = {"state": "committed", "points": 60, "until": None, "available": 40}
    assert till.answered("commit", CHECKOUT) == (200, spent)
    assert till.answered("commit", CHECKOUT) == (200, spent)


def test_released_points_are_available_again(till: TillHouse) -> None:
    till.answered("reserve", RESERVE)
    released = {"state": "released", "points": 60, "until": None, "available": 100}
    assert till.answered("release", CHECKOUT) == (200, released)


def test_what_cannot_be_says_why_and_what_can_be_spent(till: TillHouse) -> None:
    status, told = till.answered("reserve", RESERVE | {"points": 101})
    assert (status, told["reason"], told["available"]) == (409, "not_enough_points", 100)
    till.answered("reserve", RESERVE)
    status, told = till.answered("reserve", RESERVE | {"points": 61})
    assert (status, told["reason"], told["available"]) == (409, "another_reservation", 40)
    till.answered("commit", CHECKOUT)
    status, told = till.answered("release", CHECKOUT)
    assert (status, told["reason"], told["available"]) == (409, "already_committed", 40)
    assert "refund" in told["error"]


@pytest.mark.parametrize("page", ["commit", "release"])
def test_a_reservation_that_nobody_made_is_not_found(till: TillHouse, page: str) -> None:
    status, told = till.answered(page, CHECKOUT)
    assert (status, told["reason"], told["available"]) == (404, "unknown_reservation", 100)
    till.answered("reserve", RESERVE)
    assert till.answered(page, CHECKOUT | {"customer_id": "cust-noah"})[0] == 404


def test_who_is_below_zero_has_nothing_to_spend_and_no_less(till: TillHouse) -> None:
    till.with_points(-130)
    status, told = till.answered("reserve", RESERVE)
    assert (status, told["available"]) == (409, 0)


def test_a_customer_who_was_erased_spends_no_points(till: TillHouse) -> None:
    till.hear(erased(occurred_at=NOW))
    status, told = till.answered("reserve", RESERVE)
    assert (status, told["reason"], told["available"]) == (409, "erased_customer", 0)


@pytest.mark.parametrize(
    ("page", "body", "named"),
    [
        ("reserve", RESERVE | {"points": 0}, ["points"]),
        ("reserve", RESERVE | {"points": -60}, ["points"]),
        ("reserve", RESERVE | {"points": 1.5}, ["points"]),
        ("reserve", RESERVE | {"points": "60"}, ["points"]),
        ("reserve", RESERVE | {"points": True}, ["points"]),
        ("reserve", CHECKOUT, ["points"]),
        ("reserve", {"points": 60}, ["customer_id", "reservation_id"]),
        ("reserve", RESERVE | {"reservation_id": "a:b"}, ["reservation_id"]),
        ("reserve", RESERVE | {"order_id": ""}, ["order_id"]),
        ("reserve", RESERVE | {"orders_id": "order-77"}, ["*"]),
        # Of a commit the points are known: told otherwise, it would not be clear which count.
        ("commit", RESERVE, ["points"]),
        ("release", {"customer_id": "asha rao", "reservation_id": "checkout-1"}, ["customer_id"]),
        ("commit", "", ["body"]),
        ("commit", "{", ["body"]),
        ("commit", "[]", ["body"]),
        ("commit", json.dumps(CHECKOUT) + " " * 5_000, ["body"]),
    ],
)
def test_a_request_that_is_none_is_told_every_field_that_is_wrong(
    till: TillHouse, page: str, body: str | dict[str, Any], named: list[str]
) -> None:
    status, told = till.answered(page, body)
    assert status == 400
    assert [fault.partition(":")[0] for fault in told["error"].split("; ")] == named
    assert "asha" not in told["error"]
    assert till.account().on_hold == 0


def test_a_body_may_come_in_base64(till: TillHouse) -> None:
    coded = a_request("reserve", b64encode(json.dumps(RESERVE).encode()).decode()) | {"isBase64Encoded": True}
    assert SpendingAnswers(till.spending).answer(coded, NOW)["statusCode"] == 200


def test_another_page_is_none_of_ours(till: TillHouse) -> None:
    assert till.answered("spend", RESERVE)[0] == 404


def test_whoever_loses_every_race_is_told_when_to_come_again(till: TillHouse) -> None:
    busy = TillHouse(Conflicting(till.client, conflicts=99).client, TABLE)
    answer = SpendingAnswers(busy.spending).answer(a_request("reserve", RESERVE), NOW)
    assert answer["statusCode"] == 503
    assert int(answer["headers"]["retry-after"]) >= 1
    assert till.answered("reserve", RESERVE)[0] == 200


def test_whatever_is_answered_is_json_that_no_cache_keeps(till: TillHouse) -> None:
    busy = TillHouse(Conflicting(till.client, conflicts=99).client, TABLE)
    answers = [
        SpendingAnswers(house.spending).answer(a_request(page, body), NOW)
        for house, page, body in (
            (till, "reserve", RESERVE),
            (till, "commit", "{"),
            (till, "commit", CHECKOUT | {"reservation_id": "other"}),
            (till, "reserve", RESERVE | {"points": 999}),
            (busy, "release", CHECKOUT),
        )
    ]
    assert [answer["statusCode"] for answer in answers] == [200, 400, 404, 409, 503]
    for answer in answers:
        assert answer["headers"]["cache-control"] == "no-store"
        assert answer["headers"]["content-type"] == "application/json"
        assert isinstance(json.loads(answer["body"]), dict)
