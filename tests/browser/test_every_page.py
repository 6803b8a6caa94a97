"""Every page in every state: accessible by axe, nothing cut off on the smallest screen, in light and dark.

Leaves a picture of each in `.local/browser`.
"""

from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customer import Customer, follow, words
from tests.browser.looks import assert_it_looks_right, what_breaks_its_policy

pytestmark = pytest.mark.browser
A_CUSTOMER = Callable[[str], Customer]
OPEN_PAGE = Callable[..., Page]
STATES: dict[str, Callable[[Customer, Page], None]] = {}


def state(reach: Callable[[Customer, Page], None]) -> Callable[[Customer, Page], None]:
    STATES[reach.__name__] = reach
    return reach


def press(page: Page, customer: Customer, section: str, button: str) -> None:
    follow(page.get_by_role("button", name=words(customer.language, section)[button], exact=True))


@state
def ask(customer: Customer, page: Page) -> None:
    page.goto(customer.link("unsubscribe"))


@state
def done(customer: Customer, page: Page) -> None:
    ask(customer, page)
    press(page, customer, "ask", "button")


@state
def centre(customer: Customer, page: Page) -> None:
    page.goto(customer.link("preferences"))


@state
def centre_wrong(customer: Customer, page: Page) -> None:
    centre(customer, page)
    page.locator("#day").fill("31")
    page.locator("#time_zone option:checked").evaluate("each => each.value = 'Mars/Base'")
    press(page, customer, "centre", "save")
    expect(page.locator("#time_zone-wrong")).to_be_visible()
    expect(page.locator("#birthday-wrong")).to_be_visible()


@state
def centre_on_a_break(customer: Customer, page: Page) -> None:
    centre(customer, page)
    page.locator('input[value="month"]').check()
    press(page, customer, "centre", "save")
    expect(page.get_by_role("status")).to_be_focused()


@state
def centre_while_the_bus_is_away(customer: Customer, page: Page) -> None:
    centre(customer, page)
    page.locator("#year").fill("1992")
    customer.server.cut_off("PutEvents")
    press(page, customer, "centre", "save")
    customer.server.cut_off()
    expect(page.locator("#year")).to_have_value("1992")
    expect(page.get_by_role("alert")).to_be_focused()


@state
def centre_refused(customer: Customer, page: Page) -> None:
    """The page stood open while the mail program unsubscribed."""
    with urlopen(Request(customer.one_click, b"List-Unsubscribe=One-Click", method="POST")) as answer:
        assert answer.status == 200
    centre(customer, page)
    page.locator('[type=checkbox][value="reminders"]').check()
    with urlopen(Request(customer.one_click, b"List-Unsubscribe=One-Click", method="POST")) as answer:
        assert answer.status == 200
    press(page, customer, "centre", "save")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator('[type=checkbox][value="reminders"]')).not_to_be_checked()
    assert "reminders" not in customer.agreed


@state
def erase(customer: Customer, page: Page) -> None:
    centre(customer, page)
    follow(page.get_by_role("link", name=words(customer.language, "centre")["erase_link"]))


@state
def erase_while_the_bus_is_away(customer: Customer, page: Page) -> None:
    erase(customer, page)
    customer.server.cut_off("PutEvents")
    press(page, customer, "erase", "button")
    customer.server.cut_off()
    expect(page.get_by_role("alert")).to_have_text(words(customer.language, "erase")["failed"])


@state
def erased(customer: Customer, page: Page) -> None:
    erase(customer, page)
    press(page, customer, "erase", "button")


@state
def gone(customer: Customer, page: Page) -> None:
    erased(customer, page)
    customer.server.settle()
    centre(customer, page)
    expect(page.get_by_role("heading", level=1)).to_have_text(words(customer.language, "gone")["heading"])


@state
def trouble(customer: Customer, page: Page) -> None:
    customer.server.cut_off("BatchGetItem")
    centre(customer, page)
    customer.server.cut_off()
    expect(page.get_by_role("heading", level=1)).to_have_text(words(customer.language, "trouble")["heading"])


@state
def invalid(customer: Customer, page: Page) -> None:
    page.goto(customer.link("preferences").replace("token=", "token=x"))
    expect(page.locator("section")).to_have_count(2)


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("reach", STATES.values(), ids=STATES.keys())
def test_a_page_is_accessible_and_fits_every_screen(
    a_customer: A_CUSTOMER, open_page: OPEN_PAGE, reach: Callable[[Customer, Page], None], language: str
) -> None:
    page = open_page(scripts=True)
    broken = what_breaks_its_policy(page)
    reach(a_customer(language), page)
    assert_it_looks_right(page, f"{reach.__name__}-{language}")
    assert broken == []


@pytest.mark.parametrize("reach", [ask, centre, centre_wrong, erase], ids=lambda each: each.__name__)
def test_everything_is_reached_by_the_keyboard_in_the_order_in_which_it_stands(
    a_customer: A_CUSTOMER, open_page: OPEN_PAGE, reach: Callable[[Customer, Page], None]
) -> None:
    page = open_page(scripts=True)
    reach(a_customer("en"), page)
    # Of radio buttons the keyboard stops at the chosen one; the arrows lead to the others.
    stops = page.locator(
        "a, button, select, input:not([type=hidden]):not([type=radio]), input[type=radio]:checked"
    )
    count = stops.count()
    assert count >= 2
    for number in range(count):
        page.keyboard.press("Tab")
        stop = stops.nth(number)
        expect(stop).to_be_focused()
        outline = stop.evaluate("each => getComputedStyle(each).outlineStyle")
        assert outline == "solid", f"nobody sees that {stop} has the focus"


def test_what_is_pressed_by_a_finger_is_large_enough(a_customer: A_CUSTOMER, open_page: OPEN_PAGE) -> None:
    page = open_page(scripts=True)
    centre_on_a_break(a_customer("hi"), page)
    for target in page.locator("button, select, .choice, .field input").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44, f"{target} is {box['height']} pixels high"
