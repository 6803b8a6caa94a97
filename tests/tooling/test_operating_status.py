"""`rishta status`, as an operator types it: what is shown, and what wants attention."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import time_machine

from engagement.campaign_states import CampaignStates
from feedback_house import count_many
from operated_stack import Ses, rishta, watched_stack
from rishta_cli.operating.schedules import interval
from rishta_cli.saying import counted, lasting
from rishta_cli.stacks import Stack
from shop_facts import NOW


@pytest.fixture
def watched() -> Iterator[tuple[Stack, Ses]]:
    with watched_stack() as watched:
        tell_cloudwatch("AWS/Lambda", "Invocations", 1, FunctionName="rishta-sweep")
        yield watched


@pytest.fixture
def stack(watched: tuple[Stack, Ses]) -> Stack:
    return watched[0]


@pytest.fixture
def ses(watched: tuple[Stack, Ses]) -> Ses:
    return watched[1]


def tell_cloudwatch(namespace: str, name: str, value: float, *, ago: int = 5, **dimensions: str) -> None:
    boto3.client("cloudwatch").put_metric_data(
        Namespace=namespace,
        MetricData=[
            {
                "MetricName": name,
                "Value": value,
                "Timestamp": datetime.now(UTC) - timedelta(minutes=ago),
                "Dimensions": [{"Name": key, "Value": of} for key, of in dimensions.items()],
            }
        ],
    )


def status() -> Any:
    return rishta("status", "--stack", "rishta")


def test_a_stack_that_does_well_says_so_in_its_last_line(stack: Stack) -> None:
    tell_cloudwatch("rishta", "MailsSent", 12, service="rishta")
    tell_cloudwatch("rishta", "CartsRecovered", 3, service="rishta")
    done = status()
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "All is well."
    assert "1 of 1 queues are empty" in done.output
    assert "Engagement plan: as deployed; none is published." in done.output
    assert "MailsSent 12" in done.output
    assert "CartsRecovered 3" in done.output


def test_dead_letters_are_shown_with_the_command_that_looks_at_them(stack: Stack) -> None:
    queue = stack.queues()["CartNudgesQueue"]
    for _ in range(2):
        boto3.client("sqs").send_message(QueueUrl=queue.dead_letters_url, MessageBody="{}")
    done = status()
    assert done.exit_code == 1
    assert "One thing wants attention:" in done.output
    assert "CartNudgesQueue has 2 dead letters: rishta redrive CartNudgesQueue --stack rishta" in done.output


def test_a_message_that_waits_too_long_is_named(stack: Stack) -> None:
    queue = stack.queues()["CartNudgesQueue"]
    boto3.client("sqs").send_message(QueueUrl=queue.url, MessageBody="{}")
    name = queue.url.rsplit("/", 1)[-1]
    tell_cloudwatch("AWS/SQS", "ApproximateAgeOfOldestMessage", 7200, QueueName=name)
    done = status()
    assert done.exit_code == 1
    assert "CartNudgesQueue: its oldest message waits since 2 h ago." in done.output


def test_a_paused_campaign_is_named_with_its_reason_and_the_days_numbers_are_shown(stack: Stack) -> None:
    client = boto3.client("dynamodb")
    states = CampaignStates(client, stack.physical_id("CampaignStatesTable"))
    states.pause("cart_nudge", "complaints", NOW)
    counters = stack.physical_id("MailCountersTable")
    count_many(client, counters, 40, "sent", day=NOW.date(), variant="standard", shard=2)
    done = status()
    assert done.exit_code == 1
    assert (
        "cart_nudge is paused (complaints) since 2027-03-01 12:00 UTC: rishta resume cart_nudge --stack rishta"
        in done.output
    )
    (row,) = [line for line in done.output.splitlines() if line.strip().startswith("cart_nudge  ")]
    assert row.split()[1] == "40"


def test_a_broken_published_plan_is_said(stack: Stack) -> None:
    boto3.client("ssm").put_parameter(
        Name="/rishta/engagement-plan", Value="shop: [", Type="String", Overwrite=True
    )
    done = status()
    assert done.exit_code == 1
    assert "The published plan is refused, the last good one goes on" in done.output


def test_a_schedule_that_stands_still_is_named_and_a_new_one_is_not(stack: Stack) -> None:
    assert "did not run" not in status().output
    with time_machine.travel(NOW + timedelta(hours=1)):
        done = status()
    assert done.exit_code == 1
    assert "SweepFunction did not run when it should (cron(0/5 * * * ? *))" in done.output


def test_a_schedule_that_is_switched_off_is_named(stack: Stack) -> None:
    client = boto3.client("scheduler")
    kept = client.get_schedule(Name="rishta-sweep-every-5")
    names = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")
    client.update_schedule(**{name: kept[name] for name in names}, State="DISABLED")
    assert "The schedule of SweepFunction is switched off." in status().output


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"SendingEnabled": False}, "SES takes no mail of this account at present"),
        ({"EnforcementStatus": "PROBATION"}, "SES has this account under review"),
        ({"ProductionAccessEnabled": False}, "SES is in its sandbox"),
        (
            {"SendQuota": {"SentLast24Hours": 801.0, "Max24HourSend": 1000.0, "MaxSendRate": 1.0}},
            "SES's quota is nearly used (801 of 1000 in 24 hours)",
        ),
    ],
)
def test_what_ses_says_of_the_account_is_said(ses: Ses, told: dict[str, Any], said: str) -> None:
    ses.account |= told
    done = status()
    assert done.exit_code == 1
    assert said in done.output


def test_an_alarm_that_rings_is_shown_with_what_it_says(stack: Stack) -> None:
    (alarm,) = stack.of_type("AWS::CloudWatch::Alarm").values()
    boto3.client("cloudwatch").set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="a test")
    done = status()
    assert done.exit_code == 1
    assert f"The alarm {alarm} rings: A message failed." in done.output


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 day)", timedelta(days=1)),
        ("rate(15 minutes)", timedelta(minutes=15)),
        ("cron(0/5 * * * ? *)", timedelta(minutes=5)),
        ("cron(20 * * * ? *)", timedelta(hours=1)),
        ("cron(0 6 * * ? *)", None),
    ],
)
def test_the_interval_of_a_schedule_is_read_from_its_expression(
    expression: str, expected: timedelta | None
) -> None:
    assert interval(expression) == expected


def test_spans_and_numbers_are_said_as_people_say_them() -> None:
    spans = [timedelta(seconds=40), timedelta(minutes=3), timedelta(hours=5), timedelta(days=2, hours=3)]
    assert [lasting(span) for span in spans] == ["40 s", "3 min", "5 h", "2 days"]
    assert (counted(1, "dead letter"), counted(2, "dead letter")) == ("1 dead letter", "2 dead letters")
