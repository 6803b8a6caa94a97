"""What the shop's pages are answered when they ask for a customer's statement."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import EndpointConnectionError

from loyalty.statement import Statements
from loyalty.statement_answers import StatementAnswers
from shop_facts import NOW, days
from tests.unit.loyalty.shelf import CUSTOMER, Shelf

A_MONTH_AGO = NOW - days(30)


def ask(shelf: Shelf, query: str | None = None, **asked: object) -> tuple[int, dict[str, Any]]:
    answers = StatementAnswers(Statements(shelf, shelf.terms))
    written = urlencode({"customer_id": CUSTOMER} | asked) if query is None else query
    answer = answers.answer({"rawPath": "/points/statement", "rawQueryString": written}, NOW)
    assert answer["headers"]["content-type"] == "application/json"
    assert answer["headers"]["cache-control"] == "no-store"
    return answer["statusCode"], json.loads(answer["body"])


def member() -> Shelf:
    """Silver, with some points pending, on hold and spent."""
    shelf = Shelf()
    shelf.paid(620, "order-1", at=A_MONTH_AGO)
    shelf.paid(100, "order-2")
    shelf.redeemed(20, order_id="order-2")
    return shelf


def test_a_statement_says_what_there_is_what_comes_and_what_ends() -> None:
    status, told = ask(member())
    assert status == 200
    assert {name: told[name] for name in ("customer_id", "as_of", "balance", "available", "on_hold")} == {
        "customer_id": CUSTOMER,
        "as_of": "2027-03-01",
        "balance": 600,
        "available": 600,
        "on_hold": 0,
    }
    assert told["pending"] == [{"points": 125, "spendable_on": "2027-03-15"}]
    assert told["next_to_expire"] == {"points": 600, "expires_on": "2028-03-01"}


def test_a_statement_says_the_tier_in_each_language_and_how_far_the_next_one_is() -> None:
    _, told = ask(member())
    assert told["tier"]["name"] == "silver"
    assert told["tier"]["title"] == {"en": "Silver", "hi": "रजत"}
    assert set(told["tier"]["benefits"]) == {"birthday_offer", "early_access"}
    assert told["tier"]["decided_on"] > "2028-02-01"
    assert (told["measured"], told["currency"]) == (620, None)
    above = told["next_tier"]
    assert (above["name"], above["threshold"], above["missing"]) == ("gold", 2000, 1380)


def test_entries_say_all_but_why_somebody_corrected_them() -> None:
    _, told = ask(member())
    newest, *_, oldest = told["entries"]
    assert (newest["kind"], newest["points"], newest["redemption_id"]) == ("redeemed", -20, "checkout-1")
    assert newest["spendable_on"] is None
    assert (oldest["kind"], oldest["points"], oldest["order_id"]) == ("paid", 620, "order-1")
    assert (oldest["spendable_on"], oldest["expires_on"]) == ("2027-02-13", "2028-03-01")
    assert not {"reason", "author"} & newest.keys()


def test_entries_come_in_pages_by_the_place_that_an_answer_names() -> None:
    shelf = member()
    status, first = ask(shelf, limit=1)
    assert (status, len(first["entries"])) == (200, 1)
    _, second = ask(shelf, limit=1, before=first["before"])
    assert second["entries"][0]["sequence"] == first["before"] - 1
    _, everything = ask(shelf, limit=100)
    assert everything["before"] is None


def test_of_a_customer_of_whom_nothing_is_known_the_statement_is_empty() -> None:
    status, told = ask(Shelf(), customer_id="cust-nobody")
    assert status == 200
    assert (told["balance"], told["pending"], told["entries"], told["before"]) == (0, [], [], None)
    assert (told["next_to_expire"], told["tier"]["decided_on"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "customer_id"),
        ("customer_id=", "customer_id"),
        ("customer_id=a&customer_id=b", "customer_id"),
        ("customer_id=a%23b", "customer_id"),
        *((f"customer_id=a&limit={limit}", "limit") for limit in ("0", "101", "many", "-1")),
        *((f"customer_id=a&before={before}", "before") for before in ("0", "x", "1&before=2", "9" * 5000)),
        ("customer_id=a&colour=red", "*"),
        ("customer_id=a" + "&x=1" * 200, "customer_id"),
    ],
)
def test_a_question_that_is_none_is_told_which_field_is_wrong(query: str, field: str) -> None:
    shelf = member()
    shelf.reads.clear()
    status, told = ask(shelf, query)
    assert status == 400
    assert told["error"].startswith(field)
    assert shelf.reads == []


def test_while_the_table_is_away_the_shop_is_told_to_try_again() -> None:
    class Away(Shelf):
        def account(self, customer_id: str) -> Any:
            raise EndpointConnectionError(endpoint_url="https://dynamodb")

    assert ask(Away()) == (503, {"error": "it cannot be told now: try again"})
