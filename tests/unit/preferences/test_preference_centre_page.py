"""The preference centre's page: what it shows, what it carries along, what it says of a mistake."""

import pytest

from engagement.plan import engagement_plan
from page_outline import Outline, centre
from preferences.details import Details
from preferences.rendering import Notice, Pages


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(engagement_plan())


def test_a_reason_stands_by_its_field_and_at_the_top(pages: Pages) -> None:
    wrong = {"time_zone": "wrong_time_zone", "birthday": "birthday_no_such_day"}
    page = centre(pages, notice="wrong", wrong=wrong)
    assert page.status == 422
    outline = Outline(page)
    for field, marked in (("time_zone", ["time_zone"]), ("birthday", ["day", "month", "year"])):
        invalid = [
            each["id"]
            for tag in ("input", "select")
            for each in outline.all(tag)
            if f"{field}-wrong" in (each.get("aria-describedby") or "") and each["aria-invalid"] == "true"
        ]
        assert sorted(str(each) for each in invalid) == marked
        assert [each for each in outline.all("p") if each.get("id") == f"{field}-wrong"]
    assert [each["href"] for each in outline.all("a")][:2] == ["#time_zone", "#day"]
    assert page.body.count("There is no such day.") == 2


def test_what_was_typed_stays_and_is_escaped(pages: Pages) -> None:
    typed = Details("hi", "Mars/Base", '31"><b>', "2", "90")
    outline = Outline(
        centre(pages, details=typed, notice="wrong", wrong={"birthday": "birthday_no_such_day"})
    )
    values = {each.get("name"): each.get("value") for each in outline.all("input")}
    assert (values["day"], values["year"]) == ('31"><b>', "90")
    assert outline.all("b") == []
    selected = [each["value"] for each in outline.all("option") if "selected" in each]
    assert selected == ["hi", "Asia/Kolkata", "2"]


def test_where_the_form_knows_no_time_zone_at_all_the_page_shows_the_shops(pages: Pages) -> None:
    lost = Details("en", "Mars/Base")
    page = centre(pages, details=lost, seen=lost, notice="wrong", wrong={"time_zone": "wrong_time_zone"})
    selected = [each["value"] for each in Outline(page).all("option") if "selected" in each]
    assert selected == ["en", engagement_plan().shop.time_zone]


@pytest.mark.parametrize(
    ("notice", "status", "wrong"),
    [("refused", 409, {}), ("wrong", 422, {"birthday": "birthday_no_such_day"}), ("away", 503, {})],
)
def test_which_mails_stay_stopped_is_said_whatever_else_became_of_the_form(
    pages: Pages, notice: Notice, status: int, wrong: dict[str, str]
) -> None:
    page = centre(pages, notice=notice, wrong=wrong, refused=("reminders",))
    name = engagement_plan().topic_name("reminders", "en")
    assert page.status == status
    assert f"These mails stay stopped: {name}." in page.body
    others: list[Notice] = ["saved", "wrong", "away"]
    assert not any("These mails stay stopped" in centre(pages, notice=each).body for each in others)


def test_the_form_carries_along_what_the_customer_saw(pages: Pages) -> None:
    boxes = Outline(centre(pages, details=Details("hi", "Pacific/Chatham"))).all("input")
    hidden = [(each["name"], each["value"]) for each in boxes if each.get("type") == "hidden"]
    assert sorted(hidden, key=str) == [
        ("as_of", "2027-03-01T11:00:00.000000Z"),
        ("seen_day", "28"),
        ("seen_language", "en"),
        ("seen_month", "2"),
        ("seen_time_zone", "Asia/Kolkata"),
        ("seen_topic", "offers"),
        ("seen_topic", "reviews"),
        ("seen_year", "1990"),
        ("shown_at", "2027-03-01T12:00:00.000000Z"),
    ]
    ticked = [each["value"] for each in boxes if each.get("type") == "checkbox" and "checked" in each]
    assert ticked == ["offers", "reviews"]


def test_who_is_on_a_break_can_end_it_and_who_is_not_can_take_one(pages: Pages) -> None:
    for paused, choices in ((False, ["keep", "month"]), (True, ["keep", "none"])):
        radios = [
            each for each in Outline(centre(pages, paused=paused)).all("input") if each.get("type") == "radio"
        ]
        assert [each["value"] for each in radios] == choices
        assert "checked" in radios[0]
    assert "18 March 2027" in centre(pages, paused=True).body
    assert "1 April 2027" in centre(pages).body
    assert "1 अप्रैल 2027" in centre(pages, "hi").body
