"""`rishta birthdays --on … --dry-run`: who would be mailed on a day, and why the others not, with nothing written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import botocore.client
import pytest
import time_machine
from moto import mock_aws
from typer.testing import CliRunner, Result

from engagement.campaign_states import CampaignStates
from engagement.mail_log import About, MailLog
from engagement.suppression import Suppression
from local_cloud.template import read_template
from occasion_house import plan_with
from occasion_world import OccasionWorld
from rishta_cli.main import app
from rishta_cli.project import ROOT, reach
from shop_facts import NOW, days

reach("mail_delivery", "occasion_offers")

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLES = (
    *("CampaignStatesTable", "ContactsTable", "CustomersTable", "MailLogTable", "OccasionsTable"),
    *("SuppressionTable", "TimeZonesTable"),
)
HASH_KEY = "a hash key of the tests, 32 bytes and more"


@dataclass
class Stack:
    client: "DynamoDBClient"
    tables: dict[str, str]

    def welcome(self, customer_id: str, told: str = "1990-02-28", **more: Any) -> None:
        OccasionWorld(self.client, self.tables, plan_with()).welcome(customer_id, told, now=NOW, **more)

    def everything(self) -> str:
        """All that is kept, to be compared."""
        return json.dumps([self.client.scan(TableName=name)["Items"] for name in self.tables.values()])


@pytest.fixture
def stack() -> Iterator[Stack]:
    """The tables that are read, of a stack called rishta that CloudFormation knows."""
    declared = read_template(ROOT / "template.yaml").template["Resources"]
    kept = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    resources: dict[str, Any] = {
        name: {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {key: value for key, value in declared[name]["Properties"].items() if key in kept},
        }
        for name in TABLES
    }
    resources["HashKeyParameter"] = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Name": "/rishta/hash-key", "Type": "String", "Value": HASH_KEY},
    }
    with mock_aws(), time_machine.travel(NOW, tick=False):
        cloudformation = boto3.client("cloudformation")
        cloudformation.create_stack(StackName="rishta", TemplateBody=json.dumps({"Resources": resources}))
        found = cloudformation.list_stack_resources(StackName="rishta")["StackResourceSummaries"]
        names = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}
        yield Stack(boto3.client("dynamodb"), {name: names[name] for name in TABLES})


def rishta(*words: str, stack: str = "rishta") -> Result:
    return CliRunner().invoke(app, [*words, "--stack", stack])


def birthdays(on: str = "2028-02-28") -> Result:
    done = rishta("birthdays", "--on", on, "--dry-run")
    assert done.exit_code == 0, done.output
    return done


def line_of(customer_id: str, done: Result) -> str:
    (line,) = [line for line in done.output.splitlines() if f" {customer_id} " in line]
    return line


def test_whoever_would_be_mailed_is_told_with_the_hour_and_the_offer(stack: Stack) -> None:
    stack.welcome("asha", tier="gold")
    stack.welcome("noah", profile={"time_zone": "America/New_York"})
    stack.welcome("tomorrow", "1990-03-01")
    done = birthdays("2027-02-28")
    assert "28 Feb 09:00 Asia/Kolkata" in line_of("asha", done)
    assert "25%" in line_of("asha", done)
    assert "28 Feb 09:00 America/New_York" in line_of("noah", done)
    assert "15%" in line_of("noah", done)
    assert "tomorrow" not in done.output
    assert "birthday_offer: 2 would be mailed; not mailed: nobody." in done.output


def test_of_everyone_else_with_that_date_it_says_why_not(stack: Stack) -> None:
    stack.welcome("new", since=NOW - days(1))
    stack.welcome("child", "2015-02-28")
    stack.welcome("quiet", topics=())
    stack.welcome("placeholder", "1970-02-28", refused="placeholder")
    stack.welcome("bounced", profile={"email": "gone@mail.example.com"})
    stack.welcome("mailed")
    Suppression(stack.client, stack.tables["SuppressionTable"], HASH_KEY.encode()).add(
        "gone@mail.example.com", "hard_bounce", NOW
    )
    about = About("birthday_offer:mailed:2027", "birthday_offer", "standard", "who", NOW + days(400))
    MailLog(stack.client, stack.tables["MailLogTable"]).skip(about, "too_late", NOW)
    done = birthdays("2027-02-28")
    for who, reason in {
        "new": "date_too_new",
        "child": "too_young",
        "quiet": "no_consent",
        "placeholder": "date_placeholder",
        "bounced": "suppressed",
        "mailed": "already_decided",
    }.items():
        assert reason in line_of(who, done)
    assert "birthday_offer: 0 would be mailed; not mailed: 1 " in done.output


def test_in_a_common_year_those_of_the_leap_day_are_told_on_the_28th_and_in_a_leap_year_on_their_own(
    stack: Stack,
) -> None:
    stack.welcome("leap", "--02-29")
    assert "15%" in line_of("leap", birthdays("2027-02-28"))
    assert "leap" not in birthdays("2028-02-28").output
    assert "15%" in line_of("leap", birthdays("2028-02-29"))


def test_a_paused_campaign_holds_its_mails(stack: Stack) -> None:
    stack.welcome("asha")
    CampaignStates(stack.client, stack.tables["CampaignStatesTable"]).pause("birthday_offer", "operator", NOW)
    assert "waits: campaign_paused" in line_of("asha", birthdays("2028-02-28"))


def test_anniversaries_are_told_by_their_own_campaign(stack: Stack) -> None:
    stack.welcome("asha", "2026-03-01", occasion="joining", profile={"birthday": None})
    done = rishta("anniversaries", "--on", "2027-03-01", "--dry-run")
    assert "₹200" in done.output
    assert "anniversary_offer: 0 would be mailed; not mailed: 1 not_this_year." in done.output
    assert rishta("occasion", "joining", "--on", "2027-03-01", "--dry-run").output == done.output


def test_nothing_is_written_whatever_is_found(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.welcome("asha")
    stack.welcome("quiet", topics=())
    before, called = stack.everything(), set()
    kind: Any = botocore.client.BaseClient
    call = kind._make_api_call

    def watched(self: Any, operation: str, request: Any) -> Any:
        called.add(operation)
        return call(self, operation, request)

    monkeypatch.setattr(kind, "_make_api_call", watched)
    birthdays("2027-02-28")
    monkeypatch.undo()
    assert called <= {
        "DescribeStacks",
        "ListStackResources",
        "GetParameter",
        "Query",
        "GetItem",
        "BatchGetItem",
    }
    assert stack.everything() == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["birthdays", "--on", "2027-02-28"], "add --dry-run"),
        (["birthdays", "--on", "28.2.2027", "--dry-run"], "does not match"),
        (["occasion", "wedding_day", "--on", "2027-02-28", "--dry-run"], "wedding_day"),
    ],
)
def test_what_cannot_be_told_is_said_so(stack: Stack, words: list[str], says: str) -> None:
    done = rishta(*words)
    assert done.exit_code == 2
    assert says in done.output


def test_a_stack_that_does_not_exist_is_said_so_in_a_line() -> None:
    with mock_aws():
        done = rishta("birthdays", "--on", "2027-02-28", "--dry-run", stack="rishti")
    assert done.exit_code == 1
    assert "rishti" in done.output
    assert "Traceback" not in done.output
