"""The pages: complete in each language, harmless, and readable by everyone."""

import re
import tomllib
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any

import pytest

from engagement.brand import contrast
from engagement.mail_composer import MailComposer
from engagement.plan import engagement_plan
from engagement.web import PageResponse
from engagement.wording import languages as mail_languages
from page_outline import TOKEN, Outline, centre
from preferences.rendering import Pages, languages
from shop_facts import NOW, a_profile

LANGUAGES = ["en", "hi"]


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(engagement_plan())


def every(pages: Pages, language: str) -> list[PageResponse]:
    return [
        pages.ask(language, topic="offers", others=["reminders", "reviews"], preferences_token=TOKEN),
        pages.done(language, topics=["offers", "reviews"], preferences_token=TOKEN),
        centre(pages, language),
        centre(pages, language, notice="saved", paused=True),
        centre(pages, language, notice="away"),
        centre(pages, language, notice="refused", refused=("reminders",)),
        centre(pages, language, notice="wrong", wrong={"birthday": "birthday_no_such_day"}),
        pages.confirm_erasure(language, token=TOKEN),
        pages.confirm_erasure(language, token=TOKEN, failed=True),
        pages.erased(language),
        pages.gone(language),
        pages.frame.trouble(language),
        pages.frame.invalid(language),
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
    for page in every(pages, "hi")[:-1]:
        spoken = re.sub(r"<style>.*?</style>|<footer.*?</footer>|English", "", page.body, flags=re.DOTALL)
        # A city that CLDR has no Hindi name for yet.
        words = re.sub(r"<[^>]*>|Chai &amp; Co|Coyhaique", "", spoken)
        assert re.search(r"[\u0900-\u097f]", words)
        assert not re.search(r"[A-Za-z]", words), words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_its_language_has_one_main_heading_and_no_script(pages: Pages, language: str) -> None:
    for page in every(pages, language):
        outline = Outline(page)
        assert outline.all("html") == [{"lang": language, "dir": "ltr"}]
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
    page = pages.gone("en")
    (style,) = re.findall(r"<style>(.*?)</style>", page.body, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]
    assert not any("style" in attributes for _, attributes in Outline(page).tags)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_by_a_plain_form_that_posts_to_its_own_link(pages: Pages, language: str) -> None:
    outline = Outline(
        pages.ask(language, topic="offers", others=["reminders", "reviews"], preferences_token=TOKEN)
    )
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
    outline = Outline(pages.ask("en", topic="offers", others=[], preferences_token=TOKEN))
    assert len(outline.all("button")) == 1
    assert outline.all("fieldset") == []


def test_a_link_that_does_not_work_is_answered_in_both_languages(pages: Pages) -> None:
    for language in LANGUAGES:
        page = pages.frame.invalid(language)
        assert page.status == 400
        assert [section["lang"] for section in Outline(page).all("section")] == sorted(
            LANGUAGES, key=lambda each: each != language
        )


def test_a_topic_that_left_the_plan_is_called_by_its_word_and_escaped(pages: Pages) -> None:
    body = pages.done("en", topics=["old_news", "<script>"], preferences_token=TOKEN).body
    assert "old news" in body
    assert "<script>" not in body


def test_every_field_of_every_form_has_its_label(pages: Pages) -> None:
    for page in every(pages, "en"):
        outline = Outline(page)
        labelled = {each["for"] for each in outline.all("label") if "for" in each}
        named = {each["id"] for tag in ("input", "select") for each in outline.all(tag) if "id" in each}
        assert named == labelled
        wrapped = [each for each in outline.all("label") if "for" not in each]
        bare = [each for each in outline.all("input") if "id" not in each and each["type"] != "hidden"]
        assert len(wrapped) == len(bare)


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("ask", "preferences?"),
        ("done", "preferences?"),
        ("centre", "preferences/erase?"),
        ("erase", "../preferences?"),
    ],
)
def test_pages_lead_to_each_other_by_their_token_wherever_the_site_is_mounted(
    pages: Pages, page: str, link: str
) -> None:
    made = {
        "ask": pages.ask("hi", topic="offers", others=[], preferences_token=TOKEN),
        "done": pages.done("hi", topics=["offers"], preferences_token=TOKEN),
        "centre": centre(pages, "hi"),
        "erase": pages.confirm_erasure("hi", token=TOKEN),
    }
    assert [each["href"] for each in Outline(made[page]).all("a")] == [f"{link}token={TOKEN}&lang=hi"]


@pytest.mark.parametrize(("scheme", "ground"), [("light", "#ffffff"), ("dark", "#26211e")])
def test_what_is_wrong_can_be_read(scheme: str, ground: str) -> None:
    style = files("engagement").joinpath("pages", "style.css").read_text(encoding="utf-8")
    reds = re.findall(r"--wrong: (#[0-9a-f]{6})", style)
    red = dict(zip(("light", "dark"), reds, strict=True))[scheme]
    brand = engagement_plan().shop.brand
    colours = brand.colours if scheme == "light" else brand.dark_colours
    assert colours.card == ground
    assert contrast(red, colours.card) >= 4.5


def test_the_pages_are_in_the_brands_colours(pages: Pages) -> None:
    brand = engagement_plan().shop.brand
    body = pages.gone("en").body
    for colours in (brand.colours, brand.dark_colours):
        assert f"--accent: {colours.accent}; --on-accent: {colours.on_accent};" in body


def test_the_link_in_a_mail_asks_for_the_mails_own_language() -> None:
    composer = MailComposer("cart_nudges", engagement_plan(), (b"k" * 32,), "https://pages.example.com")
    for locale, language in (("hi-IN", "hi"), ("en-GB", "en"), ("ta-IN", "en")):
        facts: dict[str, Any] = {
            "lines": (),
            "others": 0,
            "total": None,
            "benefit": "none",
            "cart_url": "https://shop.example.com/",
        }
        mail = composer.compose(
            "cart_reminder",
            a_profile(locale=locale),
            send_key="cart_nudge:cart-9:step-1",
            campaign="cart_nudge",
            useful_until=NOW,
            **facts,
        )
        assert mail.unsubscribe_url.endswith(f"&lang={language}")
        assert mail.unsubscribe_url in mail.text
        assert mail.unsubscribe_url.replace("&", "&amp;") in mail.html
