"""A customer's own page about their points: what it says, in each language, and to whom it says nothing."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from botocore.exceptions import EndpointConnectionError

from engagement.page_words import page_words
from engagement.signed_tokens import sign_token
from engagement.site import Site
from engagement.web import PageResponse, page_request
from loyalty.adjusting import adjusted
from loyalty.links import points_url
from loyalty.showing import PointsPage, PointsPages
from loyalty.statement import Statements
from shop_facts import NOW, days, hours
from tests.unit.loyalty.shelf import CUSTOMER, Shelf

KEYS = (b"k" * 32,)
A_MONTH_AGO = NOW - days(30)
LANGUAGES = pytest.mark.parametrize("language", ["en", "hi"])


@dataclass
class Browser:
    """Whoever has the link, and the ledger behind it."""

    shelf: Shelf = field(default_factory=Shelf)
    language: str = "en"
    until: datetime = NOW + days(60)
    purpose: str = ""

    def get(self, method: str = "GET", **linked: str) -> PageResponse:
        query = urlsplit(points_url(KEYS, "", CUSTOMER, self.until, self.language)).query
        if self.purpose:
            claims = {"customer_id": CUSTOMER, "until": "2027-08-01T00:00:00.000000Z"}
            query = urlencode({"token": sign_token(KEYS, self.purpose, claims), "lang": self.language})
        return self.open(f"{query}&{urlencode(linked)}", method)

    def follow(self, link: str) -> PageResponse:
        """A link of the page's own."""
        parts = urlsplit(link.replace("&amp;", "&"))
        assert (parts.path, parts.fragment) == ("points", "entries")
        assert parse_qs(parts.query).keys() <= {"token", "lang", "before"}
        return self.open(parts.query)

    def open(self, query: str, method: str = "GET") -> PageResponse:
        pages = PointsPages(self.shelf.plan)
        page = PointsPage(Statements(self.shelf, self.shelf.terms), KEYS, pages)
        event = {
            "requestContext": {"http": {"method": method}},
            "rawPath": "/points",
            "rawQueryString": query,
        }
        return Site({"points": page}, self.shelf.plan, pages.frame).answer(page_request(event), NOW)

    def words(self, section: str, key: str) -> str:
        said: Any = page_words("loyalty", self.language)[section][key]
        assert isinstance(said, str)
        return said

    def says(self, answer: PageResponse, key: str, section: str = "points", **facts: str) -> bool:
        return self.words(section, key).format(**facts) in shown(answer)


def shown(page: PageResponse) -> str:
    return re.sub(r"<style>.*?</style>", "", page.body, flags=re.DOTALL).replace("&#39;", "'")


def rows(page: PageResponse) -> list[tuple[str, str]]:
    """What each entry says, and how many points it moved."""
    return re.findall(r'class="what">(.*?)</span>\s*<span class="moved[^"]*">(.*?)</span>', page.body)


def links(page: PageResponse) -> dict[str, str]:
    return {rel: link for link, rel in re.findall(r'<a href="([^"]+)" rel="(\w+)"', page.body)}


def asha(language: str = "en") -> Browser:
    """Silver, with points pending, on hold and spent."""
    shelf = Shelf()
    shelf.paid(1620, "order-1", at=A_MONTH_AGO)
    shelf.redeemed(20, order_id="order-1", at=NOW - days(2))
    shelf.paid(100, "order-2", at=NOW - days(1))
    return Browser(shelf, language)


@LANGUAGES
def test_the_page_says_what_a_customer_has_what_comes_and_what_ends(language: str) -> None:
    browser = asha(language)
    page = browser.get()
    assert page.status == 200
    assert "<strong>1,600</strong>" in page.body
    march, end = {
        "en": ("14 March 2027", "29 February 2028"),
        "hi": ("14 मार्च 2027", "29 फ़रवरी 2028"),
    }[language]
    told: Any = page_words("loyalty", language)["points"]
    assert told["pending"]["points"]["other"].format(points="125", day=march) in shown(page)
    # The last day on which they can be used, not the one on which they are gone.
    assert told["ending"]["points"]["other"].format(points="1,600", day=end) in shown(page)


