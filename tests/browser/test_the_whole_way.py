"""From a real mail through the pages, with JavaScript switched off: on a phone and a desktop, in both languages."""

from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customer import Customer, follow, words

pytestmark = pytest.mark.browser
ALL = {"loyalty", "offers", "reminders", "reviews"}
A_CUSTOMER = Callable[[str], Customer]
OPEN_PAGE = Callable[..., Page]


def follow_from_the_mail(page: Page, customer: Customer, link: str) -> None:
    page.set_content(customer.mail)
    follow(page.locator(f'a[href*="/{link}?"]'))


def press(page: Page, words_on_it: str) -> None:
    follow(page.get_by_role("button", name=words_on_it, exact=True))


def said(customer: Customer) -> tuple[str, str, str]:
    """Language, time zone and birthday, once the pages' facts are heard."""
    customer.server.settle()
    profile = customer.profile
    return profile["locale"], profile["time_zone"], profile["birthday"]


def change_everything_to_a_day_that_does_not_exist(page: Page, customer: Customer, other: str) -> None:
    """What they typed stays. The mails that they chose are kept already."""
    say = words(customer.language, "centre")
    page.locator('[type=checkbox][value="reminders"]').uncheck()
    page.locator('[name="pause"][value="month"]').check()
    filled = [("time_zone", "America/St_Johns"), ("language", other), ("month", "2")]
    for field, choice in filled:
        page.get_by_label(say[field], exact=True).select_option(choice)
    page.get_by_label(say["day"], exact=True).fill("31")
    page.get_by_label(say["year"], exact=True).fill("1991")
    press(page, say["save"])
    expect(page.locator("#birthday-wrong")).to_contain_text(say["birthday_no_such_day"])
    for field, choice in [*filled, ("day", "31"), ("year", "1991")]:
        expect(page.get_by_label(say[field], exact=True)).to_have_value(choice)
    assert customer.agreed == ALL - {"reminders"}
    assert said(customer) == (f"{customer.language}-IN", "Asia/Kolkata", "1990-02-28")


def mend_it_by_way_of_the_summary(page: Page, customer: Customer, other: str) -> None:
    """From now on the page speaks the other language."""
    say = words(customer.language, "centre")
    page.get_by_role("alert").get_by_role("link", name=say["birthday_no_such_day"]).click()
    page.get_by_label(say["day"], exact=True).fill("1")
    page.get_by_label(say["month"], exact=True).select_option("3")
    press(page, say["save"])
    expect(page.get_by_role("status")).to_have_text(words(other, "centre")["saved"])
    expect(page.locator("html")).to_have_attribute("lang", other)
    assert said(customer) == (f"{other}-IN", "America/St_Johns", "1991-03-01")
    assert customer.paused_until == "2027-04-01T02:30:00.000000Z", "midnight of 1 April in Newfoundland"


def come_back_and_end_the_break(page: Page, customer: Customer, other: str) -> None:
    say = words(other, "centre")
    follow_from_the_mail(page, customer, "preferences")
    expect(page.get_by_label(say["language"], exact=True)).to_have_value(other)
    expect(page.get_by_label(say["month"], exact=True)).to_have_value("3")
    expect(page.locator('[type=checkbox][value="reminders"]')).not_to_be_checked()
    page.get_by_label(say["pause_end"]).check()
    press(page, say["save"])
    expect(page.get_by_role("status")).to_have_text(say["saved"])
    assert customer.paused_until is None


def be_forgotten_after_a_second_thought(page: Page, customer: Customer, other: str) -> None:
    say = words(other, "erase")
    follow(page.get_by_role("link", name=words(other, "centre")["erase_link"]))
    follow(page.get_by_role("link", name=say["back"]))
    follow(page.get_by_role("link", name=words(other, "centre")["erase_link"]))
    assert customer.agreed == ALL - {"reminders"}
    press(page, say["button"])
    expect(page.get_by_role("heading", level=1)).to_have_text(words(other, "erased")["heading"])
    assert customer.agreed == set()
    customer.server.settle()
    assert customer.profile.keys() == {"customer_id", "erased_at"}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(("language", "other"), [("en", "hi"), ("hi", "en")])
