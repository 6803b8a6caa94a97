"""The form behind the stars in a mail, driven as a customer would, and each of its pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customer import Customer, follow, words
from tests.browser.looks import assert_it_looks_right, what_breaks_its_policy

pytestmark = pytest.mark.browser
A_REVIEWER = Callable[[str], Customer]
OPEN_PAGE = Callable[..., Page]
STATES: dict[str, Callable[[Customer, Page], None]] = {}
PHOTO = "https://photos.example.com/tea.jpg"
WRITTEN = {
    "en": ("Every morning", "Strong & <b>malty</b>,\nmy cup of tea."),
    "hi": ("रोज़ सुबह", "कड़क & <b>ख़ुशबूदार</b>,\nमज़ेदार चाय।"),
}


def state(reach: Callable[[Customer, Page], None]) -> Callable[[Customer, Page], None]:
    STATES[reach.__name__] = reach
    return reach


def send(page: Page, customer: Customer, button: str = "send") -> None:
    name = words(customer.language, "form", "reviews")[button]
    follow(page.get_by_role("button", name=name, exact=True))


def heading(page: Page, customer: Customer, section: str, key: str) -> None:
    said = words(customer.language, section, "reviews")[key]
    expect(page.get_by_role("heading", level=1)).to_have_text(said)


@state
def form(customer: Customer, page: Page) -> None:
    page.goto(customer.star_link(4))


@state
def form_wrong(customer: Customer, page: Page) -> None:
    page.goto(customer.star_link(4).replace("stars=4", "stars=9"))
    page.locator("#photo_url").fill("http://photos.example.com/tea.jpg")
    send(page, customer)
    expect(page.get_by_role("alert")).to_be_focused()


@state
def form_while_the_table_is_away(customer: Customer, page: Page) -> None:
    form(customer, page)
    page.locator("#text").fill("Fine tea.")
    customer.server.cut_off("TransactWriteItems")
    send(page, customer)
    customer.server.cut_off()
    expect(page.locator("#text")).to_have_value("Fine tea.")
    expect(page.get_by_role("alert")).to_be_focused()


@state
def thanks_for_few_stars(customer: Customer, page: Page) -> None:
    page.goto(customer.star_link(1))
    page.locator("#text").fill("Came broken, sadly.")
    send(page, customer)
    heading(page, customer, "thanks", "heading_published")
    expect(page.locator(".way a")).to_have_attribute("href", "https://shop.example.com/help")


@state
def shown(customer: Customer, page: Page) -> None:
    thanks_for_few_stars(customer, page)
    page.goto(customer.star_link(5))
    heading(page, customer, "shown", "heading")
    assert int(customer.review["draft"]["rating"]) == 1


@state
def rejected(customer: Customer, page: Page) -> None:
    page.goto(customer.star_link(5))
    page.locator("#text").fill("What a bastard of a teapot.")
    send(page, customer)
    heading(page, customer, "thanks", "heading_rejected")
    follow(page.get_by_role("link", name=words(customer.language, "thanks", "reviews")["change"]))
    expect(page.locator("#text")).to_have_value("What a bastard of a teapot.")


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("reach", STATES.values(), ids=STATES.keys())
def test_a_page_of_the_form_is_accessible_and_fits_every_screen(
    a_reviewer: A_REVIEWER, open_page: OPEN_PAGE, reach: Callable[[Customer, Page], None], language: str
) -> None:
    page = open_page(scripts=True)
    broken = what_breaks_its_policy(page)
    reach(a_reviewer(language), page)
    assert_it_looks_right(page, f"review-{reach.__name__}-{language}")
    assert broken == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_customer_chooses_stars_in_the_mail_makes_a_mistake_mends_it_and_changes_it_once_more(
    a_reviewer: A_REVIEWER, open_page: OPEN_PAGE, language: str, width: int
) -> None:
    customer, page = a_reviewer(language), open_page(width=width)
    title, text = WRITTEN[language]
    page.goto(customer.star_link(3))
    expect(page.locator("#stars-3")).to_be_checked()
    # Looking records nothing.
    assert "draft" not in customer.review
    page.locator("#stars-3").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#stars-4")).to_be_checked()
    page.locator("#title").fill(title)
    page.locator("#text").fill(text)
    page.locator("#photo_url").fill("my photo")
    send(page, customer)

    expect(page.locator("#photo_url-wrong")).to_be_visible()
    expect(page.locator("#stars-4")).to_be_checked()
    expect(page.locator("#text")).to_have_value(text)
    assert "draft" not in customer.review
    page.locator("#photo_url").fill(PHOTO)
    send(page, customer)

    heading(page, customer, "thanks", "heading_pending")
    first = customer.review["draft"]
    assert (int(first["rating"]), first["photo_url"], first["language"]) == (4, PHOTO, language)
    page.reload()
    follow(page.get_by_role("link", name=words(language, "thanks", "reviews")["change"]))
    expect(page.locator("#title")).to_have_value(title)
    page.locator("#stars-2").focus()
    page.keyboard.press("ArrowLeft")
    page.locator("#photo_url").fill("")
    send(page, customer, "send_again")

    heading(page, customer, "thanks", "heading_published")
    assert customer.review["draft"] == {**first, "rating": "1", "photo_url": None}


def test_on_a_phone_each_star_is_large_enough_for_a_finger_and_shows_its_focus(
    a_reviewer: A_REVIEWER, open_page: OPEN_PAGE
) -> None:
    page = open_page(width=320, scripts=True)
    form(a_reviewer("hi"), page)
    for star in page.locator(".star").all():
        box = star.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, box
    page.locator("#stars-4").focus()
    page.keyboard.press("ArrowLeft")
    chosen = page.locator(".star", has=page.locator("#stars-3"))
    assert chosen.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
