"""What changes between the look at a customer and the mail's leaving, on the real engine."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any, Literal

import pytest
from botocore.exceptions import ClientError

from engagement.errors import RetryLaterError
from engagement.mail_orders import SendMail, SkipMail
from engagement.plan import engagement_plan
from mail_delivery.handover import about
from mail_facts import a_cancellation, a_mail
from mail_house import TABLES, FakeSes, House, Kill, Meanwhile, Trouble, throttled
from shop_facts import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = timedelta(minutes=1)
CAP = engagement_plan().delivery.frequency_cap
SES_CALL = 7


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    house = House(dynamodb, {name: dynamodb_table(name) for name in TABLES})
    house.welcome("cust-asha", "reminders", "offers")
    return house


def mails(number: int) -> Iterator[SendMail]:
    """Of two campaigns, to one customer."""
    for each in range(number):
        campaign, topic = (("cart_nudge", "reminders"), ("birthday_offer", "offers"))[each % 2]
        yield a_mail(f"{campaign}:subject-{each}:once", campaign=campaign, topic=topic)


def at_once(house: House, orders: list[SendMail], now: datetime = NOW) -> None:
    start = Barrier(len(orders))

    def carry_out(order: SendMail) -> None:
        start.wait()
        for _ in range(10):
            with suppress(RetryLaterError):
                house.carry_out(order, now)
                return

    with ThreadPoolExecutor(len(orders)) as pool:
        list(pool.map(carry_out, orders))


def test_mails_that_race_never_exceed_the_frequency_cap_together(house: House) -> None:
    at_once(house, list(mails(CAP.mails + 4)))
    assert len(house.ses.accepted) == CAP.mails
    statuses = [house.entry(order) for order in mails(CAP.mails + 4)]
    assert sum(entry.get("reason") == "frequency_cap" for entry in statuses) == 4
    assert len(house.contacts.get("cust-asha").recent) == CAP.mails


def test_the_cap_opens_again_as_its_span_moves_on(house: House) -> None:
    for order in mails(CAP.mails):
        house.carry_out(order, NOW)
    late = a_mail("cart_nudge:later:once", useful_until=NOW + 2 * CAP.within)
    house.carry_out(late, NOW + CAP.within + MINUTE)
    assert house.status(late) == "sent"


def test_a_mail_over_the_cap_that_may_wait_leaves_as_soon_as_there_is_room(house: House) -> None:
    taken = list(mails(CAP.mails))
    for number, order in enumerate(taken):
        house.carry_out(order, NOW + number * MINUTE)
    patient = a_mail("cart_nudge:later:once", over_the_cap="wait", useful_until=NOW + 2 * CAP.within)
    now = NOW + CAP.mails * MINUTE
    house.carry_out(patient, now)
    ((held, wait),) = house.queue.later
    first, *_ = house.contacts.get("cust-asha").recent
    assert (held, now + wait) == (patient, first.at + CAP.within)
    assert house.entry(patient) == {}
    house.carry_out(patient, now + wait)
    assert house.status(patient) == "sent"


def test_a_mail_that_never_left_takes_nobodys_place(house: House) -> None:
    """Throttled until it was too late, or refused by SES for itself."""

    class Answers(FakeSes):
        def __init__(self, code: str) -> None:
            super().__init__()
            self._answer: Any = {"Error": {"Code": code, "Message": "No."}}

        def send_email(self, **request: Any) -> dict[str, str]:
            raise ClientError(self._answer, "SendEmail")

    house.ses = Answers("TooManyRequestsException")
    order = a_mail(useful_until=NOW + MINUTE)
    house.carry_out(order, NOW)
    assert house.queue.later.pop()[0] == order
    assert [mail.send_key for mail in house.contacts.get("cust-asha").recent] == [order.send_key]
    house.carry_out(order, NOW + 2 * MINUTE)
    assert house.entry(order)["reason"] == "too_late"
    assert house.contacts.get("cust-asha").recent == ()

    house.ses = Answers("MessageRejected")
    refused = a_mail("cart_nudge:refused:once")
    house.carry_out(refused, NOW)
    assert house.entry(refused)["reason"] == "rejected"
    assert house.contacts.get("cust-asha").recent == ()


# After the look, up to the write that takes a place among the customer's recent mails.
BETWEEN = range(2, 5)


@pytest.mark.parametrize("at", BETWEEN)
def test_who_unsubscribes_between_the_look_and_the_claim_gets_no_mail(house: House, at: int) -> None:
    meanwhile = Meanwhile(at, lambda: house.contacts.withdraw("cust-asha", ["reminders"], now=NOW))
    house.carry_out(a_mail(), NOW, meanwhile)
    assert house.ses.accepted == []
    assert house.entry(a_mail())["reason"] == "unsubscribed"


@pytest.mark.parametrize("at", BETWEEN)
def test_who_asks_for_a_pause_between_the_look_and_the_claim_gets_no_mail(house: House, at: int) -> None:
    pause = Meanwhile(at, lambda: house.contacts.pause("cust-asha", NOW + timedelta(days=30)))
    house.carry_out(a_mail(), NOW, pause)
    assert house.entry(a_mail())["reason"] == "paused"


@pytest.mark.parametrize("at", range(1, SES_CALL))
def test_a_cancellation_before_the_claim_is_in_time(house: House, at: int) -> None:
    meanwhile = Meanwhile(at, lambda: house.carry_out(a_cancellation(), NOW))
    with suppress(RetryLaterError):
        house.carry_out(a_mail(), NOW, meanwhile)
    house.carry_out(a_mail(), NOW + 6 * MINUTE)
    assert house.ses.accepted == []
    assert house.status(a_mail()) == "cancelled"
    assert house.contacts.get("cust-asha").recent == ()


def test_of_many_workers_on_one_send_key_one_asks_ses(house: House) -> None:
    for number in range(4):
        house.welcome(f"cust-{number}")
        house.ses.accepted.clear()
        order = a_mail(f"cart_nudge:cart-{number}:step-1", customer_id=f"cust-{number}")
        at_once(house, [order] * 8)
        assert len(house.ses.accepted) == 1


@pytest.mark.parametrize("kind", ["marketing", "transactional"])
def test_of_many_workers_that_find_a_dead_ones_claim_one_takes_it_over_at_most(
    house: House, kind: Literal["marketing", "transactional"]
) -> None:
    order = a_mail(kind=kind)
    calls = {"marketing": SES_CALL, "transactional": SES_CALL - 1}
    with suppress(Kill):
        house.carry_out(order, NOW, Trouble(calls[kind], error=Kill))
    at_once(house, [order] * 8, NOW + 6 * MINUTE)
    assert len(house.ses.accepted) == (1 if kind == "transactional" else 0)


def test_a_mail_called_off_while_ses_does_not_take_it_never_leaves(house: House) -> None:
    """The cancellation comes between the claim and its return, when there is a claim but no mail yet."""

    class CancelsMeanwhile(FakeSes):
        def send_email(self, **request: Any) -> dict[str, str]:
            house.carry_out(a_cancellation(), NOW)
            raise throttled()

    accepting, house.ses = house.ses, CancelsMeanwhile()
    house.carry_out(a_mail(), NOW)
    house.ses = accepting
    house.carry_out(a_mail(), NOW + MINUTE)
    assert house.ses.accepted == []
    assert house.status(a_mail()) == "cancelled"


def test_a_cancellation_changes_nothing_about_a_mail_that_left(house: House) -> None:
    house.carry_out(a_mail(), NOW)
    house.carry_out(a_cancellation(), NOW)
    assert house.status(a_mail()) == "sent"


def test_who_decides_to_skip_leaves_a_mail_alone_that_another_worker_is_sending(house: House) -> None:
    """Two copies of the order: one worker claims between the other's look and its decision."""
    order = a_mail(topic="offers", campaign="birthday_offer")
    log = house.worker().log

    def claims() -> None:
        plan = engagement_plan().delivery
        log.claim(about(order, plan, NOW), claim_id="other", now=NOW, lease=plan.claim_lease)

    house.contacts.withdraw("cust-asha", ["offers"], now=NOW)
    with pytest.raises(RetryLaterError):
        house.carry_out(order, NOW, Meanwhile(2, claims))
    assert house.status(order) == "sending"


