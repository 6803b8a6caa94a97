"""What SES tells about a mail, as its configuration set wants it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_cloud.mail_events import later_event, ses_events
from local_cloud.sent_mail import SentMail

ARN = "arn:aws:ses:eu-central-1:123456789012:configuration-set/mail"
ALL = frozenset(
    {
        *("SEND", "DELIVERY", "DELIVERYDELAY", "BOUNCE", "COMPLAINT"),
        *("REJECT", "RENDERINGFAILURE", "OPEN", "CLICK", "SUBSCRIPTION"),
    }
)
MAIL = SentMail(
    to=("asha@mail.example.com",),
    sender="Chai <hello@shop.example.com>",
    subject="Hello",
    html="",
    text="Hello",
    headers={},
    tags={"Campaign": "cart_nudge"},
    configuration_set="mail",
    message_id="0107-1",
    sent_at=datetime(2027, 3, 1, 12, tzinfo=UTC),
)


def told(mail: SentMail = MAIL, wanted: frozenset[str] = ALL) -> list[dict[str, Any]]:
    return [json.loads(entry["Detail"]) for entry in ses_events(mail, wanted, ARN)]


def kinds(mail: SentMail = MAIL, wanted: frozenset[str] = ALL) -> list[str]:
    return [event["eventType"] for event in told(mail, wanted)]


def test_every_mail_is_sent_and_what_becomes_of_it_is_told() -> None:
    assert kinds() == ["Send", "Delivery"]
    assert kinds(replace(MAIL, to=("bounce@simulator.amazonses.com",))) == ["Send", "Bounce"]
    assert kinds(replace(MAIL, to=("complaint@simulator.amazonses.com",))) == [
        "Send",
        "Delivery",
        "Complaint",
    ]


def test_only_what_is_wanted_is_told() -> None:
    assert kinds(wanted=frozenset({"DELIVERY"})) == ["Delivery"]
    assert kinds(wanted=frozenset()) == []


@pytest.mark.parametrize(
    ("kind", "detail_type", "part"),
    [
        ("Open", "Email Opened", "open"),
        ("Click", "Email Clicked", "click"),
        ("DeliveryDelay", "Email Delivery Delayed", "deliveryDelay"),
        ("Rendering Failure", "Email Rendering Failed", "failure"),
        ("Subscription", "Email Subscribed", "subscription"),
        ("Reject", "Email Rejected", "reject"),
    ],
)
def test_what_happens_later_is_told_as_of_then_in_sess_words(kind: str, detail_type: str, part: str) -> None:
    at = MAIL.sent_at + timedelta(minutes=7)
    (entry,) = later_event(MAIL, kind, {"userAgent": "x"}, at, ALL, ARN)
    detail = json.loads(entry["Detail"])
    assert (entry["Source"], entry["DetailType"], entry["Time"]) == ("aws.ses", detail_type, at)
    assert detail[part] == {"timestamp": "2027-03-01T12:07:00.000Z", "userAgent": "x"}
    assert detail["mail"]["timestamp"] == "2027-03-01T12:00:00.000Z"
    assert detail["mail"]["tags"]["Campaign"] == ["cart_nudge"]


def test_nothing_is_told_later_that_is_not_wanted() -> None:
    assert list(later_event(MAIL, "Open", {}, MAIL.sent_at, frozenset({"CLICK"}), ARN)) == []


def test_ses_has_no_other_kinds() -> None:
    with pytest.raises(KeyError):
        list(later_event(MAIL, "Read", {}, MAIL.sent_at, ALL, ARN))
