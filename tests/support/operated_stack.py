"""A stack called rishta that CloudFormation knows, for the commands that operators type."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import boto3
import time_machine
from moto import mock_aws
from typer import Typer
from typer.testing import CliRunner, Result

from local_cloud.template import read_template
from rishta_cli.operating import commands, dead_letter_queue
from rishta_cli.project import LOCAL_PARAMETERS, ROOT
from rishta_cli.stacks import Resource, Stack
from shop_facts import NOW

DOMAIN = "shop.example.com"
_BUCKET = "templates"
_FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:rishta-sweep:live"
_TABLES = ("CampaignStatesTable", "MailCountersTable")
_QUEUES = {
    "Resources": {
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "RedrivePolicy": {
                    "deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]},
                    "maxReceiveCount": 5,
                }
            },
        },
        "DeadLetterQueue": {"Type": "AWS::SQS::Queue"},
    },
    "Outputs": {"QueueArn": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}}},
}


class Ses:
    """Of SESv2 what moto does not play. All is well until a test says otherwise."""

    def __init__(self) -> None:
        quota = {"SentLast24Hours": 12.0, "Max24HourSend": 50_000.0, "MaxSendRate": 14.0}
        self.account: dict[str, Any] = {
            "SendingEnabled": True,
            "ProductionAccessEnabled": True,
            "SendQuota": quota,
        }
        self.identity: dict[str, Any] = {
            "VerifiedForSendingStatus": True,
            "DkimAttributes": {"Status": "SUCCESS", "SigningEnabled": True},
            "MailFromAttributes": {
                "MailFromDomain": f"bounces.{DOMAIN}",
                "MailFromDomainStatus": "SUCCESS",
            },
        }
        self.destination: dict[str, Any] = {
            "Enabled": True,
            "EventBridgeDestination": {"EventBusArn": "default"},
            "MatchingEventTypes": ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "OPEN"],
        }

    def get_account(self) -> dict[str, Any]:
        return self.account

    def get_email_identity(self, **_: str) -> dict[str, Any]:
        return self.identity

    def get_configuration_set_event_destinations(self, **_: str) -> dict[str, Any]:
        return {"EventDestinations": [self.destination]}


@contextmanager
def operated_stack(resources: Mapping[str, Any] | None = None) -> Iterator[Stack]:
    """With CartNudgesQueue as the template has it, nested, and these resources besides. No poll waits."""
    with (
        mock_aws(),
        time_machine.travel(NOW),
        patch.object(dead_letter_queue, "LONG_POLL", 0),
    ):
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=_BUCKET)
        s3.put_object(Bucket=_BUCKET, Key="queue.json", Body=json.dumps(_QUEUES))
        nested = {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": f"https://s3.amazonaws.com/{_BUCKET}/queue.json"},
        }
        template = {"Resources": {"CartNudgesQueue": nested, **(resources or {})}}
        boto3.client("cloudformation").create_stack(StackName="rishta", TemplateBody=json.dumps(template))
        yield Stack.deployed("rishta")


@contextmanager
def watched_stack() -> Iterator[tuple[Stack, Ses]]:
    """With all that `rishta status` and `rishta config check` look at. moto's CloudFormation knows no schedules, alarms
    and identities: they are made by their own calls, and the stack is said to have them.
    """
    declared = read_template(ROOT / "template.yaml", LOCAL_PARAMETERS).template["Resources"]
    made: dict[str, Any] = {
        name: {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                key: declared[name]["Properties"][key]
                for key in ("BillingMode", "AttributeDefinitions", "KeySchema")
            },
        }
        for name in _TABLES
    }
    made["AlarmTopic"] = {"Type": "AWS::SNS::Topic"}
    made["LogGroup"] = {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {"LogGroupName": "/rishta/rishta", "RetentionInDays": 30},
    }
    ses = Ses()
    with operated_stack(made) as deployed:
        stack = replace(deployed, resources={**deployed.resources, **_besides()})
        client = Stack.client
        with (
            patch.object(Stack, "deployed", lambda *_, **__: stack),
            patch.object(
                Stack, "client", lambda self, service: ses if service == "sesv2" else client(self, service)
            ),
        ):
            yield stack, ses


def _besides() -> dict[str, Resource]:
    boto3.client("scheduler").create_schedule(
        Name="rishta-sweep-every-5",
        ScheduleExpression="cron(0/5 * * * ? *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": _FUNCTION, "RoleArn": "arn:aws:iam::123456789012:role/sweep"},
    )
    boto3.client("cloudwatch").put_metric_alarm(
        AlarmName="rishta-failed",
        AlarmDescription="A message failed.",
        Namespace="rishta",
        MetricName="MessagesFailed",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    for name in ("hash-key", "signing-keys"):
        boto3.client("ssm").put_parameter(Name=f"/rishta/{name}", Value="secret", Type="SecureString")
    return {
        "SweepFunction": Resource("AWS::Lambda::Function", "rishta-sweep"),
        "SweepFunctionEveryFiveMinutes": Resource("AWS::Scheduler::Schedule", "rishta-sweep-every-5"),
        "FailedAlarm": Resource("AWS::CloudWatch::Alarm", "rishta-failed"),
        "SenderDomainIdentity": Resource("AWS::SES::EmailIdentity", DOMAIN),
        "MailConfigurationSet": Resource("AWS::SES::ConfigurationSet", "rishta-mail"),
    }


def rishta(*words: str) -> Result:
    """An operator's command, as it is typed."""
    app = Typer()
    commands.mount(app)
    return CliRunner().invoke(app, list(words))
