"""Mail feedback in the local cloud: from SES's event to suppression, log, counters and fuse."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from in_the_cloud import tell
from local_cloud.cloud import AwsCall, Killed, LocalCloud
from mail_facts import a_mail
from ses_facts import A_BROWSER, APPLES_PROXY, an_unsubscription
from shop_facts import as_message, failures, hours, registered

FUNCTION = "MailFeedbackFunction"
EVENTS = Path(__file__).parents[3] / "events/mail_feedback/ses_door"
# The send key of the samples, and when their mail was sent.
SEND_KEY = "cart_nudge:cart-5501:step-1"
SENT_AT = datetime(2027, 3, 1, 6, 50, 2, 331000, tzinfo=UTC)
USUAL = {"sent", "delivered"}


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(now=SENT_AT) as cloud:
        cloud.schedules_paused |= cloud.functions.keys()
        yield cloud


def mail_to(
    cloud: LocalCloud, address: str, send_key: str = SEND_KEY, customer_id: str = "cust-asha"
) -> None:
    tell(cloud, registered(customer_id, email=address, occurred_at=cloud.now))
    order = a_mail(send_key, customer_id=customer_id, useful_until=cloud.now + hours(24))
    cloud.send("MailQueue", as_message(order))
    cloud.settle()


def entry(cloud: LocalCloud, send_key: str = SEND_KEY) -> dict[str, Any]:
    return next((item for item in cloud.table("MailLogTable") if item["send_key"] == send_key), {})


def counted(cloud: LocalCloud) -> Counter[str]:
    """Over all shards, days and variants."""
    counts: Counter[str] = Counter()
    for item in cloud.table("MailCountersTable"):
        keys = ("campaign_shard", "day_variant", "expires_at")
        counts.update({name: int(number) for name, number in item.items() if name not in keys})
    return counts


@pytest.mark.parametrize(
    ("name", "reason", "status", "facts"),
    [
        ("sent", None, "delivered", set()),
        ("delivery", None, "delivered", set()),
        ("delivery_delay", None, "delivered", {"delayed"}),
        ("hard_bounce", "bounced", "bounced", {"bounced"}),
        ("soft_bounce", None, "delivered", {"soft_bounced"}),
        ("out_of_office", None, "delivered", {"soft_bounced"}),
        ("complaint", "complained", "complained", {"complained"}),
        ("reject", None, "rejected", {"rejected"}),
        ("rendering_failure", None, "rejected", {"rejected"}),
        ("opened", None, "delivered", {"opened"}),
        ("opened_by_apples_proxy", None, "delivered", {"opened_by_proxy"}),
        ("clicked", None, "delivered", {"clicked"}),
        ("clicked_by_scanner", None, "delivered", {"clicked_by_scanner"}),
        ("subscription", None, "delivered", {"unsubscribed"}),
        ("unsubscribed", None, "delivered", {"unsubscribed"}),
        ("bounce_without_our_tags", "bounced", "delivered", set()),
        ("duplicate", "complained", "complained", {"complained"}),
        ("out_of_order", "complained", "complained", {"complained"}),
        ("malformed", None, "delivered", set()),
        ("mixed_batch", "bounced", "bounced", {"bounced", "opened_by_proxy"}),
    ],
)
def test_each_sample_suppresses_and_counts_what_it_should_and_exactly_its_poison_fails(
    cloud: LocalCloud, name: str, reason: str | None, status: str, facts: set[str]
) -> None:
    mail_to(cloud, "asha@mail.example.com")
    cloud.advance(by=hours(3))
    event = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    ids = [record["messageId"] for record in event["Records"]]
    answer = cloud.invoke(FUNCTION, event).result
    assert failures(answer) == [each for each in ids if each.startswith("poison-")]
    suppressed = [item["reason"] for item in cloud.table("SuppressionTable") if "reason" in item]
    assert suppressed == ([reason] if reason else [])
    assert entry(cloud)["mail_status"] == status
    assert counted(cloud) == dict.fromkeys(USUAL | facts, 1)


def test_every_sample_is_tested() -> None:
    assert len(list(EVENTS.glob("*.json"))) == 20


@pytest.mark.parametrize(
    ("mailbox", "status", "suppressed", "counts"),
    [
        ("success", "delivered", 0, USUAL),
        ("bounce", "bounced", 1, {"sent", "bounced"}),
        ("complaint", "complained", 1, USUAL | {"complained"}),
    ],
)
def test_what_sess_mailbox_simulator_answers_comes_back_by_itself(
    cloud: LocalCloud, mailbox: str, status: str, suppressed: int, counts: set[str]
) -> None:
    mail_to(cloud, f"{mailbox}@simulator.amazonses.com")
    assert entry(cloud)["mail_status"] == status
    assert len(cloud.table("SuppressionTable")) == suppressed
    assert counted(cloud) == dict.fromkeys(counts, 1)


def test_what_customers_do_with_a_mail_is_counted_once_for_each_mail(cloud: LocalCloud) -> None:
    mail_to(cloud, "asha@mail.example.com")
    (mail,) = cloud.mails
    cloud.mail_event(mail, "Open", userAgent=APPLES_PROXY)
    cloud.mail_event(mail, "Click", userAgent="curl/8.4", link="https://shop.example.com/cart")
    cloud.advance(by=hours(1))
    for _ in range(3):
        cloud.mail_event(mail, "Open", userAgent=A_BROWSER)
        cloud.mail_event(mail, "Click", userAgent=A_BROWSER, link="https://shop.example.com/cart")
    cloud.settle()
    tell(cloud, an_unsubscription(SEND_KEY, at=cloud.now))
    everything = {"opened_by_proxy", "clicked_by_scanner", "opened", "clicked", "unsubscribed"}
    assert counted(cloud) == dict.fromkeys(USUAL | everything, 1)
    days = {item["day_variant"] for item in cloud.table("MailCountersTable")}
    assert days == {"2027-03-01#standard"}


def test_a_mailbox_that_is_full_three_times_gets_no_mail_for_a_while(cloud: LocalCloud) -> None:
    for number in range(4):
        mail_to(cloud, "asha@mail.example.com", f"order_receipt:order-{number}:paid")
        if number < 3:
            recipient = {"emailAddress": "asha@mail.example.com", "status": "4.2.2"}
            full = {"bounceType": "Transient", "bounceSubType": "MailboxFull"}
            cloud.mail_event(cloud.mails[-1], "Bounce", **full, bouncedRecipients=[recipient])
        cloud.advance(by=hours(1))
    assert len(cloud.mails) == 3
    assert entry(cloud, "order_receipt:order-3:paid")["reason"] == "suppressed"


def test_a_campaign_whose_fuse_blew_sends_no_more_mail_and_an_alarm_is_raised(cloud: LocalCloud) -> None:
    from tests.functional.mail_feedback.rare_events import blow_the_fuse

    blow_the_fuse(cloud)
    (state,) = cloud.table("CampaignStatesTable")
    assert state["paused_because"] == "hard_bounces"
    raised = [line for function, line in cloud.logs if function == FUNCTION and "CampaignPaused" in line]
    assert raised
    before = len(cloud.mails)
    mail_to(cloud, "bela@mail.example.com", customer_id="cust-bela")
    assert len(cloud.mails) == before


def test_feedback_killed_at_any_call_is_complete_after_the_next_try(cloud: LocalCloud) -> None:
    for number in range(8):
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
        assert counted(cloud) == dict.fromkeys(USUAL | {"complained"}, number + 1)
    assert not cloud.dead_letters()
