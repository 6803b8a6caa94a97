"""What SES's events say, and what follows from them."""

import json
from collections.abc import Callable

import pytest

from engagement.bus import parse_message
from engagement.delivery_facts import later
from engagement.errors import MalformedMessageError
from engagement.mail_log import Status
from mail_feedback.events import SesEnvelope, SesEvent, by_source
from mail_feedback.rules import Addresses, Fact, addresses_in, facts_in, status_of
from ses_facts import (
    ADDRESS,
    ARRIVED,
    READ,
    bounce,
    clicked,
    complaint,
    delayed,
    delivery,
    opened,
    rejected,
    rendering_failed,
    sent,
    subscription,
    unsubscribed,
)
from shop_facts import NOW

OF_THE_MAILBOX = ("MailboxFull", "CustomTimeoutExceeded", "General", "Undetermined")
OF_THIS_MAIL = ("MessageTooLarge", "ContentRejected", "AttachmentRejected")


def read(body: str) -> SesEvent:
    return parse_message(body, SesEnvelope).detail


@pytest.mark.parametrize(
    ("tell", "fact", "at", "status"),
    [
        (sent, Fact.SENT, NOW, Status.SENT),
        (delayed, Fact.DELAYED, ARRIVED, Status.SENT),
        (delivery, Fact.DELIVERED, ARRIVED, Status.DELIVERED),
        (bounce, Fact.BOUNCED, ARRIVED, Status.BOUNCED),
        (lambda: bounce("Transient", "MailboxFull"), Fact.SOFT_BOUNCED, ARRIVED, Status.SENT),
        (lambda: bounce("Undetermined", "Undetermined"), Fact.SOFT_BOUNCED, ARRIVED, Status.SENT),
        (complaint, Fact.COMPLAINED, READ, Status.COMPLAINED),
        (opened, Fact.OPENED, READ, Status.SENT),
        (clicked, Fact.CLICKED, READ, Status.SENT),
        (subscription, Fact.UNSUBSCRIBED, READ, Status.SENT),
    ],
)
def test_an_event_tells_its_fact_and_that_ses_had_taken_the_mail(
    tell: Callable[[], str], fact: Fact, at: object, status: Status
) -> None:
    facts = facts_in(read(tell()), None)
    assert facts == {Fact.SENT: NOW, fact: at}
    assert status_of(facts) == status


@pytest.mark.parametrize("tell", [rejected, rendering_failed])
def test_a_mail_that_ses_throws_away_was_not_sent(tell: Callable[[], str]) -> None:
    facts = facts_in(read(tell()), None)
    assert facts == {Fact.REJECTED: NOW}
    assert status_of(facts) == Status.REJECTED


def test_a_click_does_not_say_that_the_mail_was_opened() -> None:
    assert Fact.OPENED not in facts_in(read(clicked()), None)


def test_a_kind_that_ses_may_come_to_tell_is_taken_and_nothing_follows() -> None:
    event = read(sent()).model_copy(update={"kind": "Forwarded"})
    assert facts_in(event, None) == {}
    assert addresses_in(event) == Addresses()


def test_a_hard_bounce_and_a_complaint_suppress_the_address_for_good() -> None:
    assert addresses_in(read(bounce())) == Addresses((ADDRESS,), "bounced")
    assert addresses_in(read(complaint())) == Addresses((ADDRESS,), "complained")


def test_a_report_taken_back_is_no_complaint() -> None:
    event = read(complaint(feedback="not-spam"))
    assert addresses_in(event) == Addresses()
    assert facts_in(event, None) == {}


@pytest.mark.parametrize("subtype", OF_THE_MAILBOX)
def test_a_soft_bounce_of_the_mailbox_is_noted_for_the_address(subtype: str) -> None:
    assert addresses_in(read(bounce("Transient", subtype))) == Addresses(softly=(ADDRESS,))


@pytest.mark.parametrize("subtype", OF_THIS_MAIL)
def test_a_soft_bounce_because_of_the_mail_says_nothing_about_the_address(subtype: str) -> None:
    assert addresses_in(read(bounce("Transient", subtype))) == Addresses()


def test_an_out_of_office_reply_says_nothing_about_the_address() -> None:
    """SES calls it a bounce; it comes without a server's notification of failure."""
    assert addresses_in(read(bounce("Transient", "General", status=None))) == Addresses()


def test_every_address_of_an_event_is_suppressed() -> None:
    event = json.loads(bounce())
    event["detail"]["bounce"]["bouncedRecipients"].append({"emailAddress": "Bela <bela@mail.example.com>"})
    assert addresses_in(read(json.dumps(event))).for_good == (ADDRESS, "bela@mail.example.com")


def test_an_event_of_a_mail_without_our_tags_is_read_all_the_same() -> None:
    assert addresses_in(read(bounce(send_key=None))).for_good == (ADDRESS,)


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


def test_a_message_goes_to_whom_its_source_is_for() -> None:
    told: list[str] = []

    def tell(body: str) -> str:
        by_source(
            body, from_ses=lambda _: told.append("ses"), from_the_shop=lambda _: told.append("the shop")
        )
        return told[-1]

    assert tell(sent()) == "ses"
    assert tell(unsubscribed()) == "the shop"
    assert [tell(body) for body in ("{", "[]", "{}", '"x"')] == [
        "ses"
    ] * 4  # and it says what is wrong with them


@pytest.mark.parametrize(
    "told", [status_of(facts_in(read(tell()), None)) for tell in (sent, bounce, complaint)]
)
def test_what_was_skipped_or_called_off_stays_so_whatever_is_told(told: Status) -> None:
    for known in (Status.SKIPPED, Status.CANCELLED):
        assert later(known, told) == known


def test_a_status_only_moves_forward() -> None:
    life = (Status.UNKNOWN, Status.SENT, Status.DELIVERED, Status.REJECTED, Status.BOUNCED, Status.COMPLAINED)
    for place, known in enumerate(life):
        for other, told in enumerate(life):
            assert later(known, told) == life[max(place, other)]
    assert later(Status.SENDING, Status.SENT) == Status.SENT
