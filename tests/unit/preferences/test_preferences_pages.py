"""The pages: complete in each language, harmless, and readable by everyone."""

import re
import tomllib
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest

from engagement.mail_composer import MailComposer
from engagement.mail_composer import languages as mail_languages
from engagement.plan import engagement_plan
from preferences.rendering import Pages, languages
from preferences.web import PageResponse
from shop_facts import NOW, a_profile

LANGUAGES = ["en", "hi"]


class Outline(HTMLParser):
    """The tags of a page, and the words between them."""

    def __init__(self, page: PageResponse) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page.body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(engagement_plan())


def every(pages: Pages, language: str) -> list[PageResponse]:
    return [
        pages.ask(language, topic="offers", others=["reminders", "reviews"]),
        pages.done(language, topics=["offers", "reviews"]),
        pages.invalid(language),
    ]


def test_there_is_a_page_for_every_language_that_mails_are_written_in() -> None:
    assert languages() == mail_languages()


def test_every_topic_has_a_name_in_every_language() -> None:
    for topic, names in engagement_plan().topics.items():
        assert set(names) >= languages(), topic


def test_the_catalogues_have_the_same_words() -> None:
    def keys(language: str) -> dict[str, set[str]]:
        text = files("preferences").joinpath("pages", f"{language}.toml").read_text(encoding="utf-8")
        return {section: set(words) for section, words in tomllib.loads(text).items()}

    assert keys("en") == keys("hi")


def test_hindi_pages_are_in_hindi(pages: Pages) -> None:
    for page in every(pages, "hi")[:2]:
        words = Outline(page).words.partition("}")[2].rpartition("}")[2]
        words = words.replace("Chai & Co", "").partition("·")[0]
        assert re.search(r"[\u0900-\u097f]", words)
        assert not re.search(r"[A-Za-z]", words), words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_its_language_has_one_main_heading_and_no_script(pages: Pages, language: str) -> None:
    for page in every(pages, language):
        outline = Outline(page)
        assert outline.all("html") == [{"lang": language}]
        assert len(outline.all("h1")) == len(outline.all("main")) == len(outline.all("title")) == 1
        assert outline.all("script") == []
        assert not any(name.startswith("on") for _, attributes in outline.tags for name in attributes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_cached_indexed_framed_or_tells_its_link(pages: Pages, language: str) -> None:
    for page in every(pages, language):
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-robots-tag"] == "noindex"
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy


def test_the_policy_allows_exactly_the_pages_own_style(pages: Pages) -> None:
    page = pages.done("en", topics=["offers"])
    (style,) = re.findall(r"<style>(.*?)</style>", page.body, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]
    assert not any("style" in attributes for _, attributes in Outline(page).tags)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_by_a_plain_form_that_posts_to_its_own_link(pages: Pages, language: str) -> None:
    outline = Outline(pages.ask(language, topic="offers", others=["reminders", "reviews"]))
    assert outline.all("form") == [{"method": "post"}]
    boxes = outline.all("input")
    assert [(box["name"], box["value"], "checked" in box) for box in boxes] == [
        ("also", "reminders", False),
        ("also", "reviews", False),
    ]
    assert len(outline.all("label")) == len(boxes)
    assert len(outline.all("legend")) == 1
    for topic in ("offers", "reminders", "reviews"):
        assert engagement_plan().topic_name(topic, language) in outline.words


def test_without_other_topics_there_is_one_button_and_nothing_to_tick(pages: Pages) -> None:
    outline = Outline(pages.ask("en", topic="offers", others=[]))
    assert len(outline.all("button")) == 1
    assert outline.all("fieldset") == []


def test_a_link_that_does_not_work_is_answered_in_both_languages(pages: Pages) -> None:
    for language in LANGUAGES:
        page = pages.invalid(language)
        assert page.status == 400
        assert [section["lang"] for section in Outline(page).all("section")] == sorted(
            LANGUAGES, key=lambda each: each != language
        )


def test_a_topic_that_left_the_plan_is_called_by_its_word_and_escaped(pages: Pages) -> None:
    body = pages.done("en", topics=["old_news", "<script>"]).body
    assert "old news" in body
    assert "<script>" not in body


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""

    def luminance(colour: str) -> float:
        digits = colour.lstrip("#")
        full = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
        parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("#292524", "#fff"),
        ("#9a3412", "#fff"),
        ("#fff", "#7c2d12"),
        ("#9a3412", "#f5f1ea"),
        ("#6b635c", "#f5f1ea"),
        ("#f5f5f4", "#292524"),
        ("#fdba74", "#292524"),
        ("#a8a29e", "#1c1917"),
        ("#a8a29e", "#292524"),
    ],
)
def test_all_text_can_be_read(text: str, ground: str) -> None:
    style = files("preferences").joinpath("pages", "style.css").read_text(encoding="utf-8")
    assert text in style
    assert ground in style
    assert _contrast(text, ground) >= 4.5


def test_the_link_in_a_mail_asks_for_the_mails_own_language() -> None:
    composer = MailComposer("cart_nudges", engagement_plan(), b"k" * 32, "https://pages.example.com")
    for locale, language in (("hi-IN", "hi"), ("en-GB", "en"), ("ta-IN", "en")):
        facts: dict[str, Any] = {"lines": (), "others": 0, "total": None}
        mail = composer.compose(
            "cart_nudge",
            a_profile(locale=locale),
            send_key="cart_nudge:cart-9:step-1",
            campaign="cart_nudge",
            useful_until=NOW,
            **facts,
        )
        assert mail.unsubscribe_url.endswith(f"&lang={language}")
        assert mail.unsubscribe_url in mail.text
        assert mail.unsubscribe_url.replace("&", "&amp;") in mail.html
