"""Our page behind the link that restores a cart, in a real browser: on to the shop, or kindly why not.

Leaves a picture of each page in `.local/browser`.
"""

from collections.abc import Callable
from dataclasses import replace
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Route, expect

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.rules import Cart, CartStatus
from cart_nudges.links.restore_link import restore_link
from cart_nudges.links.restore_pages import RestorePages
from cart_nudges.links.restoring import Restoring
from engagement.errors import RetryLaterError
from engagement.notices import Notices
from engagement.plan import engagement_plan
from shop_facts import NOW, a_line, days
from tests.browser.customer import follow
from tests.browser.looks import assert_it_looks_right

pytestmark = pytest.mark.browser
OPEN_PAGE = Callable[..., Page]
KEYS = (b"k" * 32,)
OUR_PAGES = "https://pages.example.com"
SHOP = engagement_plan().shop
OPEN = Cart(cart_id="cart-9", status=CartStatus.OPEN, activity_at=NOW, lines=(a_line(),))
CARTS: dict[str, Cart | None] = {
    "bought": Cart(cart_id="cart-9", status=CartStatus.BOUGHT),
    "emptied": Cart(cart_id="cart-9", status=CartStatus.OPEN, activity_at=NOW),
    "gone": None,
}


def the_link(language: str) -> str:
    return restore_link(KEYS, OUR_PAGES, OPEN, NOW + days(30), language)


def behind_it(cart: Cart | None, *, away: bool = False) -> RestorePages:
    def find(cart_id: str) -> Cart | None:
        if away:
            raise RetryLaterError("not now")
        return cart

    settings = engagement_plan().settings(CartNudgeSettings)
    return RestorePages(Restoring(find, KEYS), settings, SHOP.website, Notices("cart_nudges", SHOP))


def serve(page: Page, pages: RestorePages) -> list[Request]:
    """Our pages answer this browser, and so does the shop; the requests that anybody gets."""
    got: list[Request] = []

    def answer(route: Route) -> None:
        got.append(route.request)
        parts = urlsplit(route.request.url)
        if not route.request.url.startswith(OUR_PAGES):
            route.fulfill(status=200, content_type="text/html", body="<title>The shop</title>")
            return
        event: dict[str, Any] = {
            "rawPath": parts.path,
            "rawQueryString": parts.query,
            "requestContext": {"http": {"method": route.request.method}},
        }
        answered = pages.answer(event, NOW)
        route.fulfill(status=answered["statusCode"], headers=answered["headers"], body=answered["body"])

    page.route("**/*", answer)
    return got


def look_at(page: Page, name: str, heading: str) -> None:
    """It fits every screen, in light and dark, can be read by everyone, and breaks none of its own rules."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_it_looks_right(page, f"cart-{name}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link").first).to_be_focused()
    box = page.get_by_role("link").first.bounding_box()
    assert box is not None
    assert box["height"] >= 44, "a finger finds it"


class _Web(BaseHTTPRequestHandler):
    """A mail program, our pages and the shop: a browser's routes see no redirected request."""

    pages: ClassVar[RestorePages]
    mail: ClassVar[str]
    told_to_the_shop: ClassVar[list[str | None]]

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/cart":
            event = {"rawQueryString": query, "requestContext": {"http": {"method": "GET"}}}
            answer = self.pages.answer(event, NOW)
            self._send(answer["statusCode"], answer["headers"], "")
        elif path == "/restore":
            self.told_to_the_shop.append(self.headers.get("referer"))
            self._send(200, {}, "<title>The shop</title>")
        else:
            self._send(200, {}, self.mail)

    def _send(self, status: int, headers: dict[str, str], body: str) -> None:
        self.send_response(status)
        for name, value in ({"content-type": "text/html"} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


def test_the_link_leads_on_to_the_shop_which_does_not_learn_from_where(open_page: OPEN_PAGE) -> None:
    page = open_page()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Web) as server:
        origin = f"http://127.0.0.1:{server.server_port}"
        pages = behind_it(OPEN)
        settings = pages.settings.model_copy(update={"restore_url": f"{origin}/restore"})
        _Web.pages, _Web.told_to_the_shop = replace(pages, settings=settings), []
        link = restore_link(KEYS, origin, OPEN, NOW + days(30), "en")
        _Web.mail = f'<a href="{escape(link)}">Back to my cart</a>'
        Thread(target=server.serve_forever, daemon=True).start()
        page.goto(f"{origin}/mail")
        follow(page.get_by_role("link"))
        assert page.title() == "The shop"
        assert page.url.startswith(f"{origin}/restore?token=")
        assert _Web.told_to_the_shop == [None], "without our header it would be told the mail program's page"
        server.shutdown()


# One frame for all: each page is looked at, in one of the languages.
@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("bought", "en"),
        ("bought", "hi"),
        ("emptied", "hi"),
        ("gone", "en"),
        ("invalid", "hi"),
        ("trouble", "en"),
    ],
)
def test_a_page_is_accessible_and_fits_every_screen(open_page: OPEN_PAGE, name: str, language: str) -> None:
    page = open_page(scripts=True)
    loud: list[str] = []
    page.on("console", lambda message: loud.append(message.text))
    got = serve(page, behind_it(CARTS.get(name), away=name == "trouble"))
    link = the_link(language)
    page.goto(link.replace("token=", "token=x") if name == "invalid" else link)
    heading = {
        ("bought", "en"): "This cart has been ordered already",
        ("bought", "hi"): "इस कार्ट का ऑर्डर हो चुका है",
        ("emptied", "hi"): "यह कार्ट अब ख़ाली है",
        ("gone", "en"): "This cart is no longer kept",
        ("invalid", "hi"): "यह लिंक काम नहीं कर रहा है",
        ("trouble", "en"): "We cannot open your cart just now",
    }[name, language]
    look_at(page, f"{name}-{language}", heading)
    expect(page.locator("section")).to_have_count(2 if name == "invalid" else 1)
    assert all(request.url.startswith(OUR_PAGES) for request in got), "nothing is loaded from elsewhere"
    # A page that our own policy forbids a part of would say so there.
    assert [text for text in loud if "Content Security Policy" in text] == []
    follow(page.get_by_role("link").first)
    assert page.title() == "The shop"
