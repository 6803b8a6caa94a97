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
def words(language: str, section: str) -> Mapping[str, str]:
    """What the pages say, by their keys."""
    text = files("preferences").joinpath("pages", f"{language}.toml").read_text(encoding="utf-8")
    said: Mapping[str, str] = tomllib.loads(text)[section]
    return said


def follow(target: Locator) -> None:
    """Press a link or a button and stay until the page that it leads to is there: a click alone does not wait."""
    with target.page.expect_navigation():
        target.click()
