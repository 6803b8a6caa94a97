"""Feedback on the real engine: in any order and number, the same end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from engagement.bus import parse_message
from engagement.items import from_item, to_item
from engagement.mail_log import MailLog
from engagement.suppression import Suppression
from mail_facts import bounce, complaint, delivery, opened
from mail_feedback.events import SesEnvelope
from mail_feedback.feedback import MailFeedback
from shop_facts import NOW, days, hours

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ADDRESS = "cust-asha@mail.example.com"
TELLERS: dict[str, Callable[..., str]] = {"delivery": delivery, "bounce": bounce, "complaint": complaint}


@dataclass
class Office:
    dynamodb: "DynamoDBClient"
    log_table: str
    log: MailLog
    suppression: Suppression

    def claim(self, send_key: str) -> None:
        self.log.claim(
            send_key, "cart_nudge", "ref", claim_id=send_key, now=NOW, lease=hours(1), keep_for=days(1)
        )

    def tell(self, body: str) -> None:
        feedback = MailFeedback(log=self.log, suppression=self.suppression)
        feedback.take_in(parse_message(body, SesEnvelope).detail, NOW)

    def entry(self, send_key: str) -> dict[str, Any]:
        answer = self.dynamodb.get_item(TableName=self.log_table, Key=to_item({"send_key": send_key}))
        return from_item(answer.get("Item", {}))

    def status(self, send_key: str) -> str | None:
        return self.entry(send_key).get("mail_status")


@pytest.fixture
def office(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> Office:
    log_table = dynamodb_table("MailLogTable")
    suppression = Suppression(dynamodb, dynamodb_table("SuppressionTable"), b"k" * 32)
    return Office(dynamodb, log_table, MailLog(dynamodb, log_table), suppression)


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (("sent", "delivery"), "delivered"),
        (("sent", "delivery", "delivery", "bounce"), "bounced"),
        (("sent", "delivery", "bounce", "complaint"), "complained"),
        (("sent", "unknown", "delivery", "complaint"), "complained"),
        (("sent", "unknown", "bounce", "bounce"), "bounced"),
        (("sent", "unknown"), "sent"),
    ],
)
def test_every_order_of_what_is_told_about_a_mail_ends_the_same(
    office: Office, told: tuple[str, ...], end: str
) -> None:
    for number, order in enumerate(permutations(told)):
        send_key = f"cart_nudge:cart-{number}:step-1"
        office.claim(send_key)
        for word in order:
            match word:
                case "sent":
                    office.log.record_sent(send_key, "0107-ses-1", NOW)
                case "unknown":
                    office.log.record_unknown(send_key, NOW)
                case _:
                    office.tell(TELLERS[word](send_key=send_key))
        assert office.status(send_key) == end, order
        assert office.entry(send_key)["message_id"] == "0107-ses-1", order


def test_a_mail_whose_worker_died_is_settled_by_what_ses_tells(office: Office) -> None:
    for number, (teller, end) in enumerate([(delivery, "delivered"), (bounce, "bounced")]):
        for unknown in (True, False):
            send_key = f"cart_nudge:cart-{number}-{unknown}:step-1"
            office.claim(send_key)
            if unknown:
                office.log.record_unknown(send_key, NOW)
            office.tell(teller(send_key=send_key))
            assert office.status(send_key) == end


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_a_soft_bounce_suppresses_nobody_and_leaves_the_mail_as_it_is(office: Office, kind: str) -> None:
    office.claim("cart_nudge:cart-9:step-1")
    office.log.record_sent("cart_nudge:cart-9:step-1", "0107-ses-1", NOW)
    office.tell(bounce(kind))
    assert office.status("cart_nudge:cart-9:step-1") == "sent"
    assert not office.suppression.holds(ADDRESS)


@pytest.mark.parametrize("teller", [bounce, complaint])
@pytest.mark.parametrize("send_key", [None, "cart_nudge:cart-nobody-knows:step-1"])
def test_an_address_is_suppressed_even_if_the_mail_is_not_known(
    office: Office, teller: Callable[..., str], send_key: str | None
) -> None:
    office.tell(teller(send_key=send_key))
    assert office.suppression.holds(ADDRESS)
    assert office.suppression.holds(" Cust-Asha@MAIL.example.com ")
    assert not office.suppression.holds("bela@mail.example.com")
    if send_key:
        assert office.status(send_key) is None


def test_a_tag_that_is_not_ours_is_no_reason_to_fail(office: Office) -> None:
    event = parse_message(bounce(), SesEnvelope).detail
    mail = event.mail.model_copy(update={"tags": {"SendKey": ["not base64: ü"]}})
    MailFeedback(log=office.log, suppression=office.suppression).take_in(
        event.model_copy(update={"mail": mail}), NOW
    )
    assert office.suppression.holds(ADDRESS)


def test_other_events_change_nothing(office: Office) -> None:
    office.claim("cart_nudge:cart-9:step-1")
    office.tell(opened())
    assert office.status("cart_nudge:cart-9:step-1") == "sending"


def test_the_first_reason_for_a_suppression_stays_and_the_address_is_not_kept_in_the_clear(
    office: Office,
) -> None:
    office.tell(bounce())
    office.tell(complaint())
    (item,) = office.dynamodb.scan(TableName=office.suppression._table)["Items"]
    assert from_item(item)["reason"] == "bounced"
    assert "asha" not in str(item)


def test_feedback_and_the_senders_own_record_at_the_same_moment_end_the_same(office: Office) -> None:
    for number in range(20):
        send_key = f"cart_nudge:cart-{number}:step-1"
        office.claim(send_key)
        steps: list[Callable[[], None]] = [
            lambda key=send_key: office.log.record_sent(key, "0107-ses-1", NOW),  # type: ignore[misc]
            lambda key=send_key: office.tell(delivery(send_key=key)),  # type: ignore[misc]
            lambda key=send_key: office.tell(complaint(send_key=key)),  # type: ignore[misc]
        ]
        with ThreadPoolExecutor(3) as pool:
            for future in [pool.submit(step) for step in steps]:
                future.result()
        assert office.status(send_key) == "complained"
