"""Words that somebody chose with ill will, from the shop's facts to the mail: they stay words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from in_the_cloud import stride, tell
from local_cloud.cloud import LocalCloud
from local_cloud.sent_mail import SentMail
from shop_facts import NOW, a_line, cart_updated, registered

NAME = (
    "<script>alert(1)</script> {0.__class__} {{ 7 * 7 }}\r\n"
    "Bcc: everybody@example.org\nWin at https://prize.example.org/now"
)
TITLE = '"><img src=x onerror=alert(1)>\r\nSubject: no\n{name} {{ 7 * 7 }} \N{RIGHT-TO-LEFT OVERRIDE}'


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(now=NOW) as cloud:
        tell(cloud, registered(name=NAME), cart_updated(lines=(a_line(TITLE),)))
        stride(cloud, timedelta(hours=6))
        yield cloud


@pytest.fixture
def mail(cloud: LocalCloud) -> SentMail:
    return next(mail for mail in cloud.mails if mail.tags["Campaign"] == "cart_nudge")


def test_markup_in_names_and_titles_is_shown_and_not_followed(mail: SentMail) -> None:
    assert "<script" not in mail.html
    assert "<img src=x" not in mail.html
    assert "&lt;script&gt;alert(1)" in mail.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in mail.html


def test_no_line_break_in_a_name_makes_a_header(mail: SentMail) -> None:
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert mail.to == ("cust-asha@mail.example.com",)
    assert {name.lower() for name in mail.headers} == {"list-unsubscribe", "list-unsubscribe-post"}


def test_braces_are_no_template(mail: SentMail) -> None:
    for body in (mail.html, mail.text):
        assert "{{ 7 * 7 }}" in body
        assert "class &#39;str&#39;" not in body
        assert "<class 'str'>" not in body


def test_a_name_is_no_link_and_no_paragraph_of_its_own(mail: SentMail) -> None:
    for body in (mail.subject, mail.html, mail.text):
        assert "prize.example.org" not in body
        assert "everybody@example.org" not in body
    assert not any(line.startswith(("Bcc:", "Win at")) for line in mail.text.splitlines())


def test_the_logs_have_one_line_for_each_entry_and_none_of_the_words(cloud: LocalCloud) -> None:
    assert cloud.logs
    assert not any("\n" in line or "alert(1)" in line or "prize." in line for _, line in cloud.logs)