def test_a_mail_that_surely_did_not_leave_is_given_back_even_if_that_fails_at_first(house: House) -> None:
    class Paused(FakeSes):
        def send_email(self, **request: Any) -> dict[str, str]:
            trouble.at = len(trouble.calls) + 1
            answer: Any = {"Error": {"Code": "SendingPausedException", "Message": "Paused."}}
            raise ClientError(answer, "SendEmail")

    trouble = Trouble()
    accepting, house.ses = house.ses, Paused()
    house.carry_out(a_mail(), NOW, trouble)
    assert trouble.struck
    assert house.entry(a_mail()) == {}
    house.ses = accepting
    house.carry_out(a_mail(), NOW + timedelta(minutes=16))
    assert house.status(a_mail()) == "sent"


def test_an_order_that_waits_keeps_what_a_newer_version_put_in(house: House) -> None:
    order = SendMail.model_validate({**a_mail().model_dump(), "guard_of_tomorrow": "keep me"})
    house.carry_out(order, NOW + timedelta(hours=5))  # in the night
    ((held, _),) = house.queue.later
    assert held.model_dump()["guard_of_tomorrow"] == "keep me"


def test_a_mail_that_nobody_made_in_time_is_in_the_log_with_its_reason(house: House) -> None:
    skipped = SkipMail(
        send_key="birthday_offer:cust-asha:2027",
        campaign="birthday_offer",
        customer_id="cust-asha",
        reason="too_late",
    )
    order = a_mail(skipped.send_key, topic="offers", campaign="birthday_offer")
    house.carry_out(skipped, NOW)
    house.carry_out(skipped, NOW + MINUTE)
    entry = house.entry(order)
    assert (entry["mail_status"], entry["reason"], entry["campaign"]) == (
        "skipped",
        "too_late",
        "birthday_offer",
    )
    house.carry_out(order, NOW)
    assert house.ses.accepted == []


@pytest.mark.parametrize("status", ["sent", "cancelled", "sending"])
def test_what_became_of_a_mail_is_never_overwritten_by_its_being_left_out(house: House, status: str) -> None:
    order = a_mail()
    if status == "sent":
        house.carry_out(order, NOW)
    elif status == "cancelled":
        house.carry_out(a_cancellation(), NOW)
    else:
        plan = engagement_plan().delivery
        log = house.worker().log
        log.claim(about(order, plan, NOW), claim_id="other", now=NOW, lease=plan.claim_lease)
    skipped = SkipMail(
        send_key=order.send_key, campaign="cart_nudge", customer_id="cust-asha", reason="too_late"
    )
    house.carry_out(skipped, NOW)
    assert house.status(order) == status
