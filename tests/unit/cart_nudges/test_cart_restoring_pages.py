"""Our page behind the link that restores a cart: it leads to the shop and nowhere else, or says kindly why not."""

import re
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.rules import Cart, CartStatus
from cart_nudges.links.restore_link import restore_link
from cart_nudges.links.restore_pages import RestorePages
from cart_nudges.links.restoring import Restoring
from engagement.errors import RetryLaterError
from engagement.notices import Notices
from engagement.plan import engagement_plan
from shop_facts import NOW, a_line, days

KEYS = (b"k" * 32,)
UNTIL = NOW + days(30)
PLAN = engagement_plan()
OPEN = Cart(cart_id="cart-9", status=CartStatus.OPEN, activity_at=NOW, lines=(a_line("Clay cup"),))
BOUGHT = Cart(cart_id="cart-9", status=CartStatus.BOUGHT)
EMPTIED = Cart(cart_id="cart-9", status=CartStatus.OPEN, activity_at=NOW)
TOKEN = parse_qs(urlsplit(restore_link(KEYS, "https://pages.example.com", OPEN, UNTIL, "en")).query)["token"][
    0
]


def pages(cart: Cart | None = OPEN, restore_url: str = "", *, away: bool = False) -> RestorePages:
    def find(cart_id: str) -> Cart | None:
        if away:
            raise RetryLaterError("not now")
        return cart if cart and cart.cart_id == cart_id else None

    settings = PLAN.settings(CartNudgeSettings)
    if restore_url:
        settings = settings.model_copy(update={"restore_url": restore_url})
    return RestorePages(Restoring(find, KEYS), settings, PLAN.shop.website, Notices("cart_nudges", PLAN.shop))


def a_request(query: str | dict[str, str], method: str = "GET", **headers: str) -> dict[str, Any]:
    return {
        "rawPath": "/cart",
        "rawQueryString": query if isinstance(query, str) else urlencode(query),
        "headers": {"host": "pages.example.com", **headers},
        "requestContext": {"http": {"method": method}},
    }


def followed(
    cart: Cart | None = OPEN, language: str = "en", now: datetime = NOW, **how: Any
) -> dict[str, Any]:
    """The answer to whoever follows the link in the mail."""
    return pages(cart, **how).answer(a_request({"token": TOKEN, "lang": language}), now)


def test_the_link_leads_to_the_shops_page_with_its_token() -> None:
    answer = followed()
    assert answer["statusCode"] == 303
    assert answer["body"] == ""
    to = urlsplit(answer["headers"]["location"])
    assert f"{to.scheme}://{to.netloc}{to.path}" == PLAN.settings(CartNudgeSettings).restore_url
    assert parse_qs(to.query) == {
        "token": [TOKEN],
        "utm_source": ["rishta"],
        "utm_medium": ["email"],
        "utm_campaign": ["cart_nudge"],
        "utm_content": ["restore"],
    }


@pytest.mark.parametrize(
    ("restore_url", "begins"),
    [
        ("https://shop.example.com", "https://shop.example.com/?token="),
        ("https://shop.example.com/cart?view=restore", "https://shop.example.com/cart?view=restore&token="),
        ("https://m.shop.example.com/cart#top", "https://m.shop.example.com/cart?token="),
    ],
)
def test_the_token_joins_what_the_plans_address_has_already(restore_url: str, begins: str) -> None:
    location = followed(restore_url=restore_url)["headers"]["location"]
    assert location.startswith(begins)
    assert parse_qs(urlsplit(location).query)["token"] == [TOKEN]


@given(
    st.sampled_from(
        ["", "&", "//evil.example/", "https://evil.example/", "@evil.example", "\r\nx: y", ".evil"]
    ),
    st.dictionaries(st.text("abcnteuxt_rlihos-", max_size=12), st.text(max_size=30), max_size=4),
)
def test_nothing_in_a_request_leads_anywhere_else(put_in: str, more: dict[str, str]) -> None:
    asked_for = more | {"url": "https://evil.example/", "next": "//evil.example", "lang": put_in}
    told = {"x-forwarded-host": "evil.example", "referer": "https://evil.example/", "origin": "null"}
    for query in (
        {**asked_for, "token": TOKEN},
        {"token": TOKEN + put_in, **asked_for},
        {"token": put_in + TOKEN},
        {"token": put_in},
    ):
        request = a_request(query, **told) | {"rawPath": f"/cart/{put_in}"}
        request["headers"]["host"] = "evil.example"
        answer = pages().answer(request, NOW)
        assert "evil.example" not in answer["body"]
        whole = query.get("token") == TOKEN
        assert answer["statusCode"] == (303 if whole else 404)
        if whole:
            assert answer["headers"]["location"] == followed()["headers"]["location"]
        else:
            assert "location" not in answer["headers"]


