"""Tokens in links: what was signed comes back, and nothing else does."""

import itertools
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.errors import InvalidTokenError
from engagement.secret_keys import KeyRing
from engagement.signed_tokens import read_token, sign_token

KEYS = (b"a key of the tests, 32 bytes long",)
CLAIMS = {"customer_id": "cust-asha", "topic": "offers"}
TOKEN = sign_token(KEYS, "unsubscribe", CLAIMS)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=5))
def test_what_was_signed_comes_back(claims: dict[str, str]) -> None:
    assert read_token(KEYS, "unsubscribe", sign_token(KEYS, "unsubscribe", claims)) == claims


def test_a_token_is_good_for_its_purpose_alone() -> None:
    with pytest.raises(InvalidTokenError):
        read_token(KEYS, "restore_cart", TOKEN)


def test_after_a_rotation_old_links_work_and_new_ones_are_signed_by_the_new_key() -> None:
    rotated = (b"the key of the following year, 32b", *KEYS)
    assert read_token(rotated, "unsubscribe", TOKEN) == CLAIMS
    new = sign_token(rotated, "unsubscribe", CLAIMS)
    assert read_token(rotated, "unsubscribe", new) == CLAIMS
    with pytest.raises(InvalidTokenError):
        read_token(KEYS, "unsubscribe", new)


def test_a_worker_that_runs_since_before_the_rotation_learns_of_the_new_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, minutes = ["old-key"], itertools.count(0, 61)
    monkeypatch.setattr("engagement.secret_keys.time.monotonic", lambda: next(minutes))
    ring = KeyRing(lambda: kept[0])
    kept[0] = "new-key,old-key"
    token = sign_token((b"new-key",), "unsubscribe", CLAIMS)
    assert read_token(ring, "unsubscribe", token) == CLAIMS
    assert read_token(ring, "unsubscribe", sign_token((b"old-key",), "unsubscribe", CLAIMS)) == CLAIMS


def test_made_up_tokens_do_not_make_us_ask_for_the_keys_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask() -> str:
        asked.append("once")
        return "a-key"

    monkeypatch.setattr("engagement.secret_keys.time.monotonic", lambda: 0)
    ring = KeyRing(ask)
    for _ in range(5):
        with pytest.raises(InvalidTokenError):
            read_token(ring, "unsubscribe", TOKEN)
    assert len(asked) == 1


def test_a_key_that_was_retired_opens_nothing_any_more() -> None:
    with pytest.raises(InvalidTokenError):
        read_token((b"the key of the following year, 32b",), "unsubscribe", TOKEN)


def test_a_token_of_another_stack_is_refused() -> None:
    with pytest.raises(InvalidTokenError):
        read_token((b"another stack's key, 32 bytes long",), "unsubscribe", TOKEN)


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_a_token_changed_in_any_place_is_refused(place: int, letter: str) -> None:
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
    if changed != TOKEN:
        with pytest.raises(InvalidTokenError):
            read_token(KEYS, "unsubscribe", changed)


@given(st.text())
def test_nonsense_is_refused_and_breaks_nothing(text: str) -> None:
    with pytest.raises(InvalidTokenError):
        read_token(KEYS, "unsubscribe", text)


def test_claims_without_their_signature_are_refused() -> None:
    payload = urlsafe_b64encode(b'{"customer_id":"cust-other"}').decode().rstrip("=")
    key_id, _, signature = TOKEN.split(".")
    for forged in (f"{key_id}.{payload}", f"{key_id}.{payload}.", f"{key_id}.{payload}.{signature}"):
        with pytest.raises(InvalidTokenError):
            read_token(KEYS, "unsubscribe", forged)


def test_a_token_is_short_and_fits_a_link() -> None:
    longest = {"customer_id": "c" * 100, "topic": "t" * 40}
    token = sign_token(KEYS, "unsubscribe", longest)
    assert len(token) < 400
    assert token.replace(".", "").replace("-", "").replace("_", "").isalnum()


def test_a_key_that_was_taken_out_because_somebody_knows_it_is_good_for_an_hour_at_most() -> None:
    held = ["stolen"]
    ring = KeyRing(lambda: held[0])
    held[0] = "new"
    assert list(ring) == [b"stolen"]
    ring._read_at -= 3601
    assert list(ring) == [b"new"]


def test_while_ssm_is_away_the_keys_at_hand_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def read() -> str:
        asked.append("asked")
        if len(asked) > 1:
            raise TimeoutError
        return "key"

    ring = KeyRing(read)
    ring._read_at -= 3601
    assert list(ring) == list(ring) == [b"key"]
    assert len(asked) == 2, "and it is not asked again at once"