def test_a_customer_changes_everything_and_is_then_forgotten(
    a_customer: A_CUSTOMER, open_page: OPEN_PAGE, language: str, other: str, width: int
) -> None:
    customer, page = a_customer(language), open_page(width=width)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    follow_from_the_mail(page, customer, "preferences")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(len(ALL))
    change_everything_to_a_day_that_does_not_exist(page, customer, other)
    mend_it_by_way_of_the_summary(page, customer, other)
    come_back_and_end_the_break(page, customer, other)
    be_forgotten_after_a_second_thought(page, customer, other)
    follow_from_the_mail(page, customer, "preferences")
    expect(page.get_by_role("heading", level=1)).to_have_text(words(language, "gone")["heading"])
    assert asked
    assert all(url.startswith(customer.server.origin) for url in asked), "nothing is loaded from elsewhere"


@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_customer_leaves_by_the_mails_link_and_finds_the_other_settings(
    a_customer: A_CUSTOMER, open_page: OPEN_PAGE, language: str
) -> None:
    customer, page = a_customer(language), open_page()
    follow_from_the_mail(page, customer, "unsubscribe")
    page.locator('[type=checkbox][value="reviews"]').check()
    press(page, words(language, "ask")["others_button"])
    expect(page.get_by_role("heading", level=1)).to_have_text(words(language, "done")["heading"])
    assert customer.agreed == {"loyalty", "offers"}
    follow(page.get_by_role("link", name=words(language, "done")["preferences"]))
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    press(page, words(language, "centre")["leave_all"])
    expect(page.get_by_role("status")).to_have_text(words(language, "centre")["saved"])
    assert customer.agreed == set()


def test_enter_in_a_field_saves_and_stops_no_mails(a_customer: A_CUSTOMER, open_page: OPEN_PAGE) -> None:
    customer, page, say = a_customer("en"), open_page(), words("en", "centre")
    page.goto(customer.link("preferences"))
    page.get_by_label(say["year"], exact=True).fill("1991")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(say["saved"])
    customer.server.settle()
    assert customer.profile["birthday"] == "1991-02-28"
    assert customer.agreed == ALL


def test_a_second_change_before_the_first_is_heard_takes_nothing_of_it_back(
    a_customer: A_CUSTOMER, open_page: OPEN_PAGE
) -> None:
    customer, page = a_customer("en"), open_page()
    page.goto(customer.link("preferences"))
    page.locator("#language").select_option("hi")
    press(page, words("en", "centre")["save"])
    page.locator("#time_zone").select_option("Pacific/Chatham")
    press(page, words("hi", "centre")["save"])
    expect(page.locator("#language")).to_have_value("hi")
    customer.server.settle()
    assert (customer.profile["locale"], customer.profile["time_zone"]) == ("hi-IN", "Pacific/Chatham")


def test_one_click_in_the_mail_program_unsubscribes(a_customer: A_CUSTOMER) -> None:
    customer = a_customer("en")
    with urlopen(Request(customer.one_click, b"List-Unsubscribe=One-Click", method="POST")) as answer:
        assert answer.status == 200
    assert customer.agreed == ALL - {"reminders"}


def test_whoever_fetches_the_links_in_a_mail_beforehand_changes_nothing(
    a_customer: A_CUSTOMER, open_page: OPEN_PAGE
) -> None:
    """Mail scanners ask by HEAD and GET, and some of them run a browser."""
    customer, page = a_customer("hi"), open_page(scripts=True)
    before = (customer.profile, customer.item("ContactsTable"))
    links = [customer.one_click, customer.link("unsubscribe"), customer.link("preferences")]
    links.append(customer.link("preferences").replace("/preferences?", "/preferences/erase?"))
    for link in links:
        with urlopen(Request(link, method="HEAD")) as answer:
            told = dict(answer.headers)
            assert (answer.status, answer.read()) == (200, b"")
        with urlopen(link) as answer:
            shown = dict(answer.headers)
            assert answer.read().startswith(b"<!doctype html>")
        for each in (told, shown):
            for name in ("content-length", "Date"):
                each.pop(name, None)
        assert told == shown
        page.goto(link)
        page.reload()
    customer.server.settle()
    assert (customer.profile, customer.item("ContactsTable")) == before
