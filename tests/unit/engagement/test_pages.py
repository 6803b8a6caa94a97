"""What every page behind a link shares: words that hang on a number, and what its link and its form say."""

from typing import Any
from urllib.parse import urlencode

import pytest

from engagement import page_frame
from engagement.page_frame import PageFrame
from engagement.plan import engagement_plan
from engagement.web import PageRequest, page_request

WORDS = {
    "en": {"thanks": {"points": {"points": {"one": "{points} point of {shop}", "other": "{points} points"}}}},
    # Nothing is one by itself here, as in many languages.
    "ja": {"thanks": {"points": {"points": {"other": "{points}ポイント"}}}},
    # Hindi says nought as it says one.
    "hi": {"thanks": {"points": {"points": {"one": "{points} पॉइंट है", "other": "{points} पॉइंट हैं"}}}},
    "ru": {"thanks": {"points": {"points": {"one": "{points} балл", "few": "{points} балла", "other": "?"}}}},
}
SHOP = engagement_plan().shop.name


@pytest.mark.parametrize(
    ("language", "points", "said"),
    [
        *(
            ("en", 1, f"1 point of {SHOP}"),
            ("en", 0, "0 points"),
            ("en", 2, "2 points"),
            ("en", 1234, "1,234 points"),
        ),
        *(
            ("hi", 0, "0 पॉइंट है"),
            ("hi", 1, "1 पॉइंट है"),
            ("hi", 2, "2 पॉइंट हैं"),
            ("hi", 123456, "1,23,456 पॉइंट हैं"),
        ),
        *(
            ("ja", 1, "1ポイント"),
            ("ja", 5, "5ポイント"),
            ("ru", 21, "21 балл"),
            ("ru", 3, "3 балла"),
            ("ru", 11, "?"),
        ),
    ],
)
def test_a_number_of_things_is_said_as_the_language_says_it(
    monkeypatch: pytest.MonkeyPatch, language: str, points: int, said: str
) -> None:
    monkeypatch.setattr(page_frame, "page_words", lambda _, spoken: WORDS[spoken])
    frame = PageFrame("reviews", engagement_plan())
    assert frame.wording("thanks", language)("points", points=points) == said


def asked(query: str = "", body: str = "", **more: Any) -> PageRequest:
    event = {"requestContext": {"http": {"method": "POST"}}, "rawPath": "/live/review"}
    return page_request({**event, "rawQueryString": query, "body": body, **more})


def test_a_link_says_each_thing_once_and_nothing_it_does_not_say() -> None:
    request = asked("token=a.b.c&stars=4&stars=5&lang=hi&empty=&name=%E0%A4%9A%E0%A4%BE%E0%A4%AF")
    assert (request.linked("stars"), request.linked("name")) == ("4", "चाय")
    assert (request.linked("empty"), request.linked("sent")) == ("", "")
    assert (request.token, request.wanted_language, request.page) == ("a.b.c", "hi", "review")


def test_a_link_of_nonsense_says_nothing() -> None:
    for query in ("", "&&&", "=5", "stars", "%", "stars=%00%"):
        assert asked(query).linked("stars") in ("", "\x00%")
        assert asked(query).token == ""


def test_a_field_is_read_without_the_space_around_it() -> None:
    request = asked(body=urlencode({"text": "  a fine cup \n", "lang": "hi"}))
    assert (request.text("text"), request.text("title"), request.linked("lang")) == ("a fine cup", "", "")


def test_a_body_longer_than_any_form_of_ours_is_not_read() -> None:
    longest = "text=" + "x" * (65_536 - len("text="))
    fits, too_long = asked(body=longest), asked(body=longest + "x")
    assert (fits.is_too_long, len(fits.text("text"))) == (False, 65_531)
    assert (too_long.is_too_long, too_long.form) == (True, {})


def test_a_form_of_a_hundred_fields_is_read_and_one_more_is_nobodys() -> None:
    assert len(asked(body="&".join(f"f{n}=1" for n in range(100))).form) == 100
    assert asked(body="&".join(f"f{n}=1" for n in range(101))).form == {}
