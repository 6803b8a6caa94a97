"""What the shop's checkout is told of a code that somebody typed."""

import json
from datetime import datetime
from typing import Any

import pytest

from engagement.errors import RetryLaterError
from engagement.offers import Offer
from offer_facts import CODE, an_offer
from offers.looking_up import LookingUp
from offers.table import KeptOffers
from shop_facts import NOW, days

END = NOW + days(14)


class OffersInMemory(KeptOffers):
    """`trouble`: what the next look raises."""

    def __init__(self, *offers: Offer, trouble: Exception | None = None) -> None:
        self._offers = {offer.code: offer for offer in offers}
        self._trouble = trouble

    def find(self, code: str) -> Offer | None:
        if self._trouble:
            raise self._trouble
        return self._offers.get(code)


def a_request(code: str = CODE, **query: str) -> dict[str, Any]:
    """As API Gateway tells it: without a query there is no such field."""
    return {"pathParameters": {"code": code}, **({"queryStringParameters": query} if query else {})}


def asked(
    *offers: Offer, request: dict[str, Any] | None = None, now: datetime = NOW
) -> tuple[int, dict[str, Any]]:
    answer = LookingUp(OffersInMemory(*offers)).answer(request or a_request(), now)
    return answer["statusCode"], json.loads(answer["body"])


def test_of_a_good_code_the_shop_is_told_the_offer() -> None:
    status, told = asked(an_offer(), request=a_request(customer_id="cust-asha"))
    assert status == 200
    assert told == {
        "code": CODE,
        "valid": True,
        "reason": None,
        "campaign": "birthday_offer",
        "customer_id": "cust-asha",
        "benefit": {"percent": 15, "amount": None, "gift": None, "points": None},
        "issued_at": "2027-03-01T12:00:00Z",
        "expires_at": "2027-03-15T12:00:00Z",
        "redeemed_by": None,
    }


@pytest.mark.parametrize("typed", ["acdef34679", "ACDEF-34679", " acdef 34679 ", "ac·de–f3_46.79"])
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    status, told = asked(an_offer(), request=a_request(typed))
    assert (status, told["code"], told["valid"]) == (200, CODE, True)


def test_of_another_customers_code_nothing_is_told_but_that() -> None:
    used = an_offer(redeemed_by="order-77", redeemed_at=NOW)
    for offer in (an_offer(), used):
        status, told = asked(offer, request=a_request(customer_id="cust-noah"))
        assert status == 200
        assert told == {"code": CODE, "valid": False, "reason": "another_customers"}


def test_a_code_that_is_no_longer_good_says_why() -> None:
    used = an_offer(redeemed_by="order-77", redeemed_at=NOW)
    assert asked(used)[1]["reason"] == "already_redeemed"
    assert asked(used)[1]["redeemed_by"] == "order-77"
    _, ended = asked(an_offer(), now=END)
    assert (ended["valid"], ended["reason"]) == (False, "ended")


@pytest.mark.parametrize("typed", ["WELCOME_10", "-", "0" * 200, "एक"])
def test_a_code_that_we_never_issued_is_unknown(typed: str) -> None:
    status, told = asked(an_offer(), request=a_request(typed))
    assert (status, told["valid"], told["reason"]) == (404, False, "unknown")


@pytest.mark.parametrize(
    ("nonsense", "named"),
    [
        (a_request("  "), "code"),
        (a_request("A" * 201), "code"),
        (a_request("ACDEF\x0034679"), "code"),
        (a_request(customer_id=""), "customer_id"),
        # Given twice: API Gateway puts a comma between them.
        (a_request(customer_id="cust-asha,cust-noah"), "customer_id"),
        (a_request(customer="cust-asha"), "*"),
        ({}, "code"),
    ],
)
def test_a_question_that_is_none_is_told_what_is_wrong_with_it(nonsense: dict[str, Any], named: str) -> None:
    status, told = asked(an_offer(), request=nonsense or {"rawPath": "/offers"})
    assert status == 400
    assert told["error"].startswith(f"{named}: ")
    assert "asha" not in told["error"]


def test_whatever_is_answered_is_json_that_no_cache_keeps() -> None:
    answers = [
        LookingUp(OffersInMemory(an_offer(), trouble=trouble)).answer(a_request(code), NOW)
        for code, trouble in ((CODE, None), ("other", None), (" ", None), (CODE, RetryLaterError("not now")))
    ]
    assert [answer["statusCode"] for answer in answers] == [200, 404, 400, 503]
    for answer in answers:
        assert answer["headers"]["cache-control"] == "no-store"
        assert answer["headers"]["content-type"] == "application/json"
        assert isinstance(json.loads(answer["body"]), dict)
