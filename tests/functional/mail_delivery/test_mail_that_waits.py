"""Mail that may not leave yet: held, and never lost, doubled or taken for poison."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from engagement.campaign_states import CampaignStates
from engagement.mail_orders import SendMail, send_key_of
from in_the_cloud import only_schedule, ses_answers, tell
from local_cloud.cloud import AwsCall, LocalCloud
from mail_facts import a_mail
from shop_facts import NOW, as_message, hours, registered

FUNCTION = "MailDeliveryFunction"
MINUTE = timedelta(minutes=1)
KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.fixture(autouse=True)
def _nothing_else_happens(cloud: LocalCloud) -> None:
    only_schedule(cloud, FUNCTION)


def mail_to(customer: str = "cust-asha", **changes: Any) -> SendMail:
    known = {"customer_id": customer, "useful_until": NOW + timedelta(days=5)}
    return a_mail(f"cart_nudge:cart-of-{customer}:step-1", **known | changes)


def send(cloud: LocalCloud, *orders: SendMail, queue: str = "MailQueue") -> None:
    for order in orders:
        cloud.send(queue, as_message(order))
    cloud.settle()


def mailed(cloud: LocalCloud) -> list[str]:
    return sorted(mail.to[0].partition("@")[0] for mail in cloud.mails)


def log(cloud: LocalCloud) -> dict[str, Any]:
    return {item["send_key"]: item["mail_status"] for item in cloud.table("MailLogTable")}


def metrics(cloud: LocalCloud, name: str) -> int:
    return sum(f'"Name":"{name}"' in line for _, line in cloud.logs)


@pytest.mark.parametrize("queue", ["MailQueue", "BulkMailQueue"])
def test_what_falls_due_in_the_night_leaves_when_the_quiet_hours_end(cloud: LocalCloud, queue: str) -> None:
    tell(cloud, registered())
    cloud.advance(to=datetime(2027, 3, 1, 22, 10, tzinfo=KOLKATA))
    send(cloud, mail_to(), queue=queue)
    cloud.advance(to=datetime(2027, 3, 2, 7, 59, 59, tzinfo=KOLKATA))
    assert cloud.mails == []
    cloud.advance(by=timedelta(seconds=2))
    (mail,) = cloud.mails
    assert mail.sent_at.astimezone(KOLKATA) == datetime(2027, 3, 2, 8, 0, tzinfo=KOLKATA)
    assert not cloud.dead_letters()
    assert not cloud.backlog()


def test_transactional_mail_leaves_at_any_hour(cloud: LocalCloud) -> None:
    tell(cloud, registered())
    cloud.advance(to=datetime(2027, 3, 1, 23, 0, tzinfo=KOLKATA))
    send(cloud, mail_to(kind="transactional"))
    assert mailed(cloud) == ["cust-asha"]


def test_who_unsubscribes_while_the_mail_waits_does_not_get_it(cloud: LocalCloud) -> None:
    tell(cloud, registered())
    cloud.advance(to=datetime(2027, 3, 1, 23, 0, tzinfo=KOLKATA))
    send(cloud, mail_to())
    change = {"customer_id": "cust-asha", "topic": "reminders", "granted": False}
    cloud.publish("ConsentChanged", {"event_id": "e-1", "occurred_at": cloud.now.isoformat()} | change)
    cloud.advance(by=hours(12))
    assert cloud.mails == []
    assert set(log(cloud).values()) == {"skipped"}


def test_a_paused_campaigns_mail_leaves_after_it_is_resumed(cloud: LocalCloud) -> None:
    tell(cloud, registered())
    states = CampaignStates(cloud._dynamodb, cloud.resources["CampaignStatesTable"])
    states.pause("cart_nudge", "complaints", cloud.now)
    send(cloud, mail_to())
    cloud.advance(by=hours(1))
    assert cloud.mails == []
    states.resume("cart_nudge", cloud.now, {})
    cloud.advance(by=hours(0.5))
    assert mailed(cloud) == ["cust-asha"]


@pytest.mark.parametrize(
    ("message", "code", "status"),
    [
        ("Daily message quota exceeded.", "TooManyRequestsException", 429),
        ("Sending paused for this account.", "SendingPausedException", 400),
        ("Account suspended.", "AccountSuspendedException", 400),
        ("not authorized to perform ses:SendEmail", "AccessDeniedException", 403),
    ],
)
def test_an_account_that_may_not_send_for_hours_loses_nothing_and_tells_ops(
    cloud: LocalCloud, message: str, code: str, status: int
) -> None:
    customers = [f"cust-{number}" for number in range(3)]
    tell(cloud, *(registered(customer) for customer in customers))
    with ses_answers(cloud, message, code=code, status=status):
        send(cloud, *(mail_to(customer, kind="transactional") for customer in customers))
        cloud.advance(by=hours(6))
        asked = [call for call in cloud.calls if call.operation == "SendEmail"]
    # One try a quarter of an hour, whoever waits; the rest does not knock at a closed door.
    assert len(asked) <= 6 * 4 + 1
    assert metrics(cloud, "SendingStopped")
    assert cloud.mails == []
    cloud.advance(by=hours(0.6))
    assert mailed(cloud) == customers
    assert not cloud.dead_letters()


def _timeout(_: AwsCall) -> Exception:
    return ReadTimeoutError(endpoint_url="https://email.example.com")


def _no_connection(_: AwsCall) -> Exception:
    return EndpointConnectionError(endpoint_url="https://email.example.com")


@pytest.mark.parametrize("error", [_timeout, _no_connection])
def test_an_outage_of_ses_of_an_hour_drains_without_a_dead_letter(cloud: LocalCloud, error: Any) -> None:
    """Where SES does not answer, only those who had to try cannot know: marketing mail of theirs is unknown."""
    customers = [f"cust-{number:02}" for number in range(12)]
    tell(cloud, *(registered(customer) for customer in customers))

    def outage(call: AwsCall, moment: str) -> None:
        if call.operation == "SendEmail" and moment == "before":
            raise error(call)

    cloud.faults.append(outage)
    send(cloud, *(mail_to(customer) for customer in customers))
    cloud.advance(by=hours(1))
    cloud.faults.clear()
    cloud.advance(by=hours(1))
    assert not cloud.dead_letters()
    assert not cloud.backlog()
    unknown = [key for key, status in log(cloud).items() if status == "unknown"]
    # The first three, and those that tried again: after a minute, two, four, eight, then every quarter of an hour.
    assert len(unknown) <= (3 + 7 if error is _timeout else 0)
    assert len(cloud.mails) + len(unknown) == len(customers)
    assert len({send_key_of(mail.tags["SendKey"]) for mail in cloud.mails}) == len(cloud.mails)
    assert metrics(cloud, "SendingStopped")
