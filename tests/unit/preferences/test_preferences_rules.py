"""In which language a page speaks, which topics are left, and what a request says."""

from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preferences.rules import choose_language, other_topics, topics_to_leave
from preferences.web import page_request

SPOKEN = frozenset({"en", "hi"})
TOPICS = ("offers", "reminders", "reviews")


@pytest.mark.parametrize(
    ("wanted", "accepted", "shop", "language"),
    [
        ("hi", "en-GB,en;q=0.9", "en", "hi"),
        ("hi-IN", "en", "en", "hi"),
        ("", "hi-IN,hi;q=0.9,en;q=0.8", "en", "hi"),
        ("", "en;q=0.3, hi;q=0.7", "en", "hi"),
        ("", "hi;q=0, en;q=0.1", "hi", "en"),
        ("", "de, *;q=0.5", "hi", "hi"),
        ("ta", "", "hi", "hi"),
        ("", "", "ta", "en"),
        ("<script>", "a=b;;;,,q", "en", "en"),
    ],
)
def test_a_page_speaks_the_mails_language_else_the_browsers_else_the_shops(
    wanted: str, accepted: str, shop: str, language: str
) -> None:
    assert choose_language(wanted, accepted, spoken=SPOKEN, fallback=shop) == language


@given(wanted=st.text(), accepted=st.text(), shop=st.sampled_from(["en", "hi", "ta"]))
def test_whatever_is_asked_for_a_page_is_in_a_language_that_we_speak(
    wanted: str, accepted: str, shop: str
) -> None:
    assert choose_language(wanted, accepted, spoken=SPOKEN, fallback=shop) in SPOKEN


@given(topic=st.sampled_from([*TOPICS, "gone"]), also=st.frozensets(st.sampled_from([*TOPICS, "x"])))
def test_the_links_own_topic_is_left_always_and_ticked_ones_only_if_the_plan_knows_them(
    topic: str, also: frozenset[str]
) -> None:
    left = topics_to_leave(topic, also, TOPICS)
    assert left[0] == topic
    assert sorted(left) == sorted({topic} | (also & set(TOPICS)))


def test_what_else_the_customer_agreed_to_is_offered() -> None:
    decisions = {"offers": True, "reminders": True, "reviews": False, "gone": True}
    assert other_topics("offers", decisions, TOPICS) == ("reminders",)
    assert other_topics("offers", {}, TOPICS) == ()


def an_event(method: str = "GET", query: str = "", **more: Any) -> dict[str, Any]:
    return {
        "version": "2.0",
        "rawQueryString": query,
        "headers": {},
        "requestContext": {"http": {"method": method}},
        "isBase64Encoded": False,
    } | more


def test_a_request_is_read_from_its_query_and_form() -> None:
    request = page_request(an_event("POST", "token=1.a-b_c.d&lang=hi", body="also=offers&also=reviews"))
    assert request.is_post
    assert (request.token, request.wanted_language) == ("1.a-b_c.d", "hi")
    assert request.also == {"offers", "reviews"}


def test_a_body_in_base64_is_read_too() -> None:
    body = b64encode(b"also=offers").decode()
    assert page_request(an_event("POST", "token=t", body=body, isBase64Encoded=True)).also == {"offers"}


@pytest.mark.parametrize(
    "content", ["List-Unsubscribe=One-Click", '--x\r\nname="List-Unsubscribe"\r\n', "\xff"]
)
def test_a_mail_programs_one_click_ticks_nothing_more(content: str) -> None:
    assert page_request(an_event("POST", "token=t", body=content)).also == frozenset()


def test_a_request_without_anything_is_a_request_all_the_same() -> None:
    request = page_request(an_event())
    assert not request.is_post
    assert request.token == ""
