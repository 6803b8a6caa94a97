"""Offers on the real engine: one for each business fact, however often and by however many it is asked for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engagement.clock import to_text
from engagement.items import to_item
from engagement.offers import CODE_LENGTH, Offer, Offers, OfferTerms
from shop_facts import NOW, days

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY = b"a key of the tests, 32 bytes long"
TERMS = OfferTerms.model_validate({"kind": "percent", "value": 15, "valid_for": "14d"})
LOOK_ALIKES = set("0O1IL2Z5S8BUV")


class House:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self.client = client
        self.table = table

    def issue(
        self, offer_key: str = "birthday_offer:cust-asha:2027", *, key: bytes = KEY, terms: OfferTerms = TERMS
    ) -> Offer:
        offers = Offers(self.client, self.table, key)
        return offers.issue(offer_key, "cust-asha", terms, expires_at=NOW + days(14), now=NOW)

    def issued(self) -> int:
        return int(self.client.scan(TableName=self.table, Select="COUNT")["Count"])


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, dynamodb_table("OffersTable"))


def test_twenty_at_once_issue_one_offer(house: House) -> None:
    with ThreadPoolExecutor(20) as pool:
        offers = list(pool.map(lambda _: house.issue(), range(20)))
    assert len(set(offers)) == 1
    assert house.issued() == 1


def test_what_was_issued_first_counts_even_if_the_plan_changes(house: House) -> None:
    first = house.issue()
    better = OfferTerms.model_validate({"kind": "percent", "value": 50, "valid_for": "90d"})
    assert house.issue(terms=better) == first


def test_each_fact_and_each_stack_has_codes_of_its_own(house: House) -> None:
    offers = [
        house.issue(),
        house.issue("birthday_offer:cust-asha:2028"),
        house.issue(key=b"another stack's secret"),
    ]
    assert len({offer.code for offer in offers}) == 3


def test_no_letter_of_a_code_can_be_taken_for_another(house: House) -> None:
    codes = [house.issue(f"birthday_offer:cust-{number}:2027").code for number in range(300)]
    letters = set("".join(codes))
    assert not letters & LOOK_ALIKES
    assert len(letters) == 23
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert len(set(codes)) == 300


def test_a_code_that_is_another_offers_already_is_left_to_it(
    house: House, dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    code = House(dynamodb, dynamodb_table("OffersTable")).issue().code
    somebody_elses = {
        "code": code,
        "offer_key": "cart_nudge:cart-9:step-1",
        "customer_id": "cust-noah",
        "kind": "percent",
        "value": 5,
        "expires_at": to_text(NOW + timedelta(days=1)),
        "issued_at": to_text(NOW),
    }
    dynamodb.put_item(TableName=house.table, Item=to_item(somebody_elses))
    offer = house.issue()
    assert offer.code != code
    assert offer.offer_key == "birthday_offer:cust-asha:2027"
    assert house.issue() == offer
