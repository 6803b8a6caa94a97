"""A customer's page about their points, opened from the mail about their tier as a customer would."""

import json
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from cloud_server import CloudServer
from engagement.events.base import Event
from offer_facts import signature
from shop_facts import ALL_TOPICS, NOW, days, hours, order_paid, order_refunded, registered, rupees
from tests.browser.customer import Customer, follow, words
from tests.browser.looks import assert_it_looks_right, what_breaks_its_policy

pytestmark = pytest.mark.browser
OPEN_PAGE = Callable[..., Page]
MEMBER = Callable[[str], Customer]
STATES: dict[str, Callable[[Customer, Page], None]] = {}
LOCALES = {"en": "en-IN", "hi": "hi-IN"}
# More than fit on one page.
SMALL_ORDERS = 24


def _facts(language: str) -> Iterator[Event]:
    """One customer reached silver by many orders, and one gold; the newest order of each is pending."""
    for tier, points in (("silver", 900), ("gold", 123_456)):
        name = f"{language}-{tier}"
        topics = ALL_TOPICS | {"loyalty"}
        known = {"customer_id": name, "occurred_at": NOW - days(40)}
        yield registered(name, locale=LOCALES[language], consents=topics, occurred_at=NOW - days(60))
        yield order_paid(f"{name}-big", amount=rupees(points * 100), **known)
        yield order_refunded(f"{name}-big", amount=rupees(2000), **known | {"occurred_at": NOW - days(2)})
        yield order_paid(f"{name}-new", amount=rupees(5000), **known | {"occurred_at": NOW - days(1)})
    for number in range(SMALL_ORDERS):
        order_id = f"{language}-small-{number}"
        yield order_paid(
            order_id, amount=rupees(100), customer_id=f"{language}-silver", occurred_at=NOW - days(30)
        )


@pytest.fixture(scope="module")
def shop() -> Iterator[CloudServer]:
    """A shop of its own, whose customers agreed to mail about their points."""
    with CloudServer() as server:
        for language in LOCALES:
            server.tell(*_facts(language))
            for page in ("reserve", "commit"):
                spend(server, page, f"{language}-silver")
        # Past the sweeps that hand the mails about tiers over.
        server.advance(hours(0.3))
        yield server


def spend(server: CloudServer, page: str, customer_id: str) -> None:
    """As the shop's checkout does."""
    asked = {"customer_id": customer_id, "reservation_id": f"checkout-{customer_id}"}
    if page == "reserve":
        asked |= {"points": 250, "order_id": f"{customer_id}-new"}  # type: ignore[dict-item]
    headers = signature(f"/points/{page}") | {"content-type": "application/json"}
    request = urllib.request.Request(
        f"{server.origin}/points/{page}", json.dumps(asked).encode(), headers, method="POST"
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


@pytest.fixture
def member(shop: CloudServer) -> MEMBER:
    """`member("en-silver")` got the mail about that tier. To look changes nothing: every test may have one."""
    mails = {mail["to"][0].partition("@")[0]: mail for mail in shop.mails()}
    return lambda name: Customer(shop, name, mails[name]["html"], "")


def state(reach: Callable[[Customer, Page], None]) -> Callable[[Customer, Page], None]:
    STATES[reach.__name__] = reach
    return reach


@state
def newest(customer: Customer, page: Page) -> None:
    page.goto(customer.link("points"))
    expect(page.locator(".entries li")).to_have_count(20)


@state
def older(customer: Customer, page: Page) -> None:
    newest(customer, page)
    follow(page.get_by_role("link", name=words(customer.language, "points", "loyalty")["older"], exact=True))


@state
def invalid(customer: Customer, page: Page) -> None:
    page.goto(customer.link("points").replace("token=", "token=x"))
    expect(page.locator("section")).to_have_count(2)


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("reach", STATES.values(), ids=STATES.keys())
def test_a_page_about_points_is_accessible_and_fits_every_screen(
    member: MEMBER, open_page: OPEN_PAGE, reach: Callable[[Customer, Page], None], language: str
) -> None:
    page = open_page(scripts=True)
    broken = what_breaks_its_policy(page)
    reach(member(f"{language}-silver"), page)
    assert_it_looks_right(page, f"points-{reach.__name__}-{language}")
    assert broken == []


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_page_of_the_highest_tier_is_accessible_and_fits_every_screen(
    member: MEMBER, open_page: OPEN_PAGE, language: str
) -> None:
    page = open_page(scripts=True)
    page.goto(member(f"{language}-gold").link("points"))
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.locator(".benefits li")).to_have_count(4)
    assert_it_looks_right(page, f"points-highest-{language}")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_customer_sees_their_points_in_the_mails_link_and_turns_the_pages_of_their_entries(
    member: MEMBER, open_page: OPEN_PAGE, language: str, width: int
) -> None:
    customer, page = member(f"{language}-silver"), open_page(width=width)
    said = words(language, "points", "loyalty")
    ledger = customer.server.table("LoyaltyTable")
    newest(customer, page)
    # 900 and 24, less 20 that were taken back and 250 that were used.
    expect(page.locator(".balance strong")).to_have_text("654")
    expect(page.get_by_role("progressbar", name=said["way"].format(tier=_gold(language)))).to_have_attribute(
        "value", "904"
    )
    first = page.locator(".entries li").all_inner_texts()
    follow(page.get_by_role("link", name=said["older"], exact=True))
    second = page.locator(".entries li").all_inner_texts()
    assert not set(first) & set(second)
    assert f"{language}-silver-big" in second[-2] + second[-1]
    # The balance stands above the older entries, too.
    expect(page.locator(".balance strong")).to_have_text("654")
    follow(page.get_by_role("link", name=said["newer"], exact=True))
    assert page.locator(".entries li").all_inner_texts() == first
    assert customer.server.table("LoyaltyTable") == ledger


def test_on_a_phone_what_turns_a_page_is_large_enough_for_a_finger_and_shows_its_focus(
    member: MEMBER, open_page: OPEN_PAGE
) -> None:
    page = open_page(width=320, scripts=True)
    newest(member("hi-silver"), page)
    for link in page.locator(".turning a").all():
        box = link.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, box
    page.keyboard.press("Tab")
    expect(page.locator(".turning a").first).to_be_focused()
    outline = page.locator(".turning a").first.evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline == "solid"


def _gold(language: str) -> str:
    return {"en": "Gold", "hi": "स्वर्ण"}[language]
