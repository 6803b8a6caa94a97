"""Alarms watch what the functions count, and tell somebody."""

import ast
import json

import pytest

from engagement.metrics import count
from rishta_cli.project import rooms
from tests.architecture.source_code import called_name, modules_of
from tests.architecture.stack import RESOURCES, logical_id, of_type

_ALARMS = of_type("AWS::CloudWatch::Alarm")
_COUNTED = {
    str(argument.value)
    for package in ("engagement", *rooms())
    for module in modules_of(package)
    for call in module.calls()
    if called_name(call).rpartition(".")[2] == "count"
    for argument in call.args[:1]
    if isinstance(argument, ast.Constant)
}


def test_there_are_alarms() -> None:
    assert {"CampaignPaused", "SendingStopped", "MailUnknown"} <= {
        each["MetricName"] for each in _ALARMS.values()
    }


@pytest.mark.parametrize("alarm", _ALARMS)
def test_an_alarm_watches_a_metric_that_somebody_counts(alarm: str) -> None:
    metric = _ALARMS[alarm]["MetricName"]
    assert metric in _COUNTED, (
        f"{alarm}: nobody calls metrics.count({metric!r}); there are {sorted(_COUNTED)}"
    )


@pytest.mark.parametrize("alarm", _ALARMS)
def test_an_alarm_watches_the_very_series_that_is_counted(
    alarm: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """CloudWatch tells series apart by namespace, name and every dimension: one too many, and the alarm is silent."""
    properties = _ALARMS[alarm]
    variables = RESOURCES["MailDeliveryFunction"]["Properties"]["Environment"]["Variables"]
    assert properties["Namespace"] == variables["POWERTOOLS_METRICS_NAMESPACE"]
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "stack")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", variables["POWERTOOLS_SERVICE_NAME"])
    count(properties["MetricName"], campaign="cart_nudge")
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    series = [
        {name: entry[name] for name in names}
        for entry in told
        for metric in entry["_aws"]["CloudWatchMetrics"]
        for names in metric["Dimensions"]
    ]
    assert {each["Name"]: each["Value"] for each in properties["Dimensions"]} in series
    assert {"campaign": "cart_nudge", "service": variables["POWERTOOLS_SERVICE_NAME"]} in series


@pytest.mark.parametrize("alarm", _ALARMS)
def test_an_alarm_goes_off_at_the_first_count_and_not_for_silence(alarm: str) -> None:
    properties = _ALARMS[alarm]
    assert (properties["Statistic"], properties["Threshold"]) == ("Sum", 1)
    assert properties["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert properties["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("alarm", _ALARMS)
def test_an_alarm_tells_the_topic_and_says_what_to_do(alarm: str) -> None:
    told = [logical_id(action) for action in _ALARMS[alarm]["AlarmActions"]]
    assert [RESOURCES[topic]["Type"] for topic in told] == ["AWS::SNS::Topic"]
    assert len(_ALARMS[alarm].get("AlarmDescription", "")) > 40


@pytest.mark.parametrize("topic", of_type("AWS::SNS::Topic"))
def test_an_alarm_can_publish_to_the_topic(topic: str) -> None:
    """Not under SNS's own key: CloudWatch may not use it, and the alarm would stay silent."""
    assert RESOURCES[topic].get("Properties", {}).get("KmsMasterKeyId") != "alias/aws/sns"
