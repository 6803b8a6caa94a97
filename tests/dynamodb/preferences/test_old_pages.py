"""Pages that are sent again, or late: they bring back nothing that was left since, and say so."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from engagement.clock import to_text
from engagement.events.customers import ConsentChanged
from engagement.web import PageResponse
from page_outline import Outline
from preference_house import MINUTE, House, form_of
from shop_facts import NOW, days, registered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REFUSED = "These mails stay stopped"


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    """Of a customer who agreed to reminders alone."""
    house = House(dynamodb, dynamodb_table)
    house.hear(registered(consents=frozenset({"reminders"})))
    return house


def agreed(house: House) -> set[str]:
    granted = house.contacts.get("cust-asha").granted
    return {topic for topic, given in granted.items() if given}


def told(house: House) -> list[tuple[str, bool]]:
    return [(fact.topic, fact.granted) for fact in house.bus.told if isinstance(fact, ConsentChanged)]


def ticked(page: PageResponse) -> list[str | None]:
    boxes = [each for each in Outline(page).all("input") if each.get("type") == "checkbox"]
    return [each["value"] for each in boxes if "checked" in each]


def left_by_a_mail(house: House, *topics: str) -> None:
    house.now += MINUTE
    house.contacts.withdraw("cust-asha", topics, now=house.now)
    house.now += MINUTE


def test_a_form_that_is_sent_again_after_an_unsubscription_joins_nothing_again(house: House) -> None:
    form = {**form_of(house.open()), "topic": ["offers", "reminders"]}
    house.now += MINUTE
    assert house.send(form=form).status == 200
    assert agreed(house) == {"offers", "reminders"}
    left_by_a_mail(house, "offers")
    house.bus.told.clear()
    page = house.send(form=form)
    assert agreed(house) == {"reminders"}
    assert told(house) == []
    assert (page.status, REFUSED in page.body, ticked(page)) == (409, True, ["reminders"])


def test_a_page_that_was_opened_before_an_unsubscription_joins_nothing_afterwards(house: House) -> None:
    open_page = house.open()
    left_by_a_mail(house, "offers")
    page = house.fill_in(open_page, topic=["offers", "reminders", "reviews"])
    assert agreed(house) == {"reminders", "reviews"}
    assert told(house) == [("reviews", True)]
    assert (page.status, ticked(page)) == (409, ["reminders", "reviews"])


def test_who_wants_the_mails_after_all_ticks_them_once_more(house: House) -> None:
    open_page = house.open()
    left_by_a_mail(house, "offers")
    page = house.fill_in(open_page, topic=["offers", "reminders"])
    house.now += MINUTE
    page = house.fill_in(page, topic=["offers", "reminders"])
    assert (page.status, agreed(house)) == (200, {"offers", "reminders"})


def test_to_leave_and_to_join_again_on_the_page_that_answers_is_to_join(house: House) -> None:
    page = house.fill_in(house.open(), topic=[])
    assert agreed(house) == set()
    house.now += MINUTE
    assert house.fill_in(page, topic=["reminders"]).status == 200
    house.hear()
    assert agreed(house) == {"reminders"}


def test_a_form_that_is_sent_twice_is_as_sent_once(house: House) -> None:
    form = {**form_of(house.open()), "topic": ["offers", "reminders"]}
    for _ in range(2):
        house.now += MINUTE
        page = house.send(form=form)
        assert (page.status, agreed(house)) == (200, {"offers", "reminders"})
    first, again = house.bus.told
    assert first == again


@pytest.mark.parametrize("shown_at", ["", "yesterday", "0001-01-01T00:00:00+23:00", to_text(NOW - days(800))])
def test_a_page_of_which_nobody_knows_when_it_was_shown_joins_nothing(house: House, shown_at: str) -> None:
    page = house.fill_in(house.open(), topic=["offers", "reminders"], shown_at=shown_at)
    assert (page.status, REFUSED in page.body, agreed(house)) == (409, True, {"reminders"})
    assert told(house) == []


def test_a_page_that_says_it_is_shown_tomorrow_does_not_outlast_todays_unsubscription(house: House) -> None:
    house.fill_in(house.open(), topic=["offers", "reminders"], shown_at=to_text(NOW + days(1)))
    left_by_a_mail(house, "offers")
    house.hear()
    assert agreed(house) == {"reminders"}


@pytest.mark.parametrize("field", ["day", "month", "year", "seen_day", "seen_month", "as_of"])
def test_a_field_of_five_thousand_digits_never_holds_up_leaving(house: House, field: str) -> None:
    odd = {"day": "1", "month": "2", "year": "1990", "pause": "month"} | {field: "9" * 5000}
    page = house.fill_in(house.open(), topic=[], **odd)
    assert page.status in (200, 422)
    assert agreed(house) == set()
    assert house.contacts.get("cust-asha").paused_until is not None


def test_a_form_that_knows_no_time_zone_at_all_is_answered_and_never_holds_up_leaving(house: House) -> None:
    zones = {"time_zone": "Mars/Base", "seen_time_zone": "Moon/Base"}
    assert house.fill_in(house.open(), topic=[], **zones).status == 422
    assert agreed(house) == set()
