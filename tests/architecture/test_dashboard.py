"""The dashboard: the business above, the machinery below, every figure on it counted by somebody."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from engagement.metrics import count
from rishta_cli.project import rooms
from tests.architecture.source_code import assert_none, called_name, modules_of
from tests.architecture.stack import RESOURCES, of_type

type Series = tuple[str, str, frozenset[str]]  # namespace, metric, names of dimensions
_STACK = "shop-prod"
# What AWS counts by itself, by which dimensions (its documentation of each service).
_OF_AWS: set[Series] = {
    ("AWS/ApiGateway", "5xx", frozenset({"ApiId"})),
    ("AWS/ApiGateway", "Count", frozenset({"ApiId"})),
    ("AWS/Lambda", "ConcurrentExecutions", frozenset()),
    ("AWS/Lambda", "Throttles", frozenset()),
    *(("AWS/Lambda", name, frozenset({"FunctionName"})) for name in ("Duration", "Errors", "Invocations")),
    ("AWS/SES", "Reputation.BounceRate", frozenset({"ses:configuration-set"})),
    ("AWS/SES", "Reputation.ComplaintRate", frozenset({"ses:configuration-set"})),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", frozenset({"QueueName"})),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", frozenset({"QueueName"})),
}
_SEARCH = re.compile(r"SEARCH\('\{(?P<schema>[^}]+)\} MetricName=\"(?P<metric>[\w.]+)\"[^']*', '\w+', \d+\)")
_COLUMNS = 24


def _body() -> dict[str, Any]:
    """As CloudWatch gets it, with something in the place of every name."""
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    text = dashboard["DashboardBody"]["Fn::Sub"]
    written, given = (text[0], dict(text[1])) if isinstance(text, list) else (text, {})
    names = {name: f"a-{name}" for name in re.findall(r"\$\{([^}]+)\}", written)} | given
    names |= {"AWS::StackName": _STACK, "AWS::Region": "eu-central-1"}
    for name, value in names.items():
        written = written.replace(f"${{{name}}}", value if isinstance(value, str) else _resolved(value))
    body: dict[str, Any] = json.loads(written)
    return body


def _resolved(value: dict[str, str]) -> str:
    return _STACK if value == {"Ref": "AWS::StackName"} else f"a-{value.get('Ref', 'thing')}"


_WIDGETS: list[dict[str, Any]] = _body()["widgets"]
_TITLED = [widget for widget in _WIDGETS if widget["type"] != "text"]


def _name(widget: dict[str, Any]) -> str:
    return str(widget["properties"].get("title") or widget["properties"]["markdown"])


def _series(widget: dict[str, Any]) -> Iterator[Series]:
    for metric in widget["properties"].get("metrics", []):
        if not isinstance(metric[0], dict):
            namespace, name, *rest = [part for part in metric if isinstance(part, str)]
            yield namespace, name, frozenset(rest[::2])
        elif found := _SEARCH.search(metric[0]["expression"]):
            namespace, *dimensions = found["schema"].replace('"', "").split(",")
            yield namespace, found["metric"], frozenset(dimensions)
        else:
            assert "SEARCH" not in metric[0]["expression"], f"{_name(widget)}: write it as the others are"


def _counts() -> Iterator[tuple[str, frozenset[str]]]:
    """The names that functions count under, and by what."""
    modules = (module for package in ("engagement", *rooms()) for module in modules_of(package))
    for call in (call for module in modules for call in module.calls()):
        if (
            called_name(call).rpartition(".")[2] == "count"
            and call.args
            and isinstance(call.args[0], ast.Constant)
        ):
            yield str(call.args[0].value), frozenset(word.arg for word in call.keywords if word.arg)


@cache
def _written() -> set[Series]:
    """The series that these counts end in: what `count` says to CloudWatch, which tells them apart by all of it."""
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", _STACK)
        patch.setenv("POWERTOOLS_SERVICE_NAME", "rishta")
        patch.setattr("builtins.print", lambda line: lines.append(str(line)))
        for name, dimensions in set(_counts()):
            count(name, 1, **dict.fromkeys(dimensions, "x"))
    return {
        (metrics["Namespace"], metric["Name"], frozenset(dimensions))
        for line in lines
        for metrics in json.loads(line)["_aws"]["CloudWatchMetrics"]
        for metric in metrics["Metrics"]
        for dimensions in metrics["Dimensions"]
    }


@pytest.mark.parametrize("widget", _TITLED, ids=_name)
def test_every_figure_is_counted(widget: dict[str, Any]) -> None:
    missing = [
        f"{namespace} {name} by {sorted(dimensions)}"
        for namespace, name, dimensions in _series(widget)
        if (namespace, name, dimensions) not in _OF_AWS | _written()
    ]
    assert_none(missing, "count it, or take it off infra/stacks/dashboard.yaml")


@pytest.mark.parametrize("widget", _TITLED, ids=_name)
def test_a_widget_shows_something_in_this_region_on_a_scale_that_begins_at_nothing(
    widget: dict[str, Any],
) -> None:
    properties = widget["properties"]
    assert properties["region"] == "eu-central-1"
    assert bool(properties.get("query")) == (widget["type"] == "log")
    assert bool(list(_series(widget))) == (widget["type"] == "metric")
    if properties["view"] == "timeSeries":
        assert properties["yAxis"]["left"]["min"] == 0


@pytest.mark.parametrize("widget", _TITLED, ids=_name)
def test_expressions_are_such_as_cloudwatch_takes(widget: dict[str, Any]) -> None:
    metrics = widget["properties"].get("metrics", [])
    named = [metric[-1] for metric in metrics if isinstance(metric[-1], dict)]
    ids = [each["id"] for each in named if "id" in each]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]\w{0,254}", each) for each in ids)
    assert all(len(each.get("expression", "")) <= 1024 for each in named)


def test_no_two_widgets_overlap_and_no_row_has_a_gap() -> None:
    taken: dict[tuple[int, int], str] = {}
    for widget in _WIDGETS:
        for x in range(widget["x"], widget["x"] + widget["width"]):
            for y in range(widget["y"], widget["y"] + widget["height"]):
                assert (x, y) not in taken, f"{_name(widget)!r} lies over {taken[x, y]!r}"
                taken[x, y] = _name(widget)
    depth = max(y for _, y in taken) + 1
    assert taken.keys() == {(x, y) for x in range(_COLUMNS) for y in range(depth)}


def test_widgets_are_written_in_the_order_in_which_they_are_read() -> None:
    places = [(widget["y"], widget["x"]) for widget in _WIDGETS]
    assert places == sorted(places)


def test_the_business_stands_above_the_machinery() -> None:
    ours = [widget["y"] for widget in _TITLED for _, name, _ in _series(widget) if name in _BUSINESS]
    machinery = [
        widget["y"]
        for widget in _TITLED
        for space, _, _ in _series(widget)
        if space in ("AWS/SQS", "AWS/Lambda")
    ]
    assert {name for widget in _TITLED for _, name, _ in _series(widget)} >= _BUSINESS
    assert max(ours) < min(machinery)


_BUSINESS = {
    "MailsSent",
    "MailsSkipped",
    "CartsRecovered",
    "OffersRedeemed",
    "ReviewsSubmitted",
    "PointsEarned",
}


@pytest.mark.parametrize("metric", ["Reputation.BounceRate", "Reputation.ComplaintRate", "SesQuotaUsed"])
def test_the_line_of_an_alarm_is_drawn_where_the_alarm_rings(metric: str) -> None:
    (alarm,) = (each for each in of_type("AWS::CloudWatch::Alarm").values() if each["MetricName"] == metric)
    (widget,) = (each for each in _TITLED if metric in {name for _, name, _ in _series(each)})
    drawn = {line["label"]: line["value"] for line in widget["properties"]["annotations"]["horizontal"]}
    share = 100 if alarm["Namespace"] == "AWS/SES" else 1
    assert drawn["alarm"] == pytest.approx(alarm["Threshold"] * share)


def test_the_dashboard_is_within_what_cloudwatch_takes() -> None:
    assert len(_WIDGETS) <= 500
    assert len(json.dumps(_body())) <= 1_000_000
    assert all(len(widget["properties"].get("metrics", [])) <= 500 for widget in _WIDGETS)


def test_a_stack_that_is_not_watched_has_no_dashboard() -> None:
    conditions = [
        each.get("Condition") for each in RESOURCES.values() if each["Type"] == "AWS::CloudWatch::Dashboard"
    ]
    assert conditions == ["IsWatched"]
