"""Mail feedback in the local cloud: from SES's event to suppression and log."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_cloud.cloud import AwsCall, Killed, LocalCloud
from mail_facts import a_mail
from shop_facts import as_message, failures, hours, registered

FUNCTION = "MailFeedbackFunction"
EVENTS = Path(__file__).parents[3] / "events/mail_feedback/ses_door"
# The send key of the samples.
SEND_KEY = "cart_nudge:cart-5501:step-1"


def mail_to(
    cloud: LocalCloud, address: str, send_key: str = SEND_KEY, customer_id: str = "cust-asha"
) -> None:
    fact = registered(customer_id, email=address)
    cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()
    cloud.send("MailQueue", as_message(a_mail(send_key, customer_id=customer_id)))
    cloud.settle()


def entry(cloud: LocalCloud, send_key: str = SEND_KEY) -> dict[str, Any]:
    return next((item for item in cloud.table("MailLogTable") if item["send_key"] == send_key), {})


@pytest.mark.parametrize(
    ("name", "reason", "status"),
    [
        ("delivery", None, "delivered"),
        ("hard_bounce", "bounced", "bounced"),
        ("soft_bounce", None, "delivered"),
        ("complaint", "complained", "complained"),
        ("bounce_without_our_tags", "bounced", "delivered"),
        ("other_event", None, "delivered"),
        ("duplicate", "complained", "complained"),
        ("out_of_order", "complained", "complained"),
        ("malformed", None, "delivered"),
        ("mixed_batch", "bounced", "bounced"),
    ],
)
def test_each_sample_suppresses_whom_it_should_and_exactly_its_poison_fails(
    cloud: LocalCloud, name: str, reason: str | None, status: str
) -> None:
    mail_to(cloud, "asha@mail.example.com")
    event = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    ids = [record["messageId"] for record in event["Records"]]
    answer = cloud.invoke(FUNCTION, event).result
    assert failures(answer) == [each for each in ids if each.startswith("poison-")]
    assert [item["reason"] for item in cloud.table("SuppressionTable")] == ([reason] if reason else [])
    assert entry(cloud)["mail_status"] == status


def test_every_sample_is_tested() -> None:
    assert len(list(EVENTS.glob("*.json"))) == 10


@pytest.mark.parametrize(
    ("mailbox", "status", "suppressed"),
    [("success", "delivered", 0), ("bounce", "bounced", 1), ("complaint", "complained", 1)],
)
def test_what_sess_mailbox_simulator_answers_comes_back_by_itself(
    cloud: LocalCloud, mailbox: str, status: str, suppressed: int
) -> None:
    mail_to(cloud, f"{mailbox}@simulator.amazonses.com")
    assert entry(cloud)["mail_status"] == status
    assert len(cloud.table("SuppressionTable")) == suppressed


def test_feedback_killed_at_any_call_is_complete_after_the_next_try(cloud: LocalCloud) -> None:
    for number in range(4):
        send_key = f"cart_nudge:cart-{number}:step-1"
        seen = [0]

        def kill(call: AwsCall, moment: str, at: int = number, seen: list[int] = seen) -> None:
            if call.function == FUNCTION and moment == ("before", "after")[at % 2]:
                seen[0] += 1
                if seen[0] == at // 2 + 1:
                    raise Killed

        cloud.faults.append(kill)
        mail_to(cloud, f"complaint+{number}@simulator.amazonses.com", send_key, f"cust-{number}")
        cloud.faults.clear()
        cloud.advance(by=hours(1))
        assert entry(cloud, send_key)["mail_status"] == "complained", f"killed at call {number}"
        assert len(cloud.table("SuppressionTable")) == number + 1
    assert not cloud.dead_letters()
