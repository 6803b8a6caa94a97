"""The link in a mail that restores a cart, and what the shop's server is told of it."""

import json
from base64 import urlsafe_b64decode
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_nudges.carts.rules import Cart, CartStatus
from cart_nudges.links.looking_up import LookingUp
from cart_nudges.links.restore_link import RESTORE_CART, RestoreLink, read_restore_token, restore_link
from cart_nudges.links.restoring import Restoring, why_not
from engagement.errors import InvalidTokenError, RetryLaterError
from engagement.mail_composer import PREFERENCES
from engagement.signed_tokens import sign_token
from shop_facts import NOW, a_line, days

KEYS = (b"k" * 32,)
UNTIL = NOW + days(30)
CART = Cart(
    cart_id="cart-9",
    status=CartStatus.OPEN,
    activity_at=NOW,
    customer_id="cust-asha",
    address_hash="0ddba11",
    lines=(
        a_line("Clay cup", quantity=2).model_copy(update={"options": {"Glaze": "Blue"}}),
        a_line("Saucer"),
    ),
)
MERGED = Cart(cart_id="cart-1", status=CartStatus.OPEN, activity_at=NOW, merged_into="cart-9")


def a_token(cart: Cart = CART, until: datetime = UNTIL) -> str:
    link = restore_link(KEYS, "https://pages.example.com", cart, until, "en")
    return parse_qs(urlsplit(link).query)["token"][0]


def restoring(*carts: Cart) -> Restoring:
    return Restoring(find={cart.cart_id: cart for cart in carts}.get, keys=KEYS)


def asked(token: str, *carts: Cart, now: datetime = NOW) -> tuple[int, dict[str, Any]]:
    answer = LookingUp(restoring(*carts)).answer({"pathParameters": {"token": token}}, now)
    return answer["statusCode"], json.loads(answer["body"])


def test_the_link_says_which_cart_and_until_when_and_nothing_of_its_customer() -> None:
    link = restore_link(KEYS, "https://pages.example.com", CART, UNTIL, "hi")
    assert link.startswith("https://pages.example.com/cart?token=")
    assert link.endswith("&lang=hi")
    claims = a_token().split(".")[1]
    told = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert told == {"cart_id": "cart-9", "until": "2027-03-31T12:00:00.000000Z"}
    assert read_restore_token(KEYS, a_token()) == RestoreLink("cart-9", UNTIL)


@given(st.text(max_size=80), st.integers(0, 120), st.integers(0, 120))
def test_a_token_that_was_changed_anywhere_opens_nothing(put_in: str, start: int, end: int) -> None:
    token = a_token()
    changed = token[:start] + put_in + token[max(start, end) :]
    if changed != token:
        with pytest.raises(InvalidTokenError):
            read_restore_token(KEYS, changed)


def test_a_token_for_another_purpose_or_of_another_key_restores_no_cart() -> None:
    claims = {"cart_id": "cart-9", "until": "2027-03-31T12:00:00.000000Z"}
    for token in (sign_token(KEYS, PREFERENCES, claims), sign_token((b"x" * 32,), RESTORE_CART, claims)):
        assert restoring(CART).linked(token, NOW) is None


def test_after_the_keys_were_rotated_the_links_in_old_mails_still_work() -> None:
    assert read_restore_token((b"new" * 11, *KEYS), a_token()).cart_id == "cart-9"


def test_the_shop_is_told_what_to_put_into_the_cart_and_not_whose_it_is() -> None:
    assert asked(a_token(), CART) == (
        200,
        {
            "cart_id": "cart-9",
            "restorable": True,
            "reason": None,
            "lines": [
                {"product_id": "clay-cup", "quantity": 2, "options": {"Glaze": "Blue"}},
                {"product_id": "saucer", "quantity": 1, "options": {}},
            ],
        },
    )


@pytest.mark.parametrize(
    ("cart", "reason"),
    [
        (Cart(cart_id="cart-9", status=CartStatus.BOUGHT, lines=CART.lines), "bought"),
        (Cart(cart_id="cart-9", status=CartStatus.OPEN, activity_at=NOW), "emptied"),
        (None, "gone"),
    ],
)
def test_a_cart_that_cannot_be_put_together_again_says_why_and_shows_nothing(
    cart: Cart | None, reason: str
) -> None:
    status, told = asked(a_token(), *([cart] if cart else []))
    assert status == 200
    assert told == {"cart_id": "cart-9", "restorable": False, "reason": reason, "lines": []}


def test_a_link_is_good_until_its_very_end() -> None:
    link = RestoreLink("cart-9", UNTIL)
    assert why_not(link, CART, UNTIL - days(1) / 86_400) is None
    assert why_not(link, CART, UNTIL) == "expired"
    assert asked(a_token(), CART, now=UNTIL)[1]["lines"] == []


def test_a_guests_link_does_not_open_the_customers_cart_that_it_became_part_of() -> None:
    """The guest's mail may have been forwarded."""
    _, told = asked(a_token(MERGED), MERGED, CART)
    assert told == {"cart_id": "cart-1", "restorable": False, "reason": "emptied", "lines": []}


@pytest.mark.parametrize("token", ["", "x", "a.b.c", quote("एक"), "एक.दो.तीन", "cart-9", "." * 500])
def test_a_token_that_is_none_is_not_found(token: str) -> None:
    assert asked(token, CART) == (404, {"error": "token: none of ours"})


def test_whatever_is_answered_is_json_that_no_cache_keeps() -> None:
    def away(cart_id: str) -> Cart | None:
        raise RetryLaterError("not now")

    answers = [
        LookingUp(each).answer({"pathParameters": {"token": token}}, NOW)
        for each, token in (
            (restoring(CART), a_token()),
            (restoring(), "x"),
            (Restoring(away, KEYS), a_token()),
        )
    ]
    answers.append(LookingUp(restoring()).answer({}, NOW))
    assert [answer["statusCode"] for answer in answers] == [200, 404, 503, 404]
    for answer in answers:
        assert answer["headers"]["cache-control"] == "no-store"
        assert answer["headers"]["content-type"] == "application/json"
        assert isinstance(json.loads(answer["body"]), dict)