def test_points_on_hold_are_said_to_be_set_aside() -> None:
    browser = Browser()
    browser.shelf.paid(100, at=A_MONTH_AGO)
    assert "set aside" not in shown(browser.get())
    browser.shelf.reserved(30)
    assert "30 of them are set aside" in shown(browser.get())
    assert "<strong>100</strong>" in browser.get().body


@LANGUAGES
def test_the_page_says_the_tier_what_it_brings_and_how_far_the_next_one_is(language: str) -> None:
    page = asha(language).get()
    silver = {"en": "Silver", "hi": "रजत"}[language]
    assert re.search(rf'<h2 id="tier">[^<]*{silver}</h2>', page.body)
    assert '<progress aria-labelledby="way" value="1620" max="2000">' in page.body
    assert {"en": "380 points are still missing", "hi": "अभी 380 पॉइंट और चाहिए"}[language] in shown(page)
    assert {"en": "20% off on your birthday", "hi": "आपके जन्मदिन पर 20% की छूट"}[language] in page.body
    assert {"en": "1.25 times the points", "hi": "1.25 गुना पॉइंट"}[language] in page.body


def test_whoever_has_the_highest_tier_is_on_the_way_to_none() -> None:
    browser = Browser()
    browser.shelf.paid(2500, at=A_MONTH_AGO)
    page = browser.get()
    assert browser.says(page, "highest")
    assert "<progress" not in page.body


def test_a_tier_by_money_is_measured_in_money() -> None:
    browser = asha()
    known = browser.shelf.plan.tiers
    gold = known.steps[-1].model_copy(update={"threshold": 200_000_00})
    changed = {"by": "spend", "currency": "INR", "steps": (*known.steps[:-1], gold)}
    tiers = known.model_copy(update=changed)
    browser.shelf.plan = browser.shelf.plan.model_copy(update={"tiers": tiers})
    page = browser.get()
    assert "₹162,000 of ₹200,000" in page.body
    assert browser.says(page, "missing_spend", amount="₹38,000")


def test_where_all_customers_have_one_tier_nothing_is_said_of_it() -> None:
    browser = asha()
    tiers = browser.shelf.plan.tiers
    one = tiers.model_copy(update={"steps": tiers.steps[:1]})
    browser.shelf.plan = browser.shelf.plan.model_copy(update={"tiers": one})
    assert 'id="tier"' not in browser.get().body


@LANGUAGES
def test_each_entry_says_in_plain_words_what_it_was_and_what_it_moved(language: str) -> None:
    browser = asha(language)
    browser.shelf.refunded(20, "order-1")
    found = rows(browser.get())
    silver = {"en": "Silver", "hi": "रजत"}[language]
    assert found[-1] == (browser.words("entries", "paid").format(order="order-1"), "+1,620")
    assert (browser.words("entries", "tier_changed").format(tier=silver), "") in found
    assert (browser.words("entries", "redeemed_for_order").format(order="order-1"), "−20") in found
    assert (browser.words("entries", "refunded").format(order="order-1"), "−20") in found


def test_only_what_cannot_be_used_yet_says_from_when_it_can() -> None:
    page = asha().get()
    assert re.findall(r"usable from ([^<]*)<", page.body) == ["14 March 2027"]


def test_why_somebody_corrected_a_balance_is_not_shown() -> None:
    browser = asha()
    browser.shelf.draft = adjusted(
        browser.shelf.draft,
        "fix-1",
        40,
        reason="rude on the phone",
        author="meera",
        now=NOW,
        terms=browser.shelf.terms,
    )
    page = browser.get()
    assert rows(page)[0] == ("Correction", "+40")
    assert not re.search("rude|meera", page.body)


def test_less_than_nothing_is_explained() -> None:
    browser = Browser()
    browser.shelf.paid(100, at=A_MONTH_AGO)
    browser.shelf.redeemed(100)
    assert not browser.says(browser.get(), "below_zero")
    browser.shelf.refunded(100)
    page = browser.get()
    assert browser.says(page, "below_zero")
    assert "<strong>−100</strong>" in page.body


