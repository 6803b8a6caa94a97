"""Issuing on the real engine: one offer for each business fact, however often and by however many it is asked for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from engagement.clock import to_text
from engagement.events.benefits import Benefit
from engagement.offers import CODE_LENGTH, Offer, Offers, OfferTerms, expiry_due, offer_issued
from engagement.plan import engagement_plan
from offer_facts import PERCENT, an_offer, keep_offer, offer_item
from offers.table import KeptOffers
from shop_facts import NOW, days

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY = b"a key of the tests, 32 bytes long"
RULES = engagement_plan().offers
LOOK_ALIKES = set("0O1IL2Z5S8BUV")
BIRTHDAY = "birthday_offer:cust-asha:2027"
TERMS = OfferTerms.model_validate(
    {
        "points": 200,
        "valid_for": "30d",
        "by_tier": {
            "silver": {"amount": {"amount_minor": 20000, "currency": "INR"}},
            "gold": {"gift": {"product_id": "mug", "name": {"en": "A mug", "hi": "एक मग"}}},
            "diamond": {"percent": 25},
        },
    }
)


class Issuer:
    """A campaign, with a table of its own unless it is given another's."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self.client = client
        self.table = table

    def issue(self, offer_key: str = BIRTHDAY, *, key: bytes = KEY, **changes: Any) -> Offer:
        known: dict[str, Any] = {
            "campaign": "birthday_offer",
            "customer_id": "cust-asha",
            "benefit": PERCENT,
            "expires_at": NOW + days(14),
            "now": NOW,
        }
        return Offers(self.client, self.table, key, RULES).issue(offer_key, **known | changes)

    def kept(self, offer: Offer) -> Offer | None:
        return KeptOffers(self.client, self.table).find(offer.code)

    def issued(self) -> int:
        return int(self.client.scan(TableName=self.table, Select="COUNT")["Count"])


@pytest.fixture
def issuer(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> Issuer:
    return Issuer(dynamodb, dynamodb_table("OffersTable"))


def test_twenty_at_once_issue_one_offer(issuer: Issuer) -> None:
    with ThreadPoolExecutor(20) as pool:
        offers = list(pool.map(lambda _: issuer.issue(), range(20)))
    assert all(offer == offers[0] for offer in offers)
    assert issuer.issued() == 1


def test_what_was_issued_first_counts_even_if_the_plan_changes(issuer: Issuer) -> None:
    first = issuer.issue()
    again = issuer.issue(benefit=Benefit(percent=50), expires_at=NOW + days(90), now=NOW + days(1))
    assert again == first
    assert offer_issued(again) == offer_issued(first)


@pytest.mark.parametrize("tier", ["silver", "gold", "diamond", "bronze", None])
def test_a_benefit_of_any_kind_is_the_tiers_own_or_the_usual_and_is_kept_as_it_was(
    issuer: Issuer, tier: str | None
) -> None:
    offer = issuer.issue(benefit=TERMS.benefit_for(tier), remind_at=NOW + days(11))
    wanted = {"silver": "amount", "gold": "gift", "diamond": "percent"}.get(tier or "", "points")
    assert offer.benefit.kind == wanted
    assert issuer.kept(offer) == offer == issuer.issue(benefit=PERCENT)


def test_an_offer_falls_due_for_its_reminder_or_else_when_it_counts_as_expired(issuer: Issuer) -> None:
    reminded = issuer.issue(remind_at=NOW + days(11))
    other = issuer.issue("birthday_offer:cust-noah:2027")
    items = [offer_item(issuer.client, issuer.table, offer.code) for offer in (reminded, other)]
    assert [item["due_at"] for item in items] == [
        to_text(NOW + days(11)),
        to_text(expiry_due(other, RULES)),
    ]
    assert expiry_due(other, RULES) > other.expires_at


def test_an_offer_is_remembered_long_after_its_end(issuer: Issuer) -> None:
    forgotten_at = offer_item(issuer.client, issuer.table, issuer.issue().code)["expires_at"]
    assert forgotten_at == int((NOW + days(14) + RULES.keep_for).timestamp())
    assert RULES.keep_for > days(366)


def test_each_fact_and_each_stack_has_codes_of_its_own(issuer: Issuer) -> None:
    offers = [
        issuer.issue(),
        issuer.issue("birthday_offer:cust-asha:2028"),
        issuer.issue(key=b"another stack's secret"),
    ]
    assert len({offer.code for offer in offers}) == 3


def test_no_letter_of_a_code_can_be_taken_for_another(issuer: Issuer) -> None:
    codes = [issuer.issue(f"birthday_offer:cust-{number}:2027").code for number in range(100)]
    letters = set("".join(codes))
    assert not letters & LOOK_ALIKES
    assert len(letters) == 23
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert len(set(codes)) == 100


def test_a_code_that_is_another_offers_already_is_left_to_it(
    issuer: Issuer, dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    code = Issuer(dynamodb, dynamodb_table("OffersTable")).issue().code
    somebody_elses = an_offer(code, offer_key="birthday_offer:cust-noah:2027", customer_id="cust-noah")
    keep_offer(dynamodb, issuer.table, somebody_elses)
    offer = issuer.issue()
    assert offer.code != code
    assert offer.offer_key == BIRTHDAY
    assert issuer.issue() == offer
    assert issuer.kept(somebody_elses) == somebody_elses
