"""In which language a page speaks, which topics are left, and what a request says."""

from base64 import b64encode
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.clock import local_instant, to_text
from engagement.page_language import choose_language
from engagement.web import page_request
from preferences.rules import (
    joined_at,
    later_than,
    other_topics,
    pause_end,
    topics_changed,
    topics_to_leave,
)
from shop_facts import NOW, hours

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


SOME_TOPICS = st.frozensets(st.sampled_from([*TOPICS, "gone"]))


@given(ticked=SOME_TOPICS, seen=SOME_TOPICS)
def test_only_what_the_customer_ticked_or_unticked_themselves_is_a_decision(
    ticked: frozenset[str], seen: frozenset[str]
) -> None:
    changed = topics_changed(ticked, seen, TOPICS, leaves_all=False)
    assert set(changed.joined) == (ticked - seen) & set(TOPICS)
    assert set(changed.left) == (seen - ticked) & set(TOPICS)


@given(ticked=SOME_TOPICS, seen=SOME_TOPICS)
def test_to_stop_all_mails_is_to_leave_every_topic_whatever_is_ticked(
    ticked: frozenset[str], seen: frozenset[str]
) -> None:
    changed = topics_changed(ticked, seen, TOPICS, leaves_all=True)
    assert (changed.joined, changed.left) == ((), TOPICS)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (datetime(2027, 3, 1, 12, tzinfo=UTC), date(2027, 4, 1)),
        (datetime(2027, 1, 31, 12, tzinfo=UTC), date(2027, 2, 28)),
        (datetime(2027, 12, 24, 12, tzinfo=UTC), date(2028, 1, 24)),
        # In Kolkata it is tomorrow already.
        (datetime(2027, 2, 28, 20, tzinfo=UTC), date(2027, 4, 1)),
    ],
)
def test_a_pause_lasts_until_the_same_day_of_the_next_month_begins(now: datetime, ends: date) -> None:
    zone = ZoneInfo("Asia/Kolkata")
    assert pause_end(now, zone) == local_instant(ends, 0, zone)


@given(
    now=st.integers(0, 40 * 365 * 24).map(lambda passed: NOW + hours(passed)),
    zone=st.sampled_from(["Asia/Kolkata", "America/St_Johns", "Pacific/Chatham", "Pacific/Apia"]),
)
def test_a_pause_lasts_four_weeks_to_a_month(now: datetime, zone: str) -> None:
    assert hours(27 * 24) <= pause_end(now, ZoneInfo(zone)) - now <= hours(32 * 24)


def test_the_customers_word_is_newer_than_all_that_a_shop_with_a_fast_clock_told() -> None:
    assert later_than(NOW, NOW - hours(1)) == NOW
    assert later_than(NOW, NOW + hours(0.05)) > NOW + hours(0.05)


def test_a_customer_joins_as_of_when_the_page_was_shown_and_never_later_than_now() -> None:
    assert joined_at(to_text(NOW - hours(30)), NOW) == NOW - hours(30)
    assert joined_at(to_text(NOW + hours(1)), NOW) == NOW
    assert joined_at("2026-01-01T00:00:00.000000Z", NOW) == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "shown_at",
    [
        *("", "yesterday", "2027-03-01", "2027-03-01T12:00:00Z", "0001-01-01T00:00:00+23:00", "9" * 5000),
        *("0999-01-01T00:00:00.000000Z", "1960-01-01T00:00:00.000000Z", "2025-12-31T23:59:59.999999Z"),
    ],
)
def test_nobody_joins_by_a_page_of_which_nobody_knows_when_it_was_shown(shown_at: str) -> None:
    assert joined_at(shown_at, NOW) is None


@given(st.text())
def test_whatever_a_form_says_of_when_it_was_shown_it_can_be_read(shown_at: str) -> None:
    joined_at(shown_at, NOW)


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
    assert request.ticked("also") == {"offers", "reviews"}


def test_a_body_in_base64_is_read_too() -> None:
    body = b64encode(b"also=offers").decode()
    assert page_request(an_event("POST", "token=t", body=body, isBase64Encoded=True)).ticked("also") == {
        "offers"
    }


@pytest.mark.parametrize(
    "content", ["List-Unsubscribe=One-Click", '--x\r\nname="List-Unsubscribe"\r\n', "\xff"]
)
def test_a_mail_programs_one_click_ticks_nothing_more(content: str) -> None:
    assert page_request(an_event("POST", "token=t", body=content)).ticked("also") == frozenset()


def test_a_request_without_anything_is_a_request_all_the_same() -> None:
    request = page_request(an_event())
    assert not request.is_post
    assert request.token == ""
    assert request.page == ""


def test_a_page_is_known_by_the_last_part_of_its_path_wherever_the_site_is_mounted() -> None:
    for path, page in [("/unsubscribe", "unsubscribe"), ("/mails/preferences/erase", "erase")]:
        assert page_request(an_event(rawPath=path)).page == page


def test_what_is_typed_is_read_without_the_space_around_it() -> None:
    request = page_request(an_event("POST", body="day=+28+&year="))
    assert (request.text("day"), request.text("year"), request.text("month")) == ("28", "", "")
    assert "year" in request.form


@given(st.binary(max_size=400))
def test_whatever_a_body_holds_it_can_be_read(content: bytes) -> None:
    body = b64encode(content).decode()
    assert page_request(an_event("POST", body=body, isBase64Encoded=True)).text("day") is not None


def test_a_body_of_more_fields_than_any_form_has_is_no_form() -> None:
    assert page_request(an_event("POST", body="also=x&" * 101)).form == {}
