"""A customer, the real mail that they got, and what is kept of them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from re import findall
from typing import Any

from playwright.sync_api import Locator

from cloud_server import CloudServer


@dataclass(frozen=True)
class Customer:
    """Somebody who got a mail, with the links that are in it."""

    server: CloudServer
    customer_id: str
    mail: str
    one_click: str

    @property
    def language(self) -> str:
        return self.customer_id.partition("-")[0]

    def link(self, page: str) -> str:
        """The link in the mail's own HTML that leads to the page."""
        (url,) = findall(rf'href="({self.server.origin}/{page}\?[^"]+)"', self.mail)
        return unescape(url)

    def star_link(self, stars: int, *, product: int = 0) -> str:
        """The link in the mail's own HTML behind so many stars of the first product, or of another."""
        urls = findall(rf'href="({self.server.origin}/review\?[^"]+stars={stars})"', self.mail)
        return unescape(urls[product])

    @property
    def review(self) -> dict[str, Any]:
        """What is kept of their review of the first product."""
        items = self.server.table("ReviewsTable")
        return next(
            each
            for each in items
            if (each.get("customer_id"), each.get("product_id")) == (self.customer_id, "assam-tea")
        )

    def item(self, table: str) -> dict[str, Any]:
        items = (item for item in self.server.table(table) if item["customer_id"] == self.customer_id)
        return next(items, {})

    @property
    def profile(self) -> dict[str, Any]:
        return self.item("CustomersTable")

    @property
    def agreed(self) -> set[str]:
        contact = self.item("ContactsTable")
        return {name[6:] for name, told in contact.items() if name.startswith("topic:") and told["granted"]}

    @property
    def paused_until(self) -> str | None:
        return self.item("ContactsTable").get("paused_until")


@cache
def words(language: str, section: str, package: str = "preferences") -> Mapping[str, str]:
    """What the pages say, by their keys."""
    text = files(package).joinpath("pages", f"{language}.toml").read_text(encoding="utf-8")
    said: Mapping[str, str] = tomllib.loads(text)[section]
    return said


def follow(target: Locator) -> None:
    """Press a link or a button and stay until the page that it leads to is there: a click alone does not wait."""
    with target.page.expect_navigation():
        target.click()
