"""What whoever asks the mail log learns about a send key."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engagement.mail_log import Entry, Status
from engagement.plan import engagement_plan
from mail_delivery.handover import about
from mail_facts import SEND_KEY, a_cancellation, a_mail
from mail_house import TABLES, House, Kill, Trouble
from ses_facts import complaint, delivery, sent
from shop_facts import NOW, hours

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    house = House(dynamodb, {name: dynamodb_table(name) for name in TABLES})
    house.welcome()
    return house


def told(house: House, send_key: str = SEND_KEY) -> Entry:
    entry = house.worker().log.get(send_key)
    assert entry
    return entry


def test_a_mail_that_left_is_told_with_its_moment_and_without_a_reason(house: House) -> None:
    house.carry_out(a_mail(), NOW)
    entry = told(house)
    assert (entry.status, entry.reason) == (Status.SENT, None)
    assert NOW <= entry.changed_at < NOW + MINUTE
    house.tell(sent())
    house.tell(delivery())
    assert told(house).status is Status.DELIVERED


def test_a_mail_that_was_skipped_or_withheld_or_called_off_is_told_with_its_reason(house: House) -> None:
    unwelcome = a_mail("cart_nudge:cart-1:step-1", topic="offers")
    withheld = a_mail("cart_nudge:cart-2:step-1", withheld=True)
    for order, reason in ((unwelcome, "no_consent"), (withheld, "withheld")):
        house.carry_out(order, NOW)
        entry = told(house, order.send_key)
        assert (entry.status, entry.reason) == (Status.SKIPPED, reason)
        assert NOW <= entry.changed_at < NOW + MINUTE
        assert entry.left_at == entry.changed_at
    house.carry_out(a_cancellation(), NOW + MINUTE)
    entry = told(house)
    assert (entry.status, entry.reason, entry.changed_at) == (Status.CANCELLED, "bought", NOW + MINUTE)
    assert entry.left_at is None


def test_a_mail_that_is_being_sent_has_no_reason_yet_even_if_it_is_called_off(house: House) -> None:
    log, plan = house.worker().log, engagement_plan().delivery
    log.claim(about(a_mail(), plan, NOW), claim_id="mine", now=NOW, lease=plan.claim_lease)
    house.carry_out(a_cancellation(), NOW + MINUTE)
    entry = told(house)
    assert (entry.status, entry.reason, entry.cancelled) == (Status.SENDING, None, True)
    assert (entry.left_at, entry.changed_at) == (NOW, NOW + MINUTE)
    log.release(SEND_KEY, "mine", NOW + 2 * MINUTE)
    entry = told(house)
    assert (entry.status, entry.reason, entry.changed_at) == (
        Status.CANCELLED,
        "bought",
        NOW + 2 * MINUTE,
    )
    assert entry.left_at is None


def test_when_a_mail_left_stays_what_it_was_whatever_ses_tells_later(house: House) -> None:
    house.carry_out(a_mail(), NOW - hours(2))
    left_at = told(house).left_at
    assert left_at
    assert NOW - hours(2) <= left_at < NOW - hours(2) + MINUTE
    for body in (sent(), delivery(), complaint()):
        house.tell(body)
    assert (told(house).status, told(house).changed_at, told(house).left_at) == (
        Status.COMPLAINED,
        NOW,
        left_at,
    )


def test_of_a_mail_whose_worker_died_it_is_known_when_it_left_if_it_did(house: House) -> None:
    with suppress(Kill):
        house.carry_out(a_mail(), NOW, Trouble(at=7, moment="after", error=Kill))
    assert len(house.ses.accepted) == 1
    left_at = told(house).left_at
    house.carry_out(a_mail(), NOW + hours(1))
    assert (told(house).status, told(house).changed_at) == (Status.UNKNOWN, NOW + hours(1))
    assert left_at
    assert told(house).left_at == left_at < NOW + MINUTE