@LANGUAGES
def test_a_customer_without_any_points_is_told_how_to_get_some(language: str) -> None:
    browser = Browser(language=language)
    page = browser.get()
    assert (page.status, browser.says(page, "none")) == (200, True)
    assert links(page) == {}


def test_entries_are_turned_page_by_page_and_back() -> None:
    browser = Browser()
    for number in range(45):
        browser.shelf.paid(1, f"order-{number}", at=NOW - hours(1))
    first = browser.get()
    second = browser.follow(links(first)["next"])
    third = browser.follow(links(second)["next"])
    assert [len(rows(page)) for page in (first, second, third)] == [20, 20, 5]
    assert [set(links(page)) for page in (first, second, third)] == [{"next"}, {"prev", "next"}, {"prev"}]
    assert len({row for page in (first, second, third) for row in rows(page)}) == 45
    assert rows(browser.follow(links(third)["prev"])) == rows(second)
    assert rows(browser.follow(links(second)["prev"])) == rows(first)


@pytest.mark.parametrize("before", ["x", "-1", "1.5", "²", "٣", "9" * 13, "1e3", ""])
def test_a_place_that_is_none_is_the_newest_page(before: str) -> None:
    browser = asha()
    assert rows(browser.get(before=before)) == rows(browser.get())


def test_before_the_first_entry_there_is_nothing_and_the_way_back() -> None:
    page = asha().get(before="1")
    assert (page.status, rows(page), set(links(page))) == (200, [], {"prev"})


def test_what_stands_in_an_id_is_text_and_nothing_else() -> None:
    browser = Browser()
    browser.shelf.paid(10)
    (entry,) = browser.shelf.draft.entries
    hostile = replace(entry, order_id="<b>{tier}&")
    browser.shelf.draft = replace(browser.shelf.draft, entries=(hostile,))
    assert rows(browser.get()) == [("Order &lt;b&gt;{tier}&amp;", "+10")]


@LANGUAGES
def test_to_probe_the_page_shows_nothing_and_to_look_changes_nothing(language: str) -> None:
    browser = asha(language)
    before = browser.shelf.draft
    assert (browser.get("HEAD").status, browser.get("HEAD").body) == (200, "")
    assert browser.get().body == browser.get().body
    assert browser.shelf.draft == before


@LANGUAGES
def test_a_link_that_is_over_or_none_of_ours_shows_no_points(language: str) -> None:
    browser = asha(language)
    over = replace(browser, until=NOW).get()
    assert (over.status, browser.says(over, "text", "expired")) == (410, True)
    assert replace(browser, until=NOW + hours(0.1)).get().status == 200
    for wrong in (replace(browser, purpose="preferences").get(), browser.open(""), browser.open("token=é")):
        assert wrong.status == 400
    assert browser.says(replace(browser, purpose="preferences").get(), "text", "invalid")
    assert browser.shelf.reads == ["account", "page"]


@LANGUAGES
def test_an_erased_customers_link_shows_nothing_of_them(language: str) -> None:
    browser = asha(language)
    draft = browser.shelf.draft
    browser.shelf.draft = draft.with_account(replace(draft.account, erased_at=NOW))
    page = browser.get()
    assert (page.status, browser.says(page, "text", "gone")) == (410, True)
    assert "order-1" not in page.body


@LANGUAGES
def test_while_the_table_is_away_the_page_asks_for_patience_and_the_token_is_in_no_log(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Away(Shelf):
        def account(self, customer_id: str) -> Any:
            raise EndpointConnectionError(endpoint_url="https://dynamodb")

    browser = Browser(Away(), language)
    page = browser.get()
    assert (page.status, browser.says(page, "text", "trouble")) == (503, True)
    logged = str([vars(record) for record in caplog.records])
    token = parse_qs(urlsplit(points_url(KEYS, "", CUSTOMER, browser.until, "en")).query)["token"][0]
    assert "page not answered" in logged
    assert token not in logged
    assert CUSTOMER not in logged


def test_the_page_is_kept_by_no_cache_and_runs_no_script() -> None:
    page = asha().get()
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "script-src" not in page.headers["content-security-policy"]
    assert "<script" not in page.body
    assert 'style="' not in page.body
