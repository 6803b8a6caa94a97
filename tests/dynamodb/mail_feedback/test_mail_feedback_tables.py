"""Feedback on the real engine: in any order and number, the same end."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest

from feedback_house import Office
from mail_facts import SEND_KEY
from ses_facts import (
    ADDRESS,
    APPLES_PROXY,
    bounce,
    clicked,
    complaint,
    delayed,
    delivery,
    opened,
    rejected,
    sent,
    subscription,
    unsubscribed,
)
from shop_facts import NOW

TELLERS: dict[str, Callable[..., str]] = {
    "Send": sent,
    "delivery": delivery,
    "bounce": bounce,
    "complaint": complaint,
    "reject": rejected,
    "delay": delayed,
    "open": opened,
}


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (("sent", "delivery"), "delivered"),
        (("sent", "Send", "delivery", "open"), "delivered"),
        (("sent", "delivery", "delivery", "bounce"), "bounced"),
        (("sent", "delivery", "bounce", "complaint"), "complained"),
        (("sent", "unknown", "delivery", "complaint"), "complained"),
        (("sent", "unknown", "bounce", "bounce"), "bounced"),
        (("sent", "Send", "reject"), "rejected"),
        (("unknown", "Send"), "sent"),
        (("sent", "Send", "delay"), "sent"),
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


@pytest.mark.parametrize(
    ("teller", "end"),
    [
        *((sent, "sent"), (delayed, "sent"), (delivery, "delivered"), (bounce, "bounced")),
        *((rejected, "rejected"), (opened, "sent"), (clicked, "sent"), (complaint, "complained")),
        (lambda **about: bounce("Transient", **about), "sent"),
    ],
)
@pytest.mark.parametrize("unknown", [True, False])
def test_a_mail_whose_worker_died_is_settled_by_whatever_ses_tells(
    office: Office, teller: Callable[..., str], end: str, unknown: bool
) -> None:
    office.claim()
    if unknown:
        office.log.record_unknown(SEND_KEY, NOW)
    office.tell(teller())
    assert office.status() == end
    assert "lease_end" not in office.entry()


def test_a_mail_that_was_called_off_stays_so(office: Office) -> None:
    office.log.cancel(SEND_KEY, "bought", now=NOW, keep_for=NOW - NOW)
    office.tell(sent())
    assert office.status() == "cancelled"


@pytest.mark.parametrize("teller", [bounce, complaint])
@pytest.mark.parametrize("send_key", [None, "cart_nudge:cart-nobody-knows:step-1"])
def test_an_address_is_suppressed_even_if_the_mail_is_not_known(
    office: Office, teller: Callable[..., str], send_key: str | None
) -> None:
    office.tell(teller(send_key=send_key))
    assert office.suppression.holds(ADDRESS, NOW)
    assert office.suppression.holds(" Cust-Asha@MAIL.example.com ", NOW)
    assert not office.suppression.holds("bela@mail.example.com", NOW)
    if send_key:
        assert office.status(send_key) is None
    assert office.counted() == {}


def test_a_tag_that_is_not_ours_is_no_reason_to_fail(office: Office) -> None:
    office.tell(bounce(send_key=None).replace('"ses:configuration-set"', '"SendKey": ["ü"], "x"'))
    assert office.suppression.holds(ADDRESS, NOW)


def test_each_fact_of_a_mail_is_counted_once_in_whatever_order_and_number_it_is_told(office: Office) -> None:
    told = [
        *(sent(), delivery(), delayed(), complaint(), opened(), clicked(), unsubscribed(), subscription()),
        *(opened(agent=APPLES_PROXY), opened(agent="curl/8"), clicked(agent="curl/8"), bounce()),
        bounce("Transient", "MailboxFull"),
    ]
    once = dict.fromkeys(
        (
            *("sent", "delivered", "delayed", "bounced", "soft_bounced", "complained", "unsubscribed"),
            *("opened", "opened_by_proxy", "opened_by_scanner", "clicked", "clicked_by_scanner"),
        ),
        1,
    )
    for seed in range(5):
        office.claim(campaign=f"campaign_{seed}")
        thrice = told * 3
        random.Random(seed).shuffle(thrice)
        office.tell(*thrice)
        assert office.counted(f"campaign_{seed}") == once
        office.dynamodb.delete_item(
            TableName=office.tables["MailLogTable"], Key={"send_key": {"S": SEND_KEY}}
        )


def test_a_mail_whose_send_was_never_told_counts_as_sent(office: Office) -> None:
    office.claim()
    office.tell(delivery(), sent())
    assert office.counted() == {"sent": 1, "delivered": 1}


def test_a_rejected_mail_is_not_sent(office: Office) -> None:
    office.claim()
    office.tell(rejected())
    assert office.counted() == {"rejected": 1}


def test_mails_are_counted_by_the_day_of_sending_and_by_variant(office: Office) -> None:
    office.claim("cart_nudge:cart-1:step-1", variant="bold")
    office.claim("cart_nudge:cart-2:step-1")
    yesterday = NOW.replace(day=28, month=2, hour=23)
    office.tell(delivery(send_key="cart_nudge:cart-1:step-1", sent_at=yesterday))
    office.tell(delivery(send_key="cart_nudge:cart-2:step-1"))
    assert office.counted(day=yesterday.date(), variant="bold") == {"sent": 1, "delivered": 1}
    assert office.counted() == {"sent": 1, "delivered": 1}
    # What was told first decides, also for the customer who leaves days later.
    office.tell(unsubscribed("cart_nudge:cart-1:step-1"))
    assert office.counted(day=yesterday.date(), variant="bold")["unsubscribed"] == 1


def test_an_unsubscription_from_a_mail_that_is_forgotten_is_no_reason_to_fail(office: Office) -> None:
    office.tell(unsubscribed())
    assert office.counted() == {}


def test_nothing_personal_is_kept_about_a_suppressed_address(office: Office) -> None:
    office.claim()
    office.tell(bounce("Transient", "MailboxFull"), bounce(), complaint())
    (item,) = office.dynamodb.scan(TableName=office.tables["SuppressionTable"])["Items"]
    assert item["reason"] == {"S": "bounced"}  # the first stays
    assert not any(word in str(item) for word in ("asha", "cart", "0107"))


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
    assert office.counted() == {"sent": 20, "delivered": 20, "complained": 20}
