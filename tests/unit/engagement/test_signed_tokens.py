"""Tokens in links: what was signed comes back, and nothing else does."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.errors import InvalidTokenError
from engagement.signed_tokens import read_token, sign_token

KEY = b"a key of the tests, 32 bytes long"
CLAIMS = {"customer_id": "cust-asha", "topic": "offers"}
TOKEN = sign_token(KEY, "unsubscribe", CLAIMS)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=5))
def test_what_was_signed_comes_back(claims: dict[str, str]) -> None:
    assert read_token(KEY, "unsubscribe", sign_token(KEY, "unsubscribe", claims)) == claims


def test_a_token_is_good_for_its_purpose_alone() -> None:
    with pytest.raises(InvalidTokenError):
        read_token(KEY, "restore_cart", TOKEN)


def test_a_token_of_another_stack_is_refused() -> None:
    with pytest.raises(InvalidTokenError):
        read_token(b"another stack's key, 32 bytes long", "unsubscribe", TOKEN)


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_a_token_changed_in_any_place_is_refused(place: int, letter: str) -> None:
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
    if changed != TOKEN:
        with pytest.raises(InvalidTokenError):
            read_token(KEY, "unsubscribe", changed)


@given(st.text())
def test_nonsense_is_refused_and_breaks_nothing(text: str) -> None:
    with pytest.raises(InvalidTokenError):
        read_token(KEY, "unsubscribe", text)


def test_claims_without_their_signature_are_refused() -> None:
    payload = urlsafe_b64encode(b'{"customer_id":"cust-other"}').decode().rstrip("=")
    for forged in (f"1.{payload}", f"1.{payload}.", f"1.{payload}.{TOKEN.rpartition('.')[2]}"):
        with pytest.raises(InvalidTokenError):
            read_token(KEY, "unsubscribe", forged)


def test_a_token_is_short_and_fits_a_link() -> None:
    longest = {"customer_id": "c" * 100, "topic": "t" * 40}
    token = sign_token(KEY, "unsubscribe", longest)
    assert len(token) < 400
    assert token.replace(".", "").replace("-", "").replace("_", "").isalnum()
