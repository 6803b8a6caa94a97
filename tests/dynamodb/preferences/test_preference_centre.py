"""The preference centre on the real engine: what is kept, what is told, and what an open page must not undo."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from engagement.events.customers import ConsentChanged, CustomerErased, CustomerUpdated
from engagement.mail_composer import UNSUBSCRIBE
from engagement.signed_tokens import sign_token
from engagement.web import PageRequest
from page_outline import Outline
from preference_house import KEY, MINUTE, House, form_of
from shop_facts import ALL_TOPICS, NOW, profile_updated, registered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    house = House(dynamodb, dynamodb_table)
    house.hear(registered(birthday="1990-02-28"))
    return house


def test_looking_changes_nothing_and_tells_nothing(house: House) -> None:
    before = house.contacts.get("cust-asha")
    for page in ("preferences", "erase"):
        assert house.open(page).status == 200
    assert house.contacts.get("cust-asha") == before
    assert house.bus.told == []


def test_a_form_that_is_sent_back_untouched_changes_nothing(house: House) -> None:
    before = house.contacts.get("cust-asha")
    assert house.fill_in(house.open()).status == 200
    assert house.contacts.get("cust-asha") == before
    assert house.bus.told == []


@pytest.mark.parametrize("form", [{}, {"List-Unsubscribe": "One-Click"}, {"topic": "offers", "language": ""}])
def test_a_post_that_is_no_form_of_ours_takes_nothing_away(house: House, form: dict[str, str]) -> None:
    house.send(form=form)
    assert house.contacts.get("cust-asha").granted == dict.fromkeys(ALL_TOPICS, True)
    assert [fact for fact in house.bus.told if isinstance(fact, CustomerUpdated)] == []


def test_what_the_customer_changed_is_kept_and_told(house: House) -> None:
    page = house.fill_in(
        house.open(), topic=["offers"], language="hi", time_zone="Pacific/Chatham", day="1", pause="month"
    )
    assert Outline(page).all("html")[0]["lang"] == "hi"
    contact = house.contacts.get("cust-asha")
    assert contact.granted == dict.fromkeys(ALL_TOPICS, False) | {"offers": True}
    assert contact.paused_until is not None
    *consents, profile = house.bus.told
    assert [(fact.topic, fact.granted) for fact in consents if isinstance(fact, ConsentChanged)] == [
        ("reminders", False),
        ("reviews", False),
        ("loyalty", False),
    ]
    assert isinstance(profile, CustomerUpdated)
    assert (profile.email, profile.name) == ("cust-asha@mail.example.com", "Asha")
    assert (profile.locale, profile.time_zone) == ("hi-IN", "Pacific/Chatham")
    assert profile.birthday == "1990-02-01"


def test_the_shops_further_dates_outlive_what_the_customer_saves(house: House) -> None:
    dates = {"wedding_day": "2014-11-23", "name_day": "--06-13"}
    house.hear(profile_updated(birthday="1990-02-28", dates=dates, occurred_at=NOW + MINUTE / 2))
    house.fill_in(house.open(), language="hi", day="", month="", year="")
    house.hear()
    kept = house.profiles.get("cust-asha")
    assert kept is not None
    assert (kept.locale, kept.birthday, kept.dates) == ("hi-IN", None, dates)


def test_what_the_customer_says_holds_against_what_the_shop_told_before(house: House) -> None:
    house.fill_in(house.open(), language="hi")
    house.hear()
    house.hear(profile_updated(name="Asha Iyer", occurred_at=NOW + MINUTE / 2))
    profile = house.profiles.get("cust-asha")
    assert profile is not None
    assert profile.locale == "hi-IN"


def test_what_the_customer_says_holds_though_the_shops_clock_is_ahead_of_ours(house: House) -> None:
    house.hear(profile_updated(birthday="1990-02-28", occurred_at=NOW + 5 * MINUTE))
    house.fill_in(house.open(), language="hi")
    house.hear()
    profile = house.profiles.get("cust-asha")
    assert profile is not None
    assert profile.locale == "hi-IN"
    house.send("erase")
    house.hear()
    assert house.profiles.get("cust-asha") is None


def test_a_page_that_was_open_all_the_while_brings_back_nothing_that_was_left_since(house: House) -> None:
    open_page = house.open()
    house.contacts.withdraw("cust-asha", ["reminders"], now=NOW)
    house.hear(profile_updated(name="Asha Iyer", time_zone="Asia/Dubai", occurred_at=NOW + MINUTE / 2))
    page = house.fill_in(open_page, language="hi")
    house.hear()
    profile = house.profiles.get("cust-asha")
    assert profile is not None
    assert (profile.locale, profile.name, profile.time_zone) == ("hi-IN", "Asha Iyer", "Asia/Dubai")
    assert house.contacts.get("cust-asha").granted["reminders"] is False
    ticked = [
        each["value"]
        for each in Outline(page).all("input")
        if each.get("type") == "checkbox" and "checked" in each
    ]
    assert ticked == ["offers", "reviews", "loyalty"]


def test_changes_that_follow_before_the_first_is_heard_add_up(house: House) -> None:
    page = house.fill_in(house.open(), language="hi")
    page = house.fill_in(page, topic=["offers"])
    page = house.fill_in(page, day="31")
    assert page.status == 422
    house.fill_in(page, day="1", year="")
    assert house.bus.told[-1].model_dump()["locale"] == "hi-IN"
    house.hear()
    profile = house.profiles.get("cust-asha")
    assert profile is not None
    assert (profile.locale, profile.birthday) == ("hi-IN", "--02-01")


def test_a_change_that_is_taken_back_before_it_is_heard_is_taken_back(house: House) -> None:
    page = house.fill_in(house.open(), language="hi")
    house.fill_in(page, language="en")
    assert [fact.model_dump()["locale"] for fact in house.bus.told] == ["hi-IN", "en-IN"]


def test_a_birthday_that_cannot_be_keeps_the_mails_wish_and_everything_that_was_typed(house: House) -> None:
    page = house.fill_in(house.open(), topic=[], pause="month", language="hi", day="31")
    assert page.status == 422
    sent_back = form_of(page)
    assert (sent_back["day"], sent_back["language"], sent_back["seen_language"]) == (["31"], ["hi"], ["en"])
    assert set(house.contacts.get("cust-asha").granted.values()) == {False}
    assert house.contacts.get("cust-asha").paused_until is not None
    assert not any(isinstance(fact, CustomerUpdated) for fact in house.bus.told)


def test_with_the_bus_away_nothing_typed_is_lost_and_once_more_is_enough(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "rishta")
    house.bus.refusals = 1
    page = house.fill_in(house.open(), topic=["offers"], language="hi")
    assert page.status == 503
    assert house.contacts.get("cust-asha").granted["reminders"] is False
    assert house.fill_in(page).status == 200
    assert house.bus.told[-1].model_dump()["locale"] == "hi-IN"


def test_to_stop_all_mails_leaves_every_topic(house: House) -> None:
    house.fill_in(house.open(), leave="all")
    assert house.contacts.get("cust-asha").granted == dict.fromkeys(ALL_TOPICS, False)


def test_a_break_ends_when_the_customer_says_so_and_not_by_looking(house: House) -> None:
    page = house.fill_in(house.open(), pause="month")
    until = house.contacts.get("cust-asha").paused_until
    page = house.fill_in(page)
    assert house.contacts.get("cust-asha").paused_until == until
    house.fill_in(page, pause="none")
    assert house.contacts.get("cust-asha").paused_until is None


def test_whoever_asks_to_be_forgotten_is_mailed_no_more_at_once_and_forgotten_when_it_is_heard(
    house: House,
) -> None:
    for _ in range(2):
        assert house.send("erase").status == 200
    assert house.contacts.get("cust-asha").granted == dict.fromkeys(ALL_TOPICS, False)
    first, again = house.bus.told
    assert isinstance(first, CustomerErased)
    assert first.event_id == again.event_id
    house.hear()
    assert house.profiles.get("cust-asha") is None
    house.hear(profile_updated(occurred_at=NOW + 9 * MINUTE))
    assert house.profiles.get("cust-asha") is None
    for page in ("preferences", "erase"):
        answer = house.send(page, {"topic": "offers", "pause": "month"})
        assert "We have no settings for you" in answer.body
    assert house.contacts.get("cust-asha").granted == dict.fromkeys(ALL_TOPICS, False)
    assert house.bus.told == []


def test_with_the_bus_away_nobody_is_told_that_they_were_forgotten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "rishta")
    house.bus.refusals = 1
    page = house.send("erase")
    assert page.status == 503
    assert Outline(page).all("button")
    assert house.contacts.get("cust-asha").granted == dict.fromkeys(ALL_TOPICS, False)


@pytest.mark.parametrize("page", ["preferences", "erase"])
def test_a_link_for_unsubscribing_opens_nothing_else(house: House, page: str) -> None:
    claims = {"customer_id": "cust-asha", "topic": "offers", "send_key": "k"}
    request = PageRequest("POST", page, sign_token((KEY,), UNSUBSCRIBE, claims), form={"leave": ["all"]})
    answering = house.centre if page == "preferences" else house.erasing
    assert answering.answer(request, "en", NOW).status == 400
    assert house.contacts.get("cust-asha").granted == dict.fromkeys(ALL_TOPICS, True)
    assert house.bus.told == []
