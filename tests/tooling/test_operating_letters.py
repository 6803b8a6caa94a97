"""What an operator is told of a dead letter: what it is and which field is wrong, and nothing of a person."""

import json
from datetime import timedelta

import pytest

from mail_facts import a_mail
from rishta_cli.operating.letters import Letter, heaps, read_letter
from shop_facts import NOW, as_message, cart_updated, on_the_bus, order_paid, registered

PAGE = {
    "campaign": "birthday_offer",
    "time_zone": "Asia/Kolkata",
    "local_date": "2027-03-01",
    "occasion_day": "2027-03-01",
    "month_day": "03-01",
}


@pytest.mark.parametrize(
    ("body", "queue", "kind"),
    [
        (on_the_bus(cart_updated()), "CartNudgesQueue", "CartUpdated"),
        (as_message(a_mail()), "MailQueue", "SendMail"),
        (json.dumps(PAGE), "OccasionPagesQueue", "CelebratePage"),
    ],
)
def test_what_its_door_can_read_may_pass(body: str, queue: str, kind: str) -> None:
    letter = read_letter(body, queue, NOW)
    assert (letter, letter.may_pass) == (Letter(kind), True)


@pytest.mark.parametrize(
    ("body", "queue", "kind", "reason"),
    [
        ("asha@mail.example.com", "MailQueue", "no JSON", "it is no JSON"),
        ('["asha"]', "MailQueue", "no message", "it is no JSON object"),
        (
            '{"order": "SendMail", "to": "asha@x.example"}',
            "MailQueue",
            "SendMail",
            "send_key: Field required",
        ),
        ('{"asha@mail.example.com": 1}', "MailQueue", "no message of ours", "MailOrder: "),
        (
            '{"source": "aws.ses", "detail-type": "Email Bounced", "detail": {"mail": {"to": "asha@x.example"}}}',
            "MailFeedbackQueue",
            "Email Bounced",
            "SesEnvelope: detail.",
        ),
        (
            '{"detail-type": "CartsUpdated", "detail": {"name": "asha@x.example"}}',
            "CartNudgesQueue",
            "a fact that nobody knows",
            "detail-type 'CartsUpdated' is not one of ",
        ),
        (json.dumps(PAGE | {"month_day": "asha"}), "OccasionPagesQueue", "CelebratePage", "month_day: "),
    ],
)
def test_what_no_door_can_read_is_told_by_its_fields(body: str, queue: str, kind: str, reason: str) -> None:
    letter = read_letter(body, queue, NOW)
    assert letter.kind == kind
    assert reason in str(letter.unreadable)
    assert "asha" not in str(letter)


def test_a_fact_of_the_future_passes_once_its_hour_has_come() -> None:
    body = on_the_bus(order_paid(occurred_at=NOW + timedelta(days=1)))
    assert "lies in the future" in str(read_letter(body, "LoyaltyQueue", NOW).unreadable)
    assert read_letter(body, "LoyaltyQueue", NOW + timedelta(days=1)).may_pass


def test_letters_are_put_together_by_kind_and_reason() -> None:
    good, bad = Letter("CartUpdated"), Letter("CartUpdated", "lines: wrong")
    earlier = NOW - timedelta(hours=3)
    poison, readable = reversed(heaps([(bad, NOW), (good, NOW), (bad, earlier), (bad, NOW)]))
    assert (readable.number, readable.unreadable) == (1, None)
    assert (poison.number, poison.oldest, poison.newest) == (3, earlier, NOW)
    assert poison.mark != readable.mark
    assert len(poison.mark) == 8


def test_a_customers_words_are_in_no_reason() -> None:
    fact = registered().model_dump(mode="json") | {"email": "asha at home", "name": "", "birthday": "my 5th"}
    body = json.dumps({"detail-type": "CustomerRegistered", "detail": fact})
    letter = read_letter(body, "CustomerProfilesQueue", NOW)
    assert not letter.may_pass
    assert "asha" not in str(letter)
    assert "my 5th" not in str(letter)
