"""Alarms watch everything that can stop, tell somebody, and say what it means and what to do."""

import ast
import json
import re
from typing import Any

import pytest

from engagement.metrics import count
from local_cloud.schedules import ticks
from rishta_cli.project import ROOT, rooms
from shop_facts import NOW
from tests.architecture.source_code import assert_none, called_name, modules_of
from tests.architecture.stack import RESOURCES, logical_id, of_type

_ALARMS = of_type("AWS::CloudWatch::Alarm")
_OWN = [name for name, alarm in _ALARMS.items() if not str(alarm["Namespace"]).startswith("AWS/")]
_RUNBOOK = (ROOT / "infra" / "runbook.md").read_text(encoding="utf-8")
_SECTIONS = {line.removeprefix("## ") for line in _RUNBOOK.splitlines() if line.startswith("## ")}
_COUNTED = {
    str(argument.value)
    for package in ("engagement", *rooms())
    for module in modules_of(package)
    for call in module.calls()
    if called_name(call).rpartition(".")[2] == "count"
    for argument in call.args[:1]
    if isinstance(argument, ast.Constant)
}
# What AWS counts by itself, with the one dimension by which it tells series apart (its documentation of each service).
_RESERVED = "ReservedConcurrentExecutions"
_OF_AWS = {
    ("AWS/ApiGateway", "5xx", "ApiId"),
    ("AWS/Lambda", "Duration", "FunctionName"),
    ("AWS/Lambda", "Errors", "FunctionName"),
    ("AWS/Lambda", "Invocations", "FunctionName"),
    ("AWS/Lambda", "Throttles"),
    ("AWS/SES", "Reputation.BounceRate", "ses:configuration-set"),
    ("AWS/SES", "Reputation.ComplaintRate", "ses:configuration-set"),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName"),
}


def _watched(metric: str) -> dict[str, dict[str, Any]]:
    """By the resource that is watched, the alarm on that metric of it."""
    return {
        logical_id(alarm["Dimensions"][0]["Value"]): dict(alarm)
        for alarm in _ALARMS.values()
        if alarm["MetricName"] == metric and "Dimensions" in alarm
    }


def _description(alarm: str) -> str:
    text = _ALARMS[alarm]["AlarmDescription"]
    return (
        str(text["Fn::Sub"][0] if isinstance(text["Fn::Sub"], list) else text["Fn::Sub"])
        if isinstance(text, dict)
        else text
    )


@pytest.mark.parametrize("metric", ["Errors", "Duration"])
def test_every_function_is_watched(metric: str) -> None:
    missing = of_type("AWS::Lambda::Function").keys() - _watched(metric).keys()
    assert_none(missing, "a nested stack of infra/stacks/function_alarms.yaml below it")


def test_throttling_rings_one_bell_and_not_one_for_every_function() -> None:
    """All share the account's concurrency: Lambda counts throttles of all functions of a region without a dimension."""
    (alarm,) = (each for each in _ALARMS.values() if each["MetricName"] == "Throttles")
    assert "Dimensions" not in alarm
    reserved = [name for name, each in of_type("AWS::Lambda::Function").items() if _RESERVED in each]
    assert_none(reserved, "who has a share of its own is throttled alone, and wants an alarm of its own")


def test_every_queue_is_watched_and_every_queue_of_dead_letters() -> None:
    queues = of_type("AWS::SQS::Queue")
    dead = {
        logical_id(each["RedrivePolicy"]["deadLetterTargetArn"])
        for each in queues.values()
        if "RedrivePolicy" in each
    }
    assert_none(
        dead - _watched("ApproximateNumberOfMessagesVisible").keys(), "an alarm at the first dead letter"
    )
    assert_none(
        queues.keys() - dead - _watched("ApproximateAgeOfOldestMessage").keys(),
        "an alarm on its oldest message",
    )


def test_every_schedule_is_missed_after_three_of_its_ticks() -> None:
    heartbeats = {name: each for name, each in _watched("Invocations").items() if int(each["Period"])}
    schedules = of_type("AWS::Scheduler::Schedule")
    assert schedules
    called = {logical_id(each["Target"]["Arn"]): each["ScheduleExpression"] for each in schedules.values()}
    assert heartbeats.keys() == called.keys(), "SilentFor, in the function's alarms"
    for function, expression in called.items():
        instants = ticks(str(expression), "UTC", NOW)
        first, second = (next(instants), next(instants))
        alarm = heartbeats[function]
        assert int(alarm["Period"]) == 3 * (second - first).total_seconds(), function
        assert alarm["TreatMissingData"] == "breaching", f"{function}: silence is what it is about"
        # CloudWatch: a multiple of a minute; and a week at most to look back, a day for periods under an hour.
        assert int(alarm["Period"]) % 60 == 0
        assert int(alarm["Period"]) * alarm["EvaluationPeriods"] <= (
            604_800 if int(alarm["Period"]) >= 3600 else 86_400
        )


