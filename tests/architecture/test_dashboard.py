"""The dashboard: the business above, the machinery below, every figure on it counted by somebody."""

import ast
import json
import re
from typing import Any

import pytest

from local_cloud.template import read_template
from rishta_cli.project import ROOT, rooms
from tests.architecture.source_code import assert_none, called_name, modules_of
from tests.architecture.stack import of_type

_OF_AWS = {
    "AWS/ApiGateway": {"5xx", "Count"},
    "AWS/Lambda": {"Duration", "Errors", "Throttles"},
    "AWS/SES": {"Reputation.BounceRate", "Reputation.ComplaintRate"},
    "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
}
_SEARCH = re.compile(r"SEARCH\('\{\"?([^,\"]+)\"?,([^}]+)\} MetricName=\"([\w.]+)\"")
_COLUMNS = 24


def _body() -> dict[str, Any]:
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    text = dashboard["DashboardBody"]["Fn::Sub"]
    return json.loads(text[0] if isinstance(text, list) else text)


_WIDGETS: list[dict[str, Any]] = _body()["widgets"]
_TITLED = [widget for widget in _WIDGETS if widget["type"] != "text"]


def _shown() -> list[tuple[str, str, frozenset[str]]]:
    """(namespace, metric, dimensions) of everything on it."""
    found = []
    for widget in _WIDGETS:
        for metric in widget["properties"].get("metrics", []):
            if isinstance(metric[0], dict):
                namespace, dimensions, name = _SEARCH.match(metric[0]["expression"]).groups()  # type: ignore[union-attr]
                found.append((namespace, name, frozenset(dimensions.split(","))))
            else:
                namespace, name, *rest = [part for part in metric if isinstance(part, str)]
                found.append((namespace, name, frozenset(rest[::2])))
    return found


def _counted() -> dict[str, set[frozenset[str]]]:
    """Of each metric of ours, the sets of dimensions under which it is counted."""
    counted: dict[str, set[frozenset[str]]] = {}
    for package in ("engagement", *rooms()):
        for module in modules_of(package):
            for call in module.calls():
                if called_name(call).rpartition(".")[2] == "count" and isinstance(call.args[0], ast.Constant):
                    more = frozenset(word.arg for word in call.keywords if word.arg)
                    series = counted.setdefault(str(call.args[0].value), {frozenset({"service"})})
                    series |= {more | {"service"}} | {frozenset({each, "service"}) for each in more}
    return counted


def test_every_figure_is_counted() -> None:
    ours, missing = _counted(), []
    for namespace, name, dimensions in _shown():
        known = _OF_AWS.get(namespace, ours.keys())
        if name not in known or (namespace not in _OF_AWS and dimensions not in ours[name]):
            missing.append(f"{namespace} {name} by {sorted(dimensions)}")
    assert_none(missing, "count it, or take it off infra/stacks/dashboard.yaml")


def test_no_two_widgets_overlap_and_none_leaves_the_page() -> None:
    taken: dict[tuple[int, int], str] = {}
    for widget in _WIDGETS:
        name = str(widget["properties"].get("title", widget["properties"].get("markdown")))
        assert widget["x"] + widget["width"] <= _COLUMNS, name
        for x in range(widget["x"], widget["x"] + widget["width"]):
            for y in range(widget["y"], widget["y"] + widget["height"]):
                assert (x, y) not in taken, f"{name!r} lies over {taken[x, y]!r}"
                taken[x, y] = name


def test_the_business_stands_above_the_machinery() -> None:
    by_height = sorted(_shown_at())
    assert by_height[0][1] == "MailsSent"
    business = [y for y, name in by_height if name in {"MailsSent", "CartRecovered", "PointsEarned"}]
    machinery = [y for y, name in by_height if name in {"Errors", "Throttles", "Duration", "MessagesFailed"}]
    assert max(business) < min(machinery)


def _shown_at() -> list[tuple[int, str]]:
    return [
        (widget["y"], _name(metric))
        for widget in _TITLED
        for metric in widget["properties"].get("metrics", [])
    ]


def _name(metric: list[Any]) -> str:
    found = _SEARCH.match(metric[0]["expression"]) if isinstance(metric[0], dict) else None
    return found.group(3) if found else str(metric[1])


@pytest.mark.parametrize("widget", _TITLED, ids=lambda widget: widget["properties"]["title"])
def test_a_widget_has_a_title_a_region_and_a_scale_that_begins_at_nothing(widget: dict[str, Any]) -> None:
    properties = widget["properties"]
    assert properties["region"] == "${AWS::Region}"
    if properties["view"] == "timeSeries":
        assert properties["yAxis"]["left"]["min"] == 0


def test_the_dashboard_is_within_what_cloudwatch_takes() -> None:
    assert len(_WIDGETS) <= 500
    assert all(len(widget["properties"].get("metrics", [])) <= 500 for widget in _WIDGETS)


def test_a_stack_that_is_not_watched_has_no_dashboard() -> None:
    resources = read_template(ROOT / "template.yaml").template["Resources"]
    (condition,) = (
        each["Condition"] for each in resources.values() if each["Type"] == "AWS::CloudWatch::Dashboard"
    )
    assert condition == "IsWatched"
