"""Mail delivery in the local cloud: queue, door, SES, log, and SES's own events back."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from engagement.mail_orders import SendMail, send_key_of
from engagement.observability import customer_ref
from engagement.plan import engagement_plan
from local_cloud.cloud import AwsCall, Killed, LocalCloud
from mail_facts import SEND_KEY, a_cancellation, a_mail
from shop_facts import NOW, as_message, erased, failures, registered, sqs_batch

FUNCTION = "MailDeliveryFunction"
EVENTS = sorted((Path(__file__).parents[3] / "events/mail_delivery/send_door").glob("*.json"))
MINUTE = timedelta(minutes=1)
ADDRESS = "cust-asha@mail.example.com"


@pytest.fixture(autouse=True)
def _no_schedules(cloud: LocalCloud) -> None:
    cloud.schedules_paused |= cloud.functions.keys()


def register(cloud: LocalCloud, **changes: Any) -> None:
    fact = registered(**changes)
    cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()


def send(cloud: LocalCloud, *orders: SendMail, queue: str = "MailQueue") -> None:
    for order in orders:
        cloud.send(queue, as_message(order))
    cloud.settle()


def log(cloud: LocalCloud, send_key: str = SEND_KEY) -> dict[str, Any]:
    return next((item for item in cloud.table("MailLogTable") if item["send_key"] == send_key), {})


def outcome(cloud: LocalCloud) -> tuple[str, str]:
    entry = log(cloud)
    return entry.get("mail_status", ""), entry.get("reason", "")


def throttle(call: AwsCall, moment: str) -> None:
    if call.operation == "SendEmail" and moment == "before":
        answer: Any = {
            "Error": {"Code": "TooManyRequestsException"},
            "ResponseMetadata": {"HTTPStatusCode": 429},
        }
        raise ClientError(answer, "SendEmail")


@pytest.mark.parametrize("file", EVENTS, ids=lambda file: file.stem)
def test_of_each_sample_exactly_the_poison_fails(cloud: LocalCloud, file: Path) -> None:
    event = json.loads(file.read_text(encoding="utf-8"))
    invocation = cloud.invoke(FUNCTION, event)
    ids = [record["messageId"] for record in event["Records"]]
    assert failures(invocation.result) == [each for each in ids if each.startswith("poison-")]
    assert cloud.mails == []


def test_samples_of_mails_reach_customers_who_agreed(cloud: LocalCloud) -> None:
    for customer in ("cust-1042", "cust-2088", "cust-3310"):
        register(cloud, customer_id=customer, email=f"{customer}@mail.example.com")
    for name in ("send_mail", "send_bulk_mail", "duplicate"):
        (file,) = [file for file in EVENTS if file.stem == name]
        assert failures(cloud.invoke(FUNCTION, json.loads(file.read_text(encoding="utf-8"))).result) == []
    assert sorted(mail.to[0].partition("@")[0] for mail in cloud.mails) == [
        "cust-1042",
        "cust-2088",
        "cust-3310",
    ]


@pytest.mark.parametrize("queue", ["MailQueue", "BulkMailQueue"])
def test_a_mail_arrives_as_the_shops_with_its_unsubscribe_headers(cloud: LocalCloud, queue: str) -> None:
    register(cloud)
    order = a_mail()
    send(cloud, order, queue=queue)
    (mail,) = cloud.mails
    assert mail.to == (ADDRESS,)
    assert mail.sender.startswith(f"{engagement_plan().shop.name} <")
    assert mail.subject == order.subject
    assert (mail.html, mail.text) == (order.html, order.text)
    assert mail.headers["List-Unsubscribe"] == f"<{order.unsubscribe_url}>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert send_key_of(mail.tags["SendKey"]) == SEND_KEY
    assert mail.tags["Campaign"] == "cart_nudge"
    assert mail.configuration_set is not None
    assert log(cloud)["message_id"] == mail.message_id
    assert log(cloud)["mail_status"] == "delivered"


def test_the_same_order_many_times_is_one_mail(cloud: LocalCloud) -> None:
    register(cloud)
    send(cloud, a_mail(), a_mail())
    cloud.advance(by=timedelta(hours=1))
    send(cloud, a_mail(), queue="BulkMailQueue")
    assert len(cloud.mails) == 1
    assert not cloud.backlog()


def test_who_never_agreed_or_withdrew_gets_no_marketing_but_transactional_mail(cloud: LocalCloud) -> None:
    register(cloud, consents=frozenset())
    send(cloud, a_mail())
    assert outcome(cloud) == ("skipped", "no_consent")
    send(cloud, a_mail("order_receipt:order-77:paid", kind="transactional"))
    assert [mail.to for mail in cloud.mails] == [(ADDRESS,)]


def test_who_unsubscribed_meanwhile_gets_no_mail(cloud: LocalCloud) -> None:
    register(cloud)
    change = {"customer_id": "cust-asha", "topic": "reminders", "granted": False}
    identity = {"event_id": "evt-x", "occurred_at": (NOW + MINUTE).isoformat()}
    cloud.publish("ConsentChanged", identity | change)
    cloud.settle()
    send(cloud, a_mail())
    assert outcome(cloud) == ("skipped", "unsubscribed")
    assert cloud.mails == []


def test_who_is_unknown_or_erased_gets_no_mail(cloud: LocalCloud) -> None:
    register(cloud)
    fact = erased(occurred_at=NOW + MINUTE)
    cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()
    send(cloud, a_mail(), a_mail("cart_nudge:cart-10:step-1", customer_id="cust-nobody"))
    assert outcome(cloud) == ("skipped", "no_profile")
    assert log(cloud, "cart_nudge:cart-10:step-1")["reason"] == "no_profile"


def test_a_mailbox_that_bounced_gets_nothing_more_of_any_kind(cloud: LocalCloud) -> None:
    register(cloud, email="bounce@simulator.amazonses.com")
    send(cloud, a_mail())
    assert log(cloud)["mail_status"] == "bounced"
    send(cloud, a_mail("order_receipt:order-77:paid", kind="transactional"))
    assert log(cloud, "order_receipt:order-77:paid")["reason"] == "suppressed"
    assert len(cloud.mails) == 1


def test_a_mail_that_comes_too_late_is_skipped_and_one_of_an_unknown_campaign_when_it_is(
    cloud: LocalCloud,
) -> None:
    register(cloud)
    send(cloud, a_mail(useful_until=NOW - MINUTE))
    assert outcome(cloud) == ("skipped", "too_late")
    send(cloud, a_mail("old_campaign:cart-9:step-1", campaign="old_campaign"))
    assert log(cloud, "old_campaign:cart-9:step-1") == {}
    cloud.advance(by=timedelta(hours=25))
    assert log(cloud, "old_campaign:cart-9:step-1")["reason"] == "too_late"
    assert cloud.mails == []


def test_a_mail_that_was_called_off_before_it_was_sent_never_leaves(cloud: LocalCloud) -> None:
    register(cloud)
    cloud.send("MailQueue", as_message(a_cancellation()))
    cloud.settle()
    send(cloud, a_mail())
    assert cloud.mails == []
    assert log(cloud)["cancelled_because"] == "bought"


def test_throttled_mail_leaves_when_ses_takes_it_again(cloud: LocalCloud) -> None:
    register(cloud)
    cloud.faults.append(throttle)
    send(cloud, a_mail())
    cloud.advance(by=10 * MINUTE)
    assert cloud.mails == []
    assert log(cloud) == {}
    cloud.faults.clear()
    cloud.advance(by=10 * MINUTE)
    assert len(cloud.mails) == 1
    assert not cloud.dead_letters()


def test_a_worker_killed_at_any_call_mails_at_most_once_and_the_rest_is_unknown(cloud: LocalCloud) -> None:
    for number in range(18):
        send_key, customer = f"cart_nudge:cart-{number}:step-1", f"cust-{number}"
        register(cloud, customer_id=customer)
        seen = [0]

        def kill(call: AwsCall, moment: str, at: int = number, seen: list[int] = seen) -> None:
            if call.function == FUNCTION and moment == ("before", "after")[at % 2]:
                seen[0] += 1
                if seen[0] == at // 2 + 1:
                    raise Killed

        cloud.faults.append(kill)
        send(cloud, a_mail(send_key, customer_id=customer))
        cloud.faults.clear()
        cloud.advance(by=8 * MINUTE)
        mailed = [mail for mail in cloud.mails if send_key_of(mail.tags["SendKey"]) == send_key]
        status = log(cloud, send_key)["mail_status"]
        assert (len(mailed), status) in {(1, "delivered"), (0, "unknown")}, f"killed at call {number}"
    assert not cloud.dead_letters()
    assert not cloud.backlog()


def test_what_no_worker_can_read_ends_in_the_dead_letter_queue_alone(cloud: LocalCloud) -> None:
    register(cloud)
    cloud.send("MailQueue", '{"order": "SendMail"}')
    send(cloud, a_mail())
    cloud.advance(by=timedelta(hours=26))
    assert cloud.dead_letters() == {"MailQueue": ['{"order": "SendMail"}']}
    assert len(cloud.mails) == 1


def test_nothing_personal_is_logged(cloud: LocalCloud) -> None:
    register(cloud)
    cloud.faults.append(throttle)
    send(cloud, a_mail("birthday_offer:cust-asha:2027"))
    cloud.faults.clear()
    cloud.advance(by=10 * MINUTE)
    cloud.invoke(FUNCTION, sqs_batch('{"order": "SendMail", "customer_id": "cust-asha", "subject": "Asha"}'))
    lines = "\n".join(line for function, line in cloud.logs if function == FUNCTION)
    assert "sent" in lines
    assert customer_ref("cust-asha") in lines
    assert "asha" not in lines.lower()
