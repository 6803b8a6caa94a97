"""What was deployed is the built template, all of it but what is listed with a reason."""

import json
from typing import Any

import pytest

from local_cloud.template import load_template
from ministack_local.deployment import Deployment
from ministack_local.packaging import BUILD, CHANGES, Change


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    return load_template(BUILD / "template.yaml")


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_what_is_changed_is_still_there_to_be_changed(change: Change, built: dict[str, Any]) -> None:
    assert change.change(json.loads(json.dumps(built))), (
        f"{change.what}: there is none any more; take it off CHANGES"
    )
    assert change.why


def test_every_other_resource_was_made(deployment: Deployment, built: dict[str, Any]) -> None:
    left_out = {"ShopArchive"}
    wanted = {
        name
        for name, each in built["Resources"].items()
        if each["Type"] not in ("AWS::Serverless::LayerVersion", "AWS::Budgets::Budget")
    }
    assert wanted - deployment.resources.keys() == left_out


def test_every_alarm_of_every_nested_stack_was_made(deployment: Deployment) -> None:
    pages = deployment.client("cloudwatch").get_paginator("describe_alarms").paginate()
    made = {alarm["AlarmName"] for page in pages for alarm in page["MetricAlarms"]}
    declared = {name for name in deployment.resources if name.endswith("Alarm")}
    assert len(made) == len(declared) > 100


def test_logs_end(deployment: Deployment) -> None:
    groups = deployment.client("logs").describe_log_groups()["logGroups"]
    assert {group["logGroupName"]: group.get("retentionInDays") for group in groups} == {
        "/rishta/rishta": 30,
        "/rishta/rishta/pages": 30,
    }


def test_the_secrets_are_encrypted(deployment: Deployment) -> None:
    found = deployment.client("ssm").describe_parameters()["Parameters"]
    assert {each["Name"]: each["Type"] for each in found} == {
        "/rishta/hash-key": "SecureString",
        "/rishta/signing-keys": "SecureString",
    }