def test_a_function_is_slow_at_four_fifths_of_its_time() -> None:
    for function, alarm in _watched("Duration").items():
        timeout = RESOURCES[function]["Properties"]["Timeout"]
        assert int(alarm["Threshold"]) == timeout * 800, f"{function}: NearTimeout {timeout * 800}"


@pytest.mark.parametrize("alarm", _OWN)
def test_an_alarm_watches_a_metric_that_somebody_counts(alarm: str) -> None:
    metric = _ALARMS[alarm]["MetricName"]
    assert metric in _COUNTED, (
        f"{alarm}: nobody calls metrics.count({metric!r}); there are {sorted(_COUNTED)}"
    )


@pytest.mark.parametrize("alarm", sorted(_ALARMS.keys() - set(_OWN)))
def test_an_alarm_watches_a_metric_that_aws_counts(alarm: str) -> None:
    properties = _ALARMS[alarm]
    names = [dimension["Name"] for dimension in properties.get("Dimensions", [])]
    assert (properties["Namespace"], properties["MetricName"], *names) in _OF_AWS


@pytest.mark.parametrize("alarm", _OWN)
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
def test_silence_is_no_alarm_but_where_it_is_the_point(alarm: str) -> None:
    """Of how SES sees us there is no news while nothing is sent: it then stays as it was, and rings no second time."""
    properties = _ALARMS[alarm]
    expected = {"Invocations": "breaching", "SesQuotaUsed": "ignore"}.get(
        properties["MetricName"], "notBreaching"
    )
    if properties["Namespace"] == "AWS/SES":
        expected = "ignore"
    assert properties["TreatMissingData"] == expected


@pytest.mark.parametrize("alarm", _OWN)
def test_what_is_told_again_while_it_lasts_rings_once(alarm: str) -> None:
    """Mail that cannot leave tries every quarter of an hour: a bell that forgets sooner would ring at each try."""
    properties = _ALARMS[alarm]
    if properties["TreatMissingData"] == "notBreaching" and properties["Period"] >= 300:
        assert properties["Period"] * properties["EvaluationPeriods"] >= 3600


@pytest.mark.parametrize("alarm", _ALARMS)
def test_an_alarm_tells_the_topic(alarm: str) -> None:
    assert [logical_id(action) for action in _ALARMS[alarm]["AlarmActions"]] == ["AlarmTopic"]


@pytest.mark.parametrize("alarm", _ALARMS)
def test_an_alarm_says_what_it_means_for_customers_and_where_the_runbook_helps(alarm: str) -> None:
    said = _description(alarm)
    assert "customers" in said, f"{alarm}: what do customers notice?"
    section = said.rpartition("Runbook: ")[2].strip()
    assert section in _SECTIONS, f"{alarm}: infra/runbook.md has no section {section!r}"
    assert len(said) < 700, "CloudWatch takes 1,024 characters, with the names put in"


def test_the_runbook_has_no_section_about_an_alarm_that_is_gone() -> None:
    named = {_description(alarm).rpartition("Runbook: ")[2].strip() for alarm in _ALARMS}
    _, _, about_alarms = _RUNBOOK.partition("# When an alarm rings\n")
    told = set(re.findall(r"^## (.+)$", about_alarms.partition("\n# ")[0], re.MULTILINE))
    assert told - named == {"Spend"}, "the budget is no alarm of CloudWatch's"


@pytest.mark.parametrize("alarm", _ALARMS)
def test_a_stack_that_is_not_watched_has_no_alarm(alarm: str) -> None:
    assert "IsWatched" in str(RESOURCES[alarm]["Condition"]), "an alarm costs ten cents a month"


def test_alarms_and_the_budget_can_publish_to_the_topic() -> None:
    """Not under SNS's own key: CloudWatch may not use it, and the alarm would stay silent."""
    assert RESOURCES["AlarmTopic"]["Properties"].get("KmsMasterKeyId") != "alias/aws/sns"
    (policy,) = of_type("AWS::SNS::TopicPolicy").values()
    allowed = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    assert [sorted(each["Principal"]["Service"]) for each in allowed] == [
        ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]
    ]
    (budget,) = of_type("AWS::Budgets::Budget").values()
    told = [who["Address"] for each in budget["NotificationsWithSubscribers"] for who in each["Subscribers"]]
    assert {logical_id(address) for address in told} == {"AlarmTopic"}


def test_thresholds_of_reputation_lie_below_those_of_ses() -> None:
    """SES reviews an account at 5 % of hard bounces and 0.1 % of complaints."""
    found = {
        alarm["MetricName"]: alarm["Threshold"]
        for alarm in _ALARMS.values()
        if alarm["Namespace"] == "AWS/SES"
    }
    assert found["Reputation.BounceRate"] < 0.05
    assert found["Reputation.ComplaintRate"] < 0.001
