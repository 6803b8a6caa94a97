"""What SES's events say, and what follows from them."""

import json

import pytest

from engagement.bus import parse_message
from engagement.errors import MalformedMessageError
from engagement.mail_log import Status
from mail_facts import bounce, complaint, delivery, opened
from mail_feedback.events import SesEnvelope
from mail_feedback.rules import Verdict, verdict

ADDRESS = "cust-asha@mail.example.com"


def read(body: str) -> Verdict:
    return verdict(parse_message(body, SesEnvelope).detail)


def test_a_delivery_is_recorded_and_suppresses_nobody() -> None:
    assert read(delivery()) == Verdict(Status.DELIVERED)


def test_a_hard_bounce_suppresses_the_address() -> None:
    assert read(bounce()) == Verdict(Status.BOUNCED, (ADDRESS,))


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_a_soft_bounce_changes_nothing(kind: str) -> None:
    assert read(bounce(kind)) == Verdict()


def test_a_complaint_suppresses_the_address() -> None:
    assert read(complaint()) == Verdict(Status.COMPLAINED, (ADDRESS,))


def test_every_address_of_an_event_is_suppressed() -> None:
    event = json.loads(bounce())
    event["detail"]["bounce"]["bouncedRecipients"].append({"emailAddress": "Bela <bela@mail.example.com>"})
    assert read(json.dumps(event)).suppressed == (ADDRESS, "bela@mail.example.com")


def test_other_kinds_of_events_are_taken_and_nothing_follows() -> None:
    assert read(opened()) == Verdict()


def test_an_event_of_a_mail_without_our_tags_is_read_all_the_same() -> None:
    assert read(bounce(send_key=None)).suppressed == (ADDRESS,)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"bounce": None}, "a Bounce without its bounce"),
        ({"bounce": {"bounceType": "Hard", "bouncedRecipients": []}}, "detail.bounce.bounceType"),
        ({"mail": {"tags": {}}}, "detail.mail.messageId"),
        (
            {"bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "asha"}]}},
            "detail.bounce.bouncedRecipients.0.emailAddress",
        ),
    ],
)
def test_an_event_that_says_too_little_is_malformed_and_the_fault_is_named_without_its_value(
    wrong: dict[str, object], named: str
) -> None:
    event = json.loads(bounce())
    event["detail"] |= wrong
    with pytest.raises(MalformedMessageError, match=named) as caught:
        read(json.dumps(event))
    assert "asha" not in str(caught.value)


def test_an_event_that_is_not_from_ses_is_malformed() -> None:
    with pytest.raises(MalformedMessageError, match="source"):
        read(json.dumps(json.loads(bounce()) | {"source": "shop"}))
