"""`rishta config check`, as an operator types it: each thing that is not as it must be is named, with what to do."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import ClientError

from operated_stack import DOMAIN, Ses, rishta, watched_stack
from rishta_cli.operating import config_checking
from rishta_cli.operating.sending import sending_faults
from rishta_cli.stacks import Resource, Stack


@pytest.fixture
def watched() -> Iterator[tuple[Stack, Ses]]:
    with watched_stack() as (stack, ses), patch.object(config_checking, "concurrency", lambda _: 1000):
        boto3.client("sns").subscribe(
            TopicArn=stack.physical_id("AlarmTopic"), Protocol="email", Endpoint="ops@shop.example.com"
        )
        yield stack, ses


@pytest.fixture
def stack(watched: tuple[Stack, Ses]) -> Stack:
    return watched[0]


@pytest.fixture
def ses(watched: tuple[Stack, Ses]) -> Ses:
    return watched[1]


def check() -> Any:
    return rishta("config", "check", "--stack", "rishta")


def test_a_stack_that_has_all_it_needs_is_well(stack: Stack) -> None:
    done = check()
    assert done.exit_code == 0, done.output
    assert "✓ secrets" in done.output
    assert f"dig +short TXT _dmarc.{DOMAIN}" in done.output
    assert done.output.splitlines()[-1] == "All is well."


def test_a_missing_secret_is_named_with_who_makes_it(stack: Stack) -> None:
    boto3.client("ssm").delete_parameter(Name="/rishta/hash-key")
    done = check()
    assert done.exit_code == 1
    assert "✗ secrets" in done.output
    assert "/rishta/hash-key is missing; KeyRotationFunction makes it" in done.output


def test_a_secret_that_lies_open_is_named(stack: Stack) -> None:
    ssm = boto3.client("ssm")
    ssm.delete_parameter(Name="/rishta/signing-keys")
    ssm.put_parameter(Name="/rishta/signing-keys", Value="open", Type="String")
    assert "/rishta/signing-keys is not a SecureString" in check().output


def test_a_broken_plan_is_named_with_its_fault(stack: Stack) -> None:
    boto3.client("ssm").put_parameter(
        Name="/rishta/engagement-plan", Value="shop: 7", Type="String", Overwrite=True
    )
    done = check()
    assert done.exit_code == 1
    assert "engagement plan: the published plan is refused (published plan:1: " in done.output


@pytest.mark.parametrize(
    ("part", "told", "said"),
    [
        ("identity", {"VerifiedForSendingStatus": False}, f"{DOMAIN} is not proven to be yours"),
        ("identity", {"DkimAttributes": {"Status": "PENDING"}}, f"DKIM of {DOMAIN} is PENDING"),
        (
            "identity",
            {"DkimAttributes": {"Status": "SUCCESS", "SigningEnabled": False}},
            f"DKIM of {DOMAIN} is there and not used",
        ),
        (
            "identity",
            {"MailFromAttributes": {"MailFromDomain": "b.example.com", "MailFromDomainStatus": "FAILED"}},
            "bounces to b.example.com are FAILED",
        ),
        ("account", {"ProductionAccessEnabled": False}, "SES is in its sandbox"),
        ("account", {"SendingEnabled": False}, "SES takes no mail of this account"),
        ("destination", {"Enabled": False}, "rishta-mail tells nobody of bounce, complaint"),
        (
            "destination",
            {"MatchingEventTypes": ["SEND", "DELIVERY", "REJECT"]},
            "tells nobody of bounce, complaint:",
        ),
    ],
)
def test_what_ses_lacks_is_named(stack: Stack, ses: Ses, part: str, told: dict[str, Any], said: str) -> None:
    getattr(ses, part).update(told)
    (fault,) = sending_faults(stack)
    assert said in fault


def test_alarms_that_nobody_hears_are_named() -> None:
    with watched_stack() as (stack, _), patch.object(config_checking, "concurrency", lambda _: 1000):
        client = boto3.client("cloudwatch")
        client.disable_alarm_actions(AlarmNames=["rishta-failed"])
        done = check()
        assert (
            f"nobody is told: aws sns subscribe --topic-arn {stack.physical_id('AlarmTopic')}" in done.output
        )
        assert "rishta-failed rings and tells nobody" in done.output


def test_a_rule_that_is_switched_off_is_named(stack: Stack) -> None:
    client = boto3.client("events")
    client.create_event_bus(Name="rishta-shop")
    client.put_rule(Name="rishta-carts", EventBusName="rishta-shop", EventPattern="{}", State="DISABLED")
    rule = Resource("AWS::Events::Rule", "rishta-shop|rishta-carts")
    faults = config_checking.rule_faults(replace(stack, resources={"CartNudgesRule": rule}))
    assert list(faults) == ["CartNudgesRule is disabled: what the shop tells does not arrive"]


@pytest.mark.parametrize(("state", "faults"), [("Enabled", 0), ("Disabled", 1), ("Creating", 1)])
def test_a_queue_that_nobody_reads_is_named(stack: Stack, state: str, faults: int) -> None:
    class Lambda:
        def get_event_source_mapping(self, **_: str) -> dict[str, str]:
            return {"State": state}

    trigger = Resource("AWS::Lambda::EventSourceMapping", "a-uuid")
    with patch.object(Stack, "client", lambda *_: Lambda()):
        found = list(config_checking.trigger_faults(replace(stack, resources={"CartNudgesTrigger": trigger})))
    assert len(found) == faults
    assert all(fault.startswith(f"CartNudgesTrigger is {state}") for fault in found)


def test_a_stack_without_alarms_is_named(stack: Stack) -> None:
    resources = {name: each for name, each in stack.resources.items() if name != "FailedAlarm"}
    assert list(config_checking.alarm_faults(replace(stack, resources=resources))) == [
        "there are none: deploy with Alarms=on for a shop that earns money"
    ]


def test_a_log_that_keeps_everything_is_named(stack: Stack) -> None:
    boto3.client("logs").delete_retention_policy(logGroupName="/rishta/rishta")
    assert "/rishta/rishta keeps everything for ever" in check().output


def test_an_account_that_runs_few_functions_at_a_time_is_named(stack: Stack) -> None:
    with patch.object(config_checking, "concurrency", lambda _: 10):
        assert "this account runs 10 functions at a time" in check().output


def test_what_may_not_be_looked_at_hides_nothing_else(stack: Stack) -> None:
    def refused(_: Stack) -> int:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not allowed"}}, "GetAccountSettings")

    with patch.object(config_checking, "concurrency", refused):
        boto3.client("ssm").delete_parameter(Name="/rishta/hash-key")
        done = check()
    assert done.exit_code == 1
    assert "room to grow: cannot be looked at: An error occurred (AccessDenied)" in done.output
    assert "/rishta/hash-key is missing" in done.output
