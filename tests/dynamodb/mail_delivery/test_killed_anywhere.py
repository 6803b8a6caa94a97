"""One mail on the real engine, with trouble before or after every AWS call, and then delivered again."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any, Literal

import pytest
from botocore.exceptions import ClientError

from engagement.errors import RetryLaterError
from engagement.items import to_item
from engagement.mail_orders import SendMail
from engagement.plan import engagement_plan
from engagement.profiles import profile_attributes
from mail_facts import a_cancellation, a_mail
from mail_house import FakeSes, House, Kill, Trouble, broken, throttled, unanswered
from shop_facts import NOW, a_profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = timedelta(minutes=1)
# consumer_queue.yaml as MailQueue has it: visible again after 6 minutes, dead after 5 receives.
RECEIVES = [NOW + number * 6 * MINUTE for number in range(5)]
# SQS may hand a message out twice at once.
HASTY_RECEIVES = [NOW, *RECEIVES]
Kind = Literal["marketing", "transactional"]


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    names = ("MailLogTable", "CustomersTable", "ConsentTable", "SuppressionTable")
    house = House(dynamodb, {name: dynamodb_table(name) for name in names}, FakeSes())
    profile = to_item(profile_attributes(a_profile()))
    dynamodb.put_item(TableName=house.tables["CustomersTable"], Item=profile)
    house.worker().consent.record("cust-asha", ["reminders"], granted=True, changed_at=NOW - MINUTE)
    return house


CALLS = ["put_item", "get_item", "get_item", "get_item", "send_email", "update_item"]
SES_CALL = CALLS.index("send_email") + 1


def troubles() -> Iterator[Trouble]:
    for at in range(1, len(CALLS) + 1):
        for lasting in (False, True):
            for error in (throttled, broken, unanswered, Kill):
                yield Trouble(at, "before", error, lasting)
            for error in (unanswered, Kill):
                yield Trouble(at, "after", error, lasting)


def test_a_delivered_mail_takes_six_calls(house: House) -> None:
    trouble = Trouble()
    assert house.deliver(a_mail(), trouble, RECEIVES)
    assert trouble.calls == CALLS
    assert house.status(a_mail()) == "sent"


@pytest.mark.parametrize("receives", [RECEIVES, HASTY_RECEIVES], ids=["after_the_lease", "at_once"])
def test_marketing_comes_at_most_once_and_is_lost_only_as_unknown(
    house: House, receives: list[datetime]
) -> None:
    for number, trouble in enumerate(troubles()):
        order = a_mail(f"cart_nudge:cart-{number}:step-1")
        house.ses.accepted.clear()
        assert house.deliver(order, trouble, receives), trouble
        status = house.status(order)
        assert len(house.ses.accepted) <= 1, trouble
        assert house.ses.accepted or status == "unknown", (trouble, status)
        assert status in {"sent", "unknown", "sending"}, (trouble, status)
        # `sending` for ever: SES took it, and then the table was away.
        assert status != "sending" or trouble.at == len(CALLS), (trouble, status)


def test_a_single_error_of_dynamodb_loses_no_mail(house: House) -> None:
    for number, trouble in enumerate(troubles()):
        if trouble.error is Kill or trouble.lasting or trouble.at == SES_CALL:
            continue
        house.ses.accepted.clear()
        order = a_mail(f"cart_nudge:cart-{number}:step-1")
        assert house.deliver(order, trouble, RECEIVES), trouble
        assert len(house.ses.accepted) == 1, trouble


def test_a_throttle_of_ses_loses_no_mail(house: House) -> None:
    assert house.deliver(a_mail(), Trouble(SES_CALL), RECEIVES, troubled=4)
    assert len(house.ses.accepted) == 1
    assert house.status(a_mail()) == "sent"


@pytest.mark.parametrize("receives", [RECEIVES, HASTY_RECEIVES], ids=["after_the_lease", "at_once"])
def test_transactional_mail_comes_at_least_once(house: House, receives: list[datetime]) -> None:
    for number, trouble in enumerate(troubles()):
        order = a_mail(f"order_receipt:order-{number}:paid", campaign="cart_nudge", kind="transactional")
        house.ses.accepted.clear()
        assert house.deliver(order, trouble, receives), trouble
        assert 1 <= len(house.ses.accepted) <= 2, trouble
        ambiguous = trouble.at >= SES_CALL and trouble.moment == "after"
        killed_later = trouble.at > SES_CALL and trouble.error is Kill
        assert len(house.ses.accepted) == 1 or ambiguous or killed_later, trouble


def test_trouble_at_two_deliveries_in_a_row_never_mails_twice(house: House) -> None:
    for number, trouble in enumerate(troubles()):
        house.ses.accepted.clear()
        order = a_mail(f"cart_nudge:cart-{number}:step-1")
        house.deliver(order, trouble, RECEIVES, troubled=2)
        assert len(house.ses.accepted) <= 1, trouble


def test_a_killed_workers_mail_is_settled_by_the_second_receive() -> None:
    function_timeout, visibility = 1 * MINUTE, 6 * MINUTE
    lease = engagement_plan().delivery.claim_lease
    assert function_timeout < lease
    assert function_timeout + lease < visibility


def test_of_many_workers_on_one_send_key_one_asks_ses(house: House) -> None:
    workers = 8
    start = Barrier(workers)

    def carry_out(order: SendMail) -> None:
        worker = house.worker()
        start.wait()
        with suppress(RetryLaterError):
            worker.carry_out(order, NOW)

    for number in range(5):
        order = a_mail(f"cart_nudge:cart-{number}:step-1")
        house.ses.accepted.clear()
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(carry_out, [order] * workers))
        assert len(house.ses.accepted) == 1


@pytest.mark.parametrize("kind", ["marketing", "transactional"])
def test_of_many_workers_that_find_a_dead_ones_claim_one_takes_it_over_at_most(
    house: House, kind: Kind
) -> None:
    order = a_mail(kind=kind)
    with suppress(Kill):
        house.worker(Trouble(SES_CALL, error=Kill)).carry_out(order, NOW)
    start = Barrier(8)

    def carry_out(_: int) -> None:
        worker = house.worker()
        start.wait()
        with suppress(RetryLaterError):
            worker.carry_out(order, NOW + 6 * MINUTE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(carry_out, range(8)))
    assert len(house.ses.accepted) == (1 if kind == "transactional" else 0)


def test_a_mail_called_off_first_never_leaves(house: House) -> None:
    house.worker().carry_out(a_cancellation(), NOW)
    assert house.deliver(a_mail(), Trouble(), RECEIVES)
    assert house.ses.accepted == []
    assert house.status(a_mail()) == "cancelled"


def test_a_mail_called_off_while_ses_does_not_take_it_never_leaves(house: House) -> None:
    """The cancellation comes between the claim and its return, when there is a claim but no mail yet."""

    class CancelsMeanwhile(FakeSes):
        def send_email(self, **request: Any) -> dict[str, str]:
            other.carry_out(a_cancellation(), NOW)
            raise throttled()

    other = house.worker()
    accepting, house.ses = house.ses, CancelsMeanwhile()
    with pytest.raises(RetryLaterError):
        house.worker().carry_out(a_mail(), NOW)
    house.ses = accepting
    assert house.deliver(a_mail(), Trouble(), RECEIVES)
    assert house.ses.accepted == []
    assert house.status(a_mail()) == "cancelled"


def test_a_cancellation_changes_nothing_about_a_mail_that_left(house: House) -> None:
    assert house.deliver(a_mail(), Trouble(), RECEIVES)
    house.worker().carry_out(a_cancellation(), NOW)
    assert house.status(a_mail()) == "sent"


def test_a_refused_mail_is_skipped_for_good(house: House) -> None:
    class Refuses(FakeSes):
        def send_email(self, **request: Any) -> dict[str, str]:
            self.accepted.append("asked")
            answer: Any = {"Error": {"Code": "MessageRejected", "Message": "Bad content"}}
            raise ClientError(answer, "SendEmail")

    house.ses = Refuses()
    assert house.deliver(a_mail(), Trouble(), [NOW])
    assert house.deliver(a_mail(), Trouble(), [NOW])
    assert house.ses.accepted == ["asked"]
    assert house.status(a_mail()) == "skipped"
