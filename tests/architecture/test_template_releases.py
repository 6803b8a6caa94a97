"""A release takes over step by step: every change publishes a version, and everything calls a function by its alias."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local_cloud.template import read_template
from rishta_cli.project import ROOT
from tests.architecture.source_code import assert_none
from tests.architecture.stack import FUNCTIONS_IN_TEMPLATE, RESOURCES, logical_id, of_type

type Resources = dict[str, dict[str, Any]]
type Released = dict[str, str]
_ALARMS = of_type("AWS::CloudWatch::Alarm")
_LAYERS = ("layers/dependencies", "layers/engagement")


def _released(resources: Resources) -> Released:
    """Of each function what makes CloudFormation publish: the version's logical id, and its description, which it
    cannot change without replacing the version."""
    return {
        resource["Properties"]["FunctionName"][
            "Ref"
        ]: f"{name} {json.dumps(resource['Properties']['Description'])}"
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::Version"
    }


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Released]:
    """The release of a template in which something was written differently."""

    def change(was: str, becomes: str) -> Released:
        text = (ROOT / "template.yaml").read_text(encoding="utf-8")
        assert was in text
        shutil.copytree(ROOT / "infra" / "stacks", tmp_path / "infra" / "stacks", dirs_exist_ok=True)
        (tmp_path / "template.yaml").write_text(text.replace(was, becomes, 1), encoding="utf-8")
        return _released(read_template(tmp_path / "template.yaml").template["Resources"])

    return change


@pytest.fixture
def unchanged(changed: Callable[[str, str], Released]) -> Released:
    return changed("Transform: AWS", "Transform: AWS")


@pytest.mark.parametrize("layer", _LAYERS)
def test_a_change_to_a_layer_alone_releases_every_function(
    layer: str, changed: Callable[[str, str], Released], unchanged: Released
) -> None:
    after = changed(f"ContentUri: {layer}\n", f"ContentUri: {layer}-changed\n")
    assert after.keys() == unchanged.keys() == FUNCTIONS_IN_TEMPLATE.keys()
    assert_none(
        (name for name in after if after[name] == unchanged[name]), "VersionDescription: name both layers"
    )


def test_a_change_to_a_rooms_code_releases_its_functions_alone(
    changed: Callable[[str, str], Released], unchanged: Released
) -> None:
    after = changed("CodeUri: functions/customer_profiles/", "CodeUri: functions/customer_profiles_changed/")
    assert {name for name in after if after[name] != unchanged[name]} == {"CustomerProfilesFactsFunction"}


def test_a_change_to_what_all_share_releases_every_function(
    changed: Callable[[str, str], Released], unchanged: Released
) -> None:
    after = changed("POWERTOOLS_LOG_LEVEL: INFO", "POWERTOOLS_LOG_LEVEL: DEBUG")
    assert_none(
        (name for name in after if after[name] == unchanged[name]), "AutoPublishAliasAllProperties: true"
    )


def test_a_version_is_described_within_what_lambda_takes() -> None:
    """256 characters, of which a layer's ARN is some ninety."""
    longest = "arn:aws-us-gov:lambda:ap-southeast-2:123456789012:layer:DependenciesLayer:10000"
    for name, version in of_type("AWS::Lambda::Version").items():
        layers = version["Description"]["Fn::Sub"].split()
        assert [RESOURCES[layer[2:-1]]["Type"] for layer in layers] == ["AWS::Lambda::LayerVersion"] * 2, name
    assert len(f"{longest} {longest}") <= 256


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_a_release_goes_over_step_by_step_and_back_by_itself(function: str) -> None:
    alias = RESOURCES[f"{function}Aliaslive"]
    assert alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"]
    group = RESOURCES[f"{function}DeploymentGroup"]["Properties"]
    assert group["AutoRollbackConfiguration"]["Enabled"]
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    condition, watched, _ = group["AlarmConfiguration"]["Fn::If"]
    assert (condition, watched["Enabled"]) == ("IsReleaseWatched", True)
    rung_by = {RESOURCES[logical_id(each["Name"])]["Properties"]["MetricName"] for each in watched["Alarms"]}
    assert rung_by == {"Errors", "MessagesFailed"}
    (errors,) = (each for each in watched["Alarms"] if "Errors" in logical_id(each["Name"]))
    assert logical_id(_ALARMS[logical_id(errors["Name"])]["Dimensions"][0]["Value"]) == function


def test_everything_calls_a_function_by_its_alias() -> None:
    """Who called the function itself would get a release at once, whole, and could not be brought back."""
    callers = {
        **{name: each["FunctionName"] for name, each in of_type("AWS::Lambda::EventSourceMapping").items()},
        **{name: each["Target"]["Arn"] for name, each in of_type("AWS::Scheduler::Schedule").items()},
        **{name: each["FunctionName"] for name, each in of_type("AWS::Lambda::Permission").items()},
    }
    for name, api in of_type("AWS::ApiGatewayV2::Api").items():
        for path, methods in api["Body"]["paths"].items():
            for method, route in methods.items():
                callers[f"{name}: {method} {path}"] = route["x-amazon-apigateway-integration"]["uri"]
    assert callers
    strangers = (name for name, called in callers.items() if "Aliaslive" not in json.dumps(called))
    assert_none(strangers, "write !Ref TheFunction.Alias")
