"""The story that `make demo` tells, and what every function touched while it was told."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from botocore.exceptions import ClientError

from local_cloud.cloud import AwsCall, LocalCloud
from local_cloud.permissions import covers
from rishta_cli.demo.ending import outcomes, report
from rishta_cli.demo.inbox import inbox_page
from rishta_cli.demo.story import CUSTOMERS, END, START, play
from shop_facts import days, erased, hours, order_placed, order_refunded, registered, rupees

# Granted by a policy of AWS's that SAM gives every function: it may write logs, which nothing here calls.
LOGGING = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    """After the two days, and after what follows that the demo leaves out."""
    with LocalCloud(now=START) as cloud:
        play(cloud)
        yield cloud


def test_the_story_ends_as_it_should(cloud: LocalCloud) -> None:
    assert [outcome for outcome in outcomes(report(cloud), cloud) if not outcome.as_told] == []


def test_no_send_key_is_mailed_twice(cloud: LocalCloud) -> None:
    keys = [mail["send_key"] for mail in report(cloud)["mails"]]
    assert len(keys) == len(set(keys)) > 0


def test_every_mail_can_be_left_with_one_click(cloud: LocalCloud) -> None:
    for mail in cloud.mails:
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(r"<https://[^<>@]+>", mail.headers["List-Unsubscribe"])


def test_no_log_line_tells_who_somebody_is(cloud: LocalCloud) -> None:
    assert cloud.logs
    written = "\n".join(line for _, line in cloud.logs)
    for customer in CUSTOMERS:
        for personal in (customer["email"], customer["name"], json.dumps(customer["name"])[1:-1]):
            assert personal not in written


def test_a_log_line_says_which_field_of_a_poison_message_is_wrong(cloud: LocalCloud) -> None:
    written = [line for function, line in cloud.logs if function == "LoyaltyAccrualFactsFunction"]
    assert any("amount.amount_minor" in line and "amount.currency" in line for line in written)


def test_the_mailbox_page_shows_every_mail_and_runs_nothing(cloud: LocalCloud) -> None:
    page = inbox_page(cloud.mails)
    assert page.count("<iframe") == len(cloud.mails)
    assert page.count('sandbox srcdoc="') == len(cloud.mails)
    assert "<script" not in page


def test_every_grant_of_every_role_is_used(cloud: LocalCloud) -> None:
    """The other half, that nothing else is needed, holds by itself: the local cloud denies what is not granted."""
    assert cloud.now >= END
    _rarer_things(cloud)
    made = {(call.function, action, resource) for call in cloud.calls for action, resource in call.grants}
    unused = []
    for function, spec in cloud.functions.items():
        for statement in spec.statements:
            for action in set(statement["Action"]) - LOGGING:
                for resource in statement["Resource"]:
                    only = {"Effect": "Allow", "Action": [action], "Resource": [resource]}
                    if not any(who == function and covers(only, did, what) for who, did, what in made):
                        unused.append(f"{function}: {action} on {resource}")
    assert unused == []


def _rarer_things(cloud: LocalCloud) -> None:
    """What happens now and then at a shop: a late order, a late refund, a crowded birthday, SES at its rate."""

    def tell(*facts: object) -> None:
        for fact in facts:
            cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))  # type: ignore[attr-defined]
        cloud.settle()

    tell(order_placed("order-late", customer_id="asha", cart_id="cart-asha", occurred_at=cloud.now))
    tell(order_refunded("order-lena", customer_id="lena", amount=rupees(22), occurred_at=cloud.now))
    tell(
        *(registered(f"cust-{number}", birthday="1990-03-02", occurred_at=cloud.now) for number in range(101))
    )
    with _ses_at_its_rate(cloud):
        cloud.advance(by=hours(20))
    cloud.advance(by=days(1))
    tell(erased("omar", occurred_at=cloud.now))


@contextmanager
def _ses_at_its_rate(cloud: LocalCloud) -> Iterator[None]:
    refusals = iter(range(1))

    def refuse(call: AwsCall, moment: Literal["before", "after"]) -> None:
        if call.operation == "SendEmail" and moment == "before" and next(refusals, None) is not None:
            told = {"Code": "TooManyRequestsException", "Message": "Maximum sending rate exceeded."}
            metadata = {
                "HTTPStatusCode": 429,
                "RequestId": "",
                "HostId": "",
                "HTTPHeaders": {},
                "RetryAttempts": 0,
            }
            raise ClientError({"Error": told, "ResponseMetadata": metadata}, "SendEmail")  # type: ignore[typeddict-item]

    cloud.faults.append(refuse)
    yield
    cloud.faults.remove(refuse)
