"""Telling people from Apple's proxy and from scanners."""

from datetime import timedelta

import pytest

from engagement.bus import parse_message
from mail_feedback.events import SesEnvelope
from mail_feedback.rules import Fact, facts_in
from ses_facts import A_BROWSER, APPLES_PROXY, ARRIVED, clicked, opened
from shop_facts import NOW, hours

SECOND = timedelta(seconds=1)
PEOPLE = [
    A_BROWSER,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    # Fetched when somebody opens the mail in Gmail, or in Yahoo's.
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    # Outlook on Windows shows a mail.
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; Microsoft Outlook 16.0.5)",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "Mozilla/5.0 (Linux; Android 11; CUBOT X30) AppleWebKit/537.36",
]
SCANNERS = [
    "",
    "   ",
    "BarracudaCentral/1.0",
    "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
    "python-requests/2.31",
    "curl/8.4.0",
    "Go-http-client/1.1",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36",
    "Mozilla/5.0 (compatible; bingbot/2.0)",
    # Gmail fetches ahead while its page stands open.
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
]


def fact(body: str, delivered_at: object = ARRIVED) -> Fact:
    told = facts_in(parse_message(body, SesEnvelope).detail, delivered_at)  # type: ignore[arg-type]
    (only,) = told.keys() - {Fact.SENT}
    return only


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_open_and_click(agent: str) -> None:
    assert fact(opened(agent=agent)) == Fact.OPENED
    assert fact(clicked(agent=agent)) == Fact.CLICKED


@pytest.mark.parametrize("agent", SCANNERS)
def test_a_scanner_is_known_by_its_name_or_by_having_none(agent: str) -> None:
    assert fact(opened(agent=agent)) == Fact.OPENED_BY_SCANNER
    assert fact(clicked(agent=agent)) == Fact.CLICKED_BY_SCANNER


def test_apples_proxy_tells_nothing_of_whether_somebody_read_the_mail() -> None:
    for at in (ARRIVED, NOW + hours(5)):
        assert fact(opened(agent=APPLES_PROXY, at=at)) == Fact.OPENED_BY_PROXY


def test_apple_follows_no_links() -> None:
    assert fact(clicked(agent=APPLES_PROXY)) == Fact.CLICKED


@pytest.mark.parametrize("after", [-SECOND, 0 * SECOND, 1.9 * SECOND])
def test_what_comes_at_once_is_a_scanner_in_a_browsers_clothes(after: timedelta) -> None:
    assert fact(opened(at=ARRIVED + after)) == Fact.OPENED_BY_SCANNER
    assert fact(clicked(at=ARRIVED + after)) == Fact.CLICKED_BY_SCANNER


def test_two_seconds_are_enough_for_a_person() -> None:
    assert fact(opened(at=ARRIVED + 2 * SECOND)) == Fact.OPENED
    assert fact(clicked(at=ARRIVED + 2 * SECOND)) == Fact.CLICKED


def test_where_the_delivery_is_not_known_the_time_runs_from_the_sending() -> None:
    assert fact(opened(at=NOW + SECOND), None) == Fact.OPENED_BY_SCANNER
    assert fact(opened(at=NOW + 2 * SECOND), None) == Fact.OPENED
    assert fact(opened(at=NOW + 2 * SECOND), NOW + SECOND) == Fact.OPENED_BY_SCANNER
