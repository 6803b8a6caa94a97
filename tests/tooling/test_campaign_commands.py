"""`rishta campaign`, and what `rishta resume` keeps, as an operator types them, against a stack."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import boto3
import pytest
import time_machine
from moto import mock_aws
from typer.testing import CliRunner, Result

from engagement.campaign_states import CampaignStates
from feedback_house import TODAY, count_many
from local_cloud.template import read_template
from rishta_cli.campaigns import share
from rishta_cli.main import app
from rishta_cli.project import ROOT
from shop_facts import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLES = ("CampaignStatesTable", "MailCountersTable")


@dataclass
class Stack:
    client: "DynamoDBClient"
    names: dict[str, str]

    @property
    def states(self) -> CampaignStates:
        return CampaignStates(self.client, self.names["CampaignStatesTable"])

    def count(
        self, number: int, *facts: str, day: date = TODAY, variant: str = "standard", shard: int = 0
    ) -> None:
        table = self.names["MailCountersTable"]
        count_many(self.client, table, number, *facts, day=day, variant=variant, shard=shard)


@pytest.fixture
def stack() -> Iterator[Stack]:
    """The two tables, of a stack called rishta that CloudFormation knows."""
    declared = read_template(ROOT / "template.yaml").template["Resources"]
    # Not SSESpecification: moto would make a real key for it.
    resources = {
        name: {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                key: declared[name]["Properties"][key]
                for key in ("BillingMode", "AttributeDefinitions", "KeySchema")
            },
        }
        for name in TABLES
    }
    with mock_aws(), time_machine.travel(NOW, tick=False):
        cloudformation = boto3.client("cloudformation")
        cloudformation.create_stack(StackName="rishta", TemplateBody=json.dumps({"Resources": resources}))
        found = cloudformation.list_stack_resources(StackName="rishta")["StackResourceSummaries"]
        names = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}
        yield Stack(boto3.client("dynamodb"), names)


def rishta(*words: str, stack: str = "rishta") -> Result:
    return CliRunner().invoke(app, [*words, "--stack", stack])


def test_listing_says_which_campaigns_run_and_why_others_do_not(stack: Stack) -> None:
    stack.states.pause("cart_nudge", "complaints", NOW)
    done = rishta("campaign", "list")
    assert done.exit_code == 0, done.output
    (paused,) = [line for line in done.output.splitlines() if "cart_nudge" in line]
    assert "paused: complaints" in paused
    assert "2027-03-01 12:00 UTC" in paused
    assert done.output.count("running") == 7
    (lowered,) = [line for line in done.output.splitlines() if "tier_lowered" in line]
    assert "off in the plan" in lowered
    assert "loyalty" not in done.output  # sends no mail


def test_resuming_remembers_what_was_counted_so_far(stack: Stack) -> None:
    stack.count(1000, "sent", shard=3)
    stack.count(9, "complained", shard=5)
    stack.count(20, "sent", variant="bold")
    stack.states.pause("cart_nudge", "complaints", NOW)
    assert rishta("resume", "cart_nudge").exit_code == 0
    state = stack.states.get("cart_nudge")
    assert state.baseline == {TODAY: {"sent": 1020, "complained": 9}}
    assert state.resumed_at == NOW


def test_the_report_adds_the_shards_up_and_shows_shares_of_the_mails_sent(stack: Stack) -> None:
    stack.count(600, "sent", "delivered", shard=1)
    stack.count(400, "sent", shard=15)
    stack.count(3, "complained")
    stack.count(250, "opened_by_proxy")
    stack.count(7, "sent", "clicked", day=date(2027, 2, 27), variant="bold")
    stack.count(5, "sent", day=date(2027, 1, 1))
    done = rishta("campaign", "report", "cart_nudge")
    assert done.exit_code == 0, done.output
    for shown in ("2027-03-01", "1000", "600", "60.00 %", "0.30 %", "250", "bold", "100.00 %", "2027-02-27"):
        assert shown in done.output, done.output
    assert "2027-01-01" not in done.output
    assert "2027-01-01" in rishta("campaign", "report", "cart_nudge", "--days", "60").output


def test_the_report_of_all_campaigns_names_those_that_sent_nothing(stack: Stack) -> None:
    stack.count(1, "sent")
    done = rishta("campaign", "report")
    assert "birthday_offer: no mail was sent since 2027-02-16." in done.output
    assert "cart_nudge" in done.output


@pytest.mark.parametrize("command", ["pause", "resume", "campaign report"])
def test_a_campaign_that_the_plan_does_not_have_is_refused(stack: Stack, command: str) -> None:
    done = rishta(*command.split(), "cart_nudges")
    assert done.exit_code == 2
    assert (
        "birthday_offer, first_anniversary_offer, anniversary_offer, cart_nudge, review_request"
        in done.output
    )


@pytest.mark.parametrize(
    "typed", ["campaign list", "campaign report", "pause cart_nudge", "resume cart_nudge"]
)
def test_a_stack_that_does_not_exist_is_said_so_in_a_line(stack: Stack, typed: str) -> None:
    done = rishta(*typed.split(), stack="rishti")
    assert done.exit_code == 1
    assert "rishti" in done.output
    assert "Traceback" not in done.output


def test_of_nothing_there_is_no_share() -> None:
    assert share(0, 0) == "–"
    assert share(1, 3) == "33.33 %"
