"""A real browser, and customers who got a real mail."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from chromium_local import chromium
from cloud_server import CloudServer
from engagement.events.base import Event
from shop_facts import NOW, a_line, cart_updated, days, hours, order_delivered, registered
from tests.browser.customer import Customer

_LOCALES = {"en": "en-IN", "hi": "hi-IN"}
# As many customers for each language: a test takes one whom no other test had.
_CUSTOMERS = 25
_REVIEWERS = 12


@pytest.fixture(scope="session")
def server() -> Iterator[CloudServer]:
    with CloudServer() as server:
        server.tell(*_facts())
        # Past the next quarter of an hour, when those are asked whose order came a week ago.
        server.advance(hours(0.3))
        yield server


def _facts() -> Iterator[Event]:
    """Customers left a cart long enough ago to be reminded; reviewers got an order long enough ago to be asked."""
    for language, locale in _LOCALES.items():
        for number in range(_CUSTOMERS):
            name = f"{language}-{number}"
            yield registered(name, locale=locale, birthday="1990-02-28", occurred_at=NOW - hours(3))
            yield cart_updated(f"cart-{name}", customer_id=name, occurred_at=NOW - hours(2))
        for number in range(_REVIEWERS):
            name = f"{language}-reviewer-{number}"
            yield registered(name, locale=locale, occurred_at=NOW - days(30))
            # Due at half past four on their own clocks, and asked about from five on.
            yield order_delivered(
                f"order-{name}",
                customer_id=name,
                occurred_at=NOW - days(7) - hours(1),
                lines=(a_line("Assam tea"), a_line("Clay cup")),
            )


@pytest.fixture(scope="session")
def customers(server: CloudServer) -> dict[tuple[str, bool], list[Customer]]:
    mails = {mail["to"][0].partition("@")[0]: mail for mail in server.mails()}
    return {
        (language, asked): [
            Customer(server, name, mail["html"], mail["headers"]["List-Unsubscribe"].strip("<>"))
            for name, mail in mails.items()
            if name.startswith(language) and ("reviewer" in name) is asked
        ]
        for language in _LOCALES
        for asked in (False, True)
    }


@pytest.fixture
def a_customer(customers: dict[tuple[str, bool], list[Customer]]) -> Callable[[str], Customer]:
    """A customer of that language, to whom nothing happened yet but the mail."""
    return lambda language: customers[language, False].pop()


@pytest.fixture
def a_reviewer(customers: dict[tuple[str, bool], list[Customer]]) -> Callable[[str], Customer]:
    """One who was asked for a review of two products, and did not answer yet."""
    return lambda language: customers[language, True].pop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = chromium()
    # Chromium's own sandbox refuses to work for root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.executable,
            args=arguments,
            env={**os.environ, **found.environment},
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page(width=360)` is a blank page of a new visitor, without JavaScript unless a test wants it for itself."""
    contexts: list[BrowserContext] = []

    def open_(*, width: int = 360, scripts: bool = False, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        with suppress(Exception):
            context.close()
