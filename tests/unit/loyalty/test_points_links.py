"""The link to a customer's page about their points, and what cannot be made of it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from engagement.errors import InvalidTokenError
from engagement.review_links import WRITE_REVIEW
from engagement.signed_tokens import read_token, sign_token
from loyalty.links import SEE_POINTS, PointsLink, points_url, read_points_token
from shop_facts import NOW, days

KEYS = (b"k" * 32,)
UNTIL = NOW + days(60)


def token_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["token"][0]


def test_a_link_is_read_back_as_it_was_written() -> None:
    url = points_url(KEYS, "https://pages.example.com", "cust-asha", UNTIL, "hi")
    assert url.startswith("https://pages.example.com/points?token=")
    assert url.endswith("&lang=hi")
    assert read_points_token(KEYS, token_of(url)) == PointsLink("cust-asha", UNTIL)


def test_an_older_key_still_opens_what_it_signed_and_a_strange_one_opens_nothing() -> None:
    token = token_of(points_url(KEYS, "", "cust-asha", UNTIL, "en"))
    assert read_points_token((b"n" * 32, *KEYS), token).customer_id == "cust-asha"
    with pytest.raises(InvalidTokenError):
        read_points_token((b"n" * 32,), token)


def test_a_link_for_another_purpose_shows_no_points() -> None:
    claims = {"customer_id": "cust-asha", "until": "2027-05-01T00:00:00.000000Z"}
    for purpose in ("unsubscribe", "preferences", WRITE_REVIEW):
        with pytest.raises(InvalidTokenError):
            read_points_token(KEYS, sign_token(KEYS, purpose, claims))


def test_the_link_to_points_opens_nothing_else() -> None:
    token = token_of(points_url(KEYS, "", "cust-asha", UNTIL, "en"))
    assert read_token(KEYS, SEE_POINTS, token)
    for purpose in ("unsubscribe", "preferences", WRITE_REVIEW):
        with pytest.raises(InvalidTokenError):
            read_token(KEYS, purpose, token)


@pytest.mark.parametrize("damage", ["x{}", "{}é", "{:.40}", "", "no token"])
def test_a_damaged_token_is_none_of_ours(damage: str) -> None:
    token = token_of(points_url(KEYS, "", "cust-asha", UNTIL, "en"))
    with pytest.raises(InvalidTokenError):
        read_points_token(KEYS, damage.format(token))


def test_nobody_makes_another_customers_link_of_their_own() -> None:
    mine = token_of(points_url(KEYS, "", "cust-asha", UNTIL, "en"))
    theirs = token_of(points_url((b"x" * 32,), "", "cust-ravi", UNTIL, "en"))
    key, _, signature = mine.split(".")
    with pytest.raises(InvalidTokenError):
        read_points_token(KEYS, f"{key}.{theirs.split('.')[1]}.{signature}")
