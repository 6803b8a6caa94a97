"""Consent on the real engine: the newest decision stays, and no old telling re-subscribes anybody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from engagement.contacts import Contacts
from engagement.events.customers import ConsentChanged, CustomerErased, CustomerRegistered, Unsubscribed
from engagement.mail_composer import UNSUBSCRIBE
from engagement.plan import engagement_plan
from engagement.signed_tokens import sign_token
from engagement.web import PageRequest, PageResponse
from preferences.recording import ConsentRecording
from preferences.rendering import Pages
from preferences.telling import Telling
from preferences.unsubscribing import Unsubscribing
from recording_bus import RecordingBus
from shop_facts import ALL_TOPICS, NOW, consent_changed, erased, registered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = timedelta(minutes=1)
KEY = b"k" * 32
Fact = CustomerRegistered | ConsentChanged | CustomerErased


@pytest.fixture
def contacts(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> Contacts:
    return Contacts(dynamodb, dynamodb_table("ContactsTable"))


def tell(contacts: Contacts, *facts: Fact) -> None:
    recording = ConsentRecording(contacts, tuple(engagement_plan().topics))
    for fact in facts:
        recording.apply(fact)


def ask(
    contacts: Contacts,
    *,
    post: bool = False,
    topic: str = "reminders",
    token: str | None = None,
    also: frozenset[str] = frozenset(),
    bus: RecordingBus | None = None,
    **claims: str,
) -> PageResponse:
    plan = engagement_plan()
    signed = sign_token((KEY,), UNSUBSCRIBE, {"customer_id": "cust-asha", "topic": topic, **claims})
    request = PageRequest(
        method="POST" if post else "GET",
        page="unsubscribe",
        token=signed if token is None else token,
        form={"also": sorted(also)},
    )
    unsubscribing = Unsubscribing(contacts, Telling(bus or RecordingBus()), (KEY,), plan, Pages(plan))
    return unsubscribing.answer(request, "en", NOW + MINUTE)


def test_a_registration_grants_what_the_customer_agreed_to_and_nothing_else(contacts: Contacts) -> None:
    tell(contacts, registered(consents=frozenset({"offers"})))
    assert contacts.get("cust-asha").granted.get("offers") is True
    assert contacts.get("cust-asha").granted.get("reviews") is None
    assert contacts.get("cust-bela").granted.get("offers") is None


def test_a_registration_told_again_after_an_unsubscribe_re_subscribes_nobody(contacts: Contacts) -> None:
    told = registered()
    tell(contacts, told)
    ask(contacts, post=True)
    tell(contacts, told)
    agreed = {"loyalty": True, "offers": True, "reminders": False, "reviews": True}
    assert contacts.get("cust-asha").granted == agreed


def test_a_customer_who_agrees_again_later_is_subscribed_again(contacts: Contacts) -> None:
    tell(contacts, registered())
    ask(contacts, post=True)
    tell(contacts, consent_changed(granted=True, occurred_at=NOW + 2 * MINUTE))
    assert contacts.get("cust-asha").granted.get("reminders") is True


def test_every_order_of_the_same_facts_ends_the_same(contacts: Contacts) -> None:
    for number, order in enumerate(permutations(range(4))):
        customer = f"cust-{number}"
        facts: list[Fact] = [
            registered(customer),
            consent_changed(customer, granted=False, occurred_at=NOW + MINUTE),
            consent_changed(customer, granted=True, occurred_at=NOW + 2 * MINUTE),
            consent_changed(customer, "offers", granted=False, occurred_at=NOW + 3 * MINUTE),
        ]
        tell(contacts, *(facts[position] for position in order))
        expected = {"loyalty": True, "offers": False, "reminders": True, "reviews": True}
        assert contacts.get(customer).granted == expected, order


def test_of_two_decisions_at_the_same_instant_the_withdrawal_stays(contacts: Contacts) -> None:
    for number, grants in enumerate([(True, False), (False, True)]):
        customer = f"cust-{number}"
        tell(contacts, *(consent_changed(customer, granted=granted) for granted in grants))
        assert contacts.get(customer).granted.get("reminders") is False


def test_who_is_erased_has_agreed_to_nothing_even_if_the_registration_comes_later(contacts: Contacts) -> None:
    tell(contacts, erased(occurred_at=NOW + MINUTE), registered())
    assert contacts.get("cust-asha").granted == dict.fromkeys(ALL_TOPICS, False)


def test_what_is_kept_of_a_decision_is_said_and_the_same_told_again_is_kept(contacts: Contacts) -> None:
    contacts.withdraw("cust-asha", ["offers"], now=NOW)
    for at, kept in ((NOW, ("reviews",)), (NOW, ("reviews",)), (NOW + MINUTE, ("offers", "reviews"))):
        told = contacts.record("cust-asha", ["reviews", "offers"], granted=True, changed_at=at)
        assert told == kept
    told = contacts.record("cust-asha", ["reviews", "offers"], granted=False, changed_at=NOW)
    assert told == ()


def test_decisions_at_the_same_moment_end_with_the_newest(contacts: Contacts) -> None:
    for round_number in range(5):
        customer = f"cust-{round_number}"
        facts = [
            consent_changed(customer, granted=bool(number % 2), occurred_at=NOW + number * MINUTE)
            for number in range(8)
        ]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda fact: tell(contacts, fact), facts))
        assert contacts.get(customer).granted.get("reminders") is True


def test_looking_at_the_page_changes_nothing_however_often(contacts: Contacts) -> None:
    tell(contacts, registered())
    for _ in range(3):
        page = ask(contacts)
        assert page.status == 200
    assert contacts.get("cust-asha").granted == dict.fromkeys(ALL_TOPICS, True)
    assert 'value="offers"' in page.body
    assert 'value="reviews"' in page.body
    assert 'value="reminders"' not in page.body


def test_a_topic_that_was_left_is_not_offered_again(contacts: Contacts) -> None:
    tell(contacts, registered(), consent_changed(topic="offers", occurred_at=NOW + MINUTE))
    assert 'value="offers"' not in ask(contacts).body


def test_the_page_leaves_its_topic_and_those_that_were_ticked(contacts: Contacts) -> None:
    tell(contacts, registered())
    page = ask(contacts, post=True, also=frozenset({"offers", "no_such_topic"}))
    assert page.status == 200
    agreed = {"loyalty": True, "offers": False, "reminders": False, "reviews": True}
    assert contacts.get("cust-asha").granted == agreed


def test_leaving_on_the_page_holds_even_against_an_agreement_told_as_of_a_later_instant(
    contacts: Contacts,
) -> None:
    ahead = registered(occurred_at=NOW + 5 * MINUTE)
    tell(contacts, ahead)
    ask(contacts, post=True)
    assert contacts.get("cust-asha").granted.get("reminders") is False
    tell(contacts, ahead)
    assert contacts.get("cust-asha").granted.get("reminders") is False


def test_leaving_twice_is_as_leaving_once(contacts: Contacts) -> None:
    tell(contacts, registered())
    assert ask(contacts, post=True) == ask(contacts, post=True)
    assert contacts.get("cust-asha").granted.get("reminders") is False


def test_a_customer_whom_nobody_asked_can_leave_all_the_same(contacts: Contacts) -> None:
    assert ask(contacts, post=True).status == 200
    assert contacts.get("cust-asha").granted.get("reminders") is False


@pytest.mark.parametrize("token", ["", "1.a.b", "not a token", "ü.ü.ü", "1..", "2.a.b"])
@pytest.mark.parametrize("post", [True, False])
def test_a_link_that_is_not_ours_changes_nothing_and_tells_nothing(
    contacts: Contacts, token: str, post: bool
) -> None:
    tell(contacts, registered())
    page = ask(contacts, post=post, token=token)
    assert page.status == 400
    assert "cust-asha" not in page.body
    assert contacts.get("cust-asha").granted == dict.fromkeys(ALL_TOPICS, True)


def test_a_token_made_for_another_purpose_does_not_unsubscribe(contacts: Contacts) -> None:
    other = sign_token((KEY,), "offer", {"customer_id": "cust-asha", "topic": "reminders"})
    assert ask(contacts, post=True, token=other).status == 400


def test_clicking_twice_is_one_fact_about_the_mail_whose_link_it_was(contacts: Contacts) -> None:
    bus = RecordingBus()
    for _ in range(2):
        ask(contacts, post=True, bus=bus, send_key="cart_nudge:cart-9:step-1")
    first, again = bus.told
    assert isinstance(first, Unsubscribed)
    assert (first.customer_id, first.topic, first.send_key) == (
        "cust-asha",
        "reminders",
        "cart_nudge:cart-9:step-1",
    )
    assert first.event_id == again.event_id
    assert "asha" not in first.event_id


def test_what_was_ticked_besides_and_what_an_old_link_left_is_told_as_a_change_of_consent(
    contacts: Contacts,
) -> None:
    bus = RecordingBus()
    ask(contacts, post=True, bus=bus, also=frozenset({"offers"}))
    told = [(fact.topic, fact.granted) for fact in bus.told if isinstance(fact, ConsentChanged)]
    assert told == [("reminders", False), ("offers", False)]


def test_with_the_bus_away_the_withdrawal_holds_and_the_page_says_so(
    contacts: Contacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "rishta")
    tell(contacts, registered())
    bus = RecordingBus()
    bus.refusals = 1
    assert ask(contacts, post=True, bus=bus, send_key="k").status == 200
    assert contacts.get("cust-asha").granted["reminders"] is False
    assert bus.told == []
    ask(contacts, post=True, bus=bus, send_key="k")
    assert len(bus.told) == 1


def test_looking_at_the_page_tells_nothing(contacts: Contacts) -> None:
    bus = RecordingBus()
    ask(contacts, bus=bus)
    assert bus.told == []
