"""Consent on the real engine: the newest decision stays, and no old telling re-subscribes anybody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from engagement.consent import Consent
from engagement.events.customers import ConsentChanged, CustomerErased, CustomerRegistered
from engagement.mail_composer import UNSUBSCRIBE
from engagement.plan import engagement_plan
from engagement.signed_tokens import sign_token
from preferences.recording import ConsentRecording
from preferences.rendering import Pages
from preferences.unsubscribing import Unsubscribing
from preferences.web import PageRequest, PageResponse
from shop_facts import ALL_TOPICS, NOW, consent_changed, erased, registered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = timedelta(minutes=1)
KEY = b"k" * 32
Fact = CustomerRegistered | ConsentChanged | CustomerErased


@pytest.fixture
def consent(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> Consent:
    return Consent(dynamodb, dynamodb_table("ConsentTable"))


def tell(consent: Consent, *facts: Fact) -> None:
    recording = ConsentRecording(consent, tuple(engagement_plan().topics))
    for fact in facts:
        recording.apply(fact)


def ask(
    consent: Consent,
    *,
    post: bool = False,
    topic: str = "reminders",
    token: str | None = None,
    also: frozenset[str] = frozenset(),
) -> PageResponse:
    plan = engagement_plan()
    signed = sign_token(KEY, UNSUBSCRIBE, {"customer_id": "cust-asha", "topic": topic})
    request = PageRequest(
        is_post=post,
        token=signed if token is None else token,
        wanted_language="en",
        accept_language="",
        also=also,
    )
    return Unsubscribing(consent, KEY, plan, Pages(plan)).answer(request, NOW + MINUTE)


def test_a_registration_grants_what_the_customer_agreed_to_and_nothing_else(consent: Consent) -> None:
    tell(consent, registered(consents=frozenset({"offers"})))
    assert consent.granted("cust-asha", "offers") is True
    assert consent.granted("cust-asha", "reviews") is None
    assert consent.granted("cust-bela", "offers") is None


def test_a_registration_told_again_after_an_unsubscribe_re_subscribes_nobody(consent: Consent) -> None:
    told = registered()
    tell(consent, told)
    ask(consent, post=True)
    tell(consent, told)
    assert consent.decisions("cust-asha") == {"offers": True, "reminders": False, "reviews": True}


def test_a_customer_who_agrees_again_later_is_subscribed_again(consent: Consent) -> None:
    tell(consent, registered())
    ask(consent, post=True)
    tell(consent, consent_changed(granted=True, occurred_at=NOW + 2 * MINUTE))
    assert consent.granted("cust-asha", "reminders") is True


def test_every_order_of_the_same_facts_ends_the_same(consent: Consent) -> None:
    for number, order in enumerate(permutations(range(4))):
        customer = f"cust-{number}"
        facts: list[Fact] = [
            registered(customer),
            consent_changed(customer, granted=False, occurred_at=NOW + MINUTE),
            consent_changed(customer, granted=True, occurred_at=NOW + 2 * MINUTE),
            consent_changed(customer, "offers", granted=False, occurred_at=NOW + 3 * MINUTE),
        ]
        tell(consent, *(facts[position] for position in order))
        expected = {"offers": False, "reminders": True, "reviews": True}
        assert consent.decisions(customer) == expected, order


def test_of_two_decisions_at_the_same_instant_the_withdrawal_stays(consent: Consent) -> None:
    for number, grants in enumerate([(True, False), (False, True)]):
        customer = f"cust-{number}"
        tell(consent, *(consent_changed(customer, granted=granted) for granted in grants))
        assert consent.granted(customer, "reminders") is False


def test_who_is_erased_has_agreed_to_nothing_even_if_the_registration_comes_later(consent: Consent) -> None:
    tell(consent, erased(occurred_at=NOW + MINUTE), registered())
    assert consent.decisions("cust-asha") == dict.fromkeys(ALL_TOPICS, False)


def test_decisions_at_the_same_moment_end_with_the_newest(consent: Consent) -> None:
    for round_number in range(5):
        customer = f"cust-{round_number}"
        facts = [
            consent_changed(customer, granted=bool(number % 2), occurred_at=NOW + number * MINUTE)
            for number in range(8)
        ]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda fact: tell(consent, fact), facts))
        assert consent.granted(customer, "reminders") is True


def test_looking_at_the_page_changes_nothing_however_often(consent: Consent) -> None:
    tell(consent, registered())
    for _ in range(3):
        page = ask(consent)
        assert page.status == 200
    assert consent.decisions("cust-asha") == dict.fromkeys(ALL_TOPICS, True)
    assert 'value="offers"' in page.body
    assert 'value="reviews"' in page.body
    assert 'value="reminders"' not in page.body


def test_a_topic_that_was_left_is_not_offered_again(consent: Consent) -> None:
    tell(consent, registered(), consent_changed(topic="offers", occurred_at=NOW + MINUTE))
    assert 'value="offers"' not in ask(consent).body


def test_the_page_leaves_its_topic_and_those_that_were_ticked(consent: Consent) -> None:
    tell(consent, registered())
    page = ask(consent, post=True, also=frozenset({"offers", "no_such_topic"}))
    assert page.status == 200
    assert consent.decisions("cust-asha") == {"offers": False, "reminders": False, "reviews": True}


def test_leaving_on_the_page_holds_even_against_an_agreement_told_as_of_a_later_instant(
    consent: Consent,
) -> None:
    ahead = registered(occurred_at=NOW + 5 * MINUTE)
    tell(consent, ahead)
    ask(consent, post=True)
    assert consent.granted("cust-asha", "reminders") is False
    tell(consent, ahead)
    assert consent.granted("cust-asha", "reminders") is False


def test_leaving_twice_is_as_leaving_once(consent: Consent) -> None:
    tell(consent, registered())
    assert ask(consent, post=True) == ask(consent, post=True)
    assert consent.granted("cust-asha", "reminders") is False


def test_a_customer_whom_nobody_asked_can_leave_all_the_same(consent: Consent) -> None:
    assert ask(consent, post=True).status == 200
    assert consent.granted("cust-asha", "reminders") is False


@pytest.mark.parametrize("token", ["", "1.a.b", "not a token", "ü.ü.ü", "1..", "2.a.b"])
@pytest.mark.parametrize("post", [True, False])
def test_a_link_that_is_not_ours_changes_nothing_and_tells_nothing(
    consent: Consent, token: str, post: bool
) -> None:
    tell(consent, registered())
    page = ask(consent, post=post, token=token)
    assert page.status == 400
    assert "cust-asha" not in page.body
    assert consent.decisions("cust-asha") == dict.fromkeys(ALL_TOPICS, True)


def test_a_token_made_for_another_purpose_does_not_unsubscribe(consent: Consent) -> None:
    other = sign_token(KEY, "offer", {"customer_id": "cust-asha", "topic": "reminders"})
    assert ask(consent, post=True, token=other).status == 400
