"""The judge of the mails reckons who was due on a birthday, and sees who got nothing, or got it on another day."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from engagement.events.base import Event
from engagement.mail_orders import send_key_tag
from local_cloud.cloud import SentMail
from shop_facts import NOW, consent_changed, days, erased, profile_updated, registered
from tests.simulation.judges.books_records import PLAN, a_record, published
from tests.simulation.judges.mails_due import DUE, ON_THE_DAY, occasion_findings
from tests.simulation.record import Record, Told

_KEY = "birthday_offer:cust-asha:2027"
# Nine o'clock in Kolkata.
_HOUR = datetime(2027, 8, 15, 3, 30, tzinfo=UTC)
_ASHA = registered(birthday="1990-08-15", occurred_at=NOW)


def a_year(*facts: Event, key: str | None = None, joined: Event = _ASHA) -> Record:
    log: list[dict[str, Any]] = [{"send_key": key, "mail_status": "skipped"}] if key else []
    record = a_record({"MailLogTable": log}, over=True, now=NOW + days(300))
    record.told += [Told(fact.occurred_at, fact) for fact in (joined, *facts)]
    return record


def broken(record: Record) -> list[str]:
    return [finding.rule for finding in occasion_findings(record, yaml.safe_load(PLAN))]


def test_whoever_is_due_is_mailed_or_has_a_reason() -> None:
    assert broken(a_year()) == [DUE]
    assert broken(a_year(key=_KEY)) == []
    assert broken(a_year(key=_KEY.replace("2027", "2026"))) == [DUE]


@pytest.mark.parametrize(
    "fact",
    [
        consent_changed(topic="offers", occurred_at=_HOUR - days(60)),
        erased(occurred_at=_HOUR + days(60)),
        profile_updated(birthday="1990-08-15", occurred_at=_HOUR - days(1)),
        profile_updated(birthday="1990-08-16", occurred_at=_HOUR - days(60)),
        profile_updated(birthday="1990-08-15", time_zone="Europe/Paris", occurred_at=_HOUR + days(60)),
    ],
    ids=["agrees no more", "erased", "told around the day", "another birthday", "another zone"],
)
def test_whoever_is_not_surely_due_is_not_missed(fact: Event) -> None:
    assert broken(a_year(fact)) == []


def test_whoever_left_on_our_page_is_not_missed() -> None:
    left = consent_changed(topic="offers", occurred_at=_HOUR - days(60))

    assert broken(published(a_year(), "PreferencesPageFunction", left, at=left.occurred_at)) == []


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"consents": ("reminders",)}, []),
        ({"birthday": None}, []),
        ({"birthday": "2015-08-15"}, []),
        ({"birthday": "--08-15"}, [DUE]),
        ({"birthday": "1990-02-20"}, []),
        ({"occurred_at": _HOUR - days(31)}, []),
    ],
)
def test_only_who_agreed_and_is_old_enough_and_known_long_enough_is_due(
    changes: dict[str, Any], rules: Sequence[str]
) -> None:
    known: dict[str, Any] = {"birthday": "1990-08-15", "occurred_at": NOW}
    joined = registered(**known | changes)

    assert broken(a_year(joined=joined)) == rules


def test_in_a_common_year_a_leap_day_is_kept_on_the_day_before() -> None:
    def born_on_the_leap_day(key: str | None) -> list[str]:
        joined = registered(birthday="1992-02-29", occurred_at=NOW - days(100))
        record = a_year(joined=joined, key=key)
        record.start = NOW - days(100)
        return broken(record)

    assert born_on_the_leap_day(None) == [DUE]
    assert born_on_the_leap_day(_KEY) == []


@pytest.mark.parametrize(
    ("after", "rules"), [(0.0, []), (0.4, []), (-0.1, [ON_THE_DAY]), (0.7, [ON_THE_DAY]), (1.0, [ON_THE_DAY])]
)
def test_it_comes_on_the_day_on_the_customers_clock(after: float, rules: Sequence[str]) -> None:
    record = a_year(key=_KEY)
    record.mails.append(
        SentMail(
            to=("cust-asha@mail.example.com",),
            sender="shop@example.com",
            subject="Asha",
            html="",
            text="",
            headers={},
            tags={"SendKey": send_key_tag(_KEY)},
            configuration_set=None,
            message_id="message-1",
            sent_at=_HOUR + days(after),
        )
    )

    assert broken(record) == rules