def test_of_two_tokens_in_a_link_one_counts_and_the_other_goes_nowhere() -> None:
    answer = pages().answer(a_request(f"token={TOKEN}&token=https://evil.example"), NOW)
    assert answer["headers"]["location"] == followed()["headers"]["location"]
    assert pages().answer(a_request(f"token=evil&token={TOKEN}"), NOW)["statusCode"] == 404


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ({"cart": BOUGHT}, 200, {"en": "has been ordered already", "hi": "ऑर्डर हो चुका है"}),
        ({"cart": EMPTIED}, 200, {"en": "is empty now", "hi": "अब ख़ाली है"}),
        ({"cart": None}, 410, {"en": "is no longer kept", "hi": "अब उपलब्ध नहीं है"}),
        ({"now": UNTIL}, 410, {"en": "is no longer kept", "hi": "अब उपलब्ध नहीं है"}),
        ({"away": True}, 503, {"en": "We cannot open your cart just now", "hi": "अभी नहीं खुल पा रहा है"}),
    ],
    ids=["bought", "emptied", "gone", "expired", "trouble"],
)
def test_where_there_is_nothing_to_restore_a_page_says_so_in_the_mails_language(
    how: dict[str, Any], status: int, said: dict[str, str], language: str
) -> None:
    answer = followed(language=language, **how)
    assert answer["statusCode"] == status
    assert f'<html lang="{language}" dir="ltr">' in answer["body"]
    assert said[language] in answer["body"]
    assert f'<a class="button" href="{PLAN.shop.website}">' in answer["body"]
    assert "location" not in answer["headers"]
    assert "Clay cup" not in answer["body"]
    assert "cart-9" not in answer["body"]


def test_a_link_that_cannot_be_read_is_answered_in_every_language_the_mails_first() -> None:
    for token in ("", "a.b.c", TOKEN[:-1], f"{TOKEN} "):
        answer = pages().answer(a_request({"token": token, "lang": "hi"}), NOW)
        assert answer["statusCode"] == 404
        assert re.findall(r'<section lang="(\w+)"', answer["body"]) == ["hi", "en"]
        assert answer["body"].count("<h1>") == 1


def test_a_language_that_we_do_not_speak_is_the_shops_and_is_not_repeated() -> None:
    for wanted in ("", "ta", "../../en", '"><script>'):
        answer = followed(BOUGHT, language=wanted)
        assert '<html lang="en"' in answer["body"]
        assert "<script" not in answer["body"]


@pytest.mark.parametrize("cart", [OPEN, BOUGHT, None], ids=["open", "bought", "gone"])
def test_a_scanner_that_only_asks_for_the_headers_gets_them(cart: Cart | None) -> None:
    query = {"token": TOKEN, "lang": "en"}
    asked, got = (pages(cart).answer(a_request(query, method), NOW) for method in ("HEAD", "GET"))
    assert asked == got | {"body": ""}


@pytest.mark.parametrize("how", [{}, {"cart": BOUGHT}, {"cart": None}, {"away": True}], ids=str)
def test_no_answer_is_cached_indexed_framed_or_tells_the_link(how: dict[str, Any]) -> None:
    headers = followed(**how)["headers"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]


def test_the_policy_allows_exactly_the_pages_own_style() -> None:
    answer = followed(BOUGHT)
    (style,) = re.findall(r"<style>(.*?)</style>", answer["body"], re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer["headers"]["content-security-policy"]
    assert " style=" not in answer["body"]
    for colours in (PLAN.shop.brand.colours, PLAN.shop.brand.dark_colours):
        assert colours.css() in style
