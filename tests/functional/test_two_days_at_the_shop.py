"""The story that `make demo` tells, and what every function touched while it was told."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from in_the_cloud import stride
from local_cloud.cloud import LocalCloud
from local_cloud.managed_policies import MANAGED_POLICIES
from local_cloud.permissions import covers
from rishta_cli.demo.customers import CUSTOMERS, END, START
from rishta_cli.demo.ending import outcomes, report
from rishta_cli.demo.inbox import inbox_page
from rishta_cli.demo.story import play
from rishta_cli.project import rooms
from shop_facts import days

# Granted by policies of AWS's that SAM gives every function: it may write logs and traces, which nothing here calls.
# FunctionsBoundary leaves of them the logs of this stack, and traces where they are wanted.
OF_AWS = {action for actions in MANAGED_POLICIES.values() for action in actions}


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
        assert json.dumps(customer["customer_id"]) not in written


def test_no_log_line_has_a_code_or_a_token_that_somebody_could_use(cloud: LocalCloud) -> None:
    written = "\n".join(line for _, line in cloud.logs)
    codes = {str(item["code"]) for item in cloud.table("OffersTable")}
    tokens = {token for mail in cloud.mails for token in re.findall(r"token=([\w.-]+)", mail.text)}
    assert codes
    assert tokens
    assert [secret for secret in codes | tokens if secret in written] == []


def test_a_log_line_says_which_field_of_a_poison_message_is_wrong(cloud: LocalCloud) -> None:
    written = [line for function, line in cloud.logs if function == "LoyaltyFactsFunction"]
    assert any("amount.amount_minor" in line and "amount.currency" in line for line in written)


def test_the_mailbox_page_shows_every_mail_and_runs_nothing(cloud: LocalCloud) -> None:
    page = inbox_page(cloud.mails)
    assert page.count("<iframe") == len(cloud.mails)
    assert page.count('sandbox srcdoc="') == len(cloud.mails)
    assert "<script" not in page


def test_every_grant_of_every_role_is_used(cloud: LocalCloud) -> None:
    """The other half, that nothing else is needed, holds by itself: the local cloud denies what is not granted."""
    assert cloud.now >= END
    for room in rooms():
        rare_events(room, cloud)
    cloud.settle()
    stride(cloud, days(2), every=timedelta(minutes=30))
    assert report(cloud)["skipped"]  # also of mails that were called off
    made = {(call.function, action, resource) for call in cloud.calls for action, resource in call.grants}
    unused = [
        f"{function}: {action} on {resource}"
        for function, spec in cloud.functions.items()
        for statement in spec.statements
        for action in sorted(set(statement["Action"]) - (OF_AWS if statement["Resource"] == ["*"] else set()))
        for resource in statement["Resource"]
        if not any(
            who == function and covers({**statement, "Action": [action], "Resource": [resource]}, did, what)
            for who, did, what in made
        )
    ]
    advice = "-> take the grant out, or let its use happen in tests/functional/<capability>/rare_events.py"
    assert not unused, "\n".join([*unused, advice])


def rare_events(room: str, cloud: LocalCloud) -> None:
    """What happens now and then in a capability and not in the two days, where it has such a story."""
    if (Path(__file__).parent / room / "rare_events.py").is_file():
        import_module(f"tests.functional.{room}.rare_events").happen(cloud)
