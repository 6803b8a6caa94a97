"""What calls a function: the facts that its door reads, a schedule with its own time, a throttled API."""

import ast
import json
from collections.abc import Iterator

import pytest

from engagement.events.base import Event
from rishta_cli.project import import_from_room
from rishta_cli.schemas import published_models
from tests.architecture.source_code import called_name, doors
from tests.architecture.stack import FUNCTIONS_IN_TEMPLATE, RESOURCES, door_name, logical_id, of_type

_MAPPINGS = of_type("AWS::Lambda::EventSourceMapping")
_BUS_RULES = {
    name: rule
    for name, rule in of_type("AWS::Events::Rule").items()
    if "EventBusName" in rule
    and RESOURCES[logical_id(rule["EventBusName"])]["Type"] == "AWS::Events::EventBus"
}
_PUBLISHED = {model.__name__ for model in published_models() if issubclass(model, Event)}
_SCHEDULED = [
    pytest.param(function, event, id=f"{function}-{name}")
    for function, stanza in FUNCTIONS_IN_TEMPLATE.items()
    for name, event in stanza.get("Events", {}).items()
    if event["Type"] in ("Schedule", "ScheduleV2")
]


def _facts_sent_to(function: str) -> set[str]:
    """The kinds of facts that the shop bus's rules put on this function's queues."""
    queues = {
        logical_id(mapping["EventSourceArn"])
        for mapping in _MAPPINGS.values()
        if logical_id(mapping["FunctionName"]) == function
    }
    return {
        kind
        for rule in _BUS_RULES.values()
        if queues & {logical_id(target["Arn"]) for target in rule["Targets"]}
        for kind in rule["EventPattern"]["detail-type"]
    }


def _facts_read_by(door: str) -> set[str]:
    """The kinds of facts that a door gives to `parse_fact`."""
    room, _, name = door.partition(".")
    (module,) = [each for each in doors() if each.name == door]
    loaded = vars(import_from_room(room, name))
    return {
        kind.__name__
        for call in module.calls()
        if called_name(call) == "parse_fact"
        for argument in call.args[1:]
        for kind in _kinds(argument, loaded)
    }


def _kinds(argument: ast.expr, loaded: dict[str, object]) -> Iterator[type[Event]]:
    """Of `OrderPaid`, or of `*FACTS`, as the door's module knows the name."""
    named = argument.value if isinstance(argument, ast.Starred) else argument
    assert isinstance(named, ast.Name), f"give parse_fact classes by their names, not {ast.unparse(argument)}"
    value = loaded[named.id]
    for kind in value if isinstance(value, tuple) else (value,):
        assert isinstance(kind, type)
        assert issubclass(kind, Event), f"{kind} is no fact"
        yield kind


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_a_rule_sends_exactly_the_facts_that_the_door_reads(function: str) -> None:
    door = door_name(FUNCTIONS_IN_TEMPLATE[function])
    sent, read = _facts_sent_to(function), _facts_read_by(door)
    assert read - sent == set(), f"no rule sends these to {function}: add them to its rule's detail-type"
    assert sent - read == set(), (
        f"{door} would make poison of these: parse them, or take them out of the rule"
    )


@pytest.mark.parametrize("rule", _BUS_RULES)
def test_a_rule_waits_for_published_facts(rule: str) -> None:
    kinds = set(_BUS_RULES[rule]["EventPattern"]["detail-type"])
    assert kinds - _PUBLISHED == set(), f"{rule} waits for facts that engagement/events does not have"


@pytest.mark.parametrize("rule", _BUS_RULES)
def test_a_rule_feeds_a_queue_that_a_function_empties(rule: str) -> None:
    emptied = {logical_id(mapping["EventSourceArn"]) for mapping in _MAPPINGS.values()}
    targets = {logical_id(target["Arn"]) for target in _BUS_RULES[rule]["Targets"]}
    assert targets - emptied == set(), f"{rule} fills queues that nobody empties"


@pytest.mark.parametrize(("function", "event"), _SCHEDULED)
def test_a_schedule_says_for_what_time_it_calls(function: str, event: dict[str, object]) -> None:
    """A late or repeated run then does the same work."""
    assert event["Type"] == "ScheduleV2", (
        f"{function}: a classic Schedule has no <aws.scheduler.scheduled-time>"
    )
    properties = event["Properties"]
    assert isinstance(properties, dict)
    assert properties.get("OmitName") is True, (
        f"{function}: without OmitName two stacks' schedules share a name"
    )
    wanted = {"scheduled_at": "<aws.scheduler.scheduled-time>"}
    assert json.loads(properties.get("Input", "{}")) == wanted, f"{function}: Input: '{json.dumps(wanted)}'"


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_every_function_is_called_by_something(function: str) -> None:
    triggers = [each for each in _MAPPINGS.values() if logical_id(each["FunctionName"]) == function]
    assert triggers or FUNCTIONS_IN_TEMPLATE[function].get("Events"), f"{function}: nothing calls it"


@pytest.mark.parametrize("api", of_type("AWS::ApiGatewayV2::Stage"))
def test_the_pages_are_throttled(api: str) -> None:
    settings = RESOURCES[api]["Properties"].get("DefaultRouteSettings", {})
    wanted = {"ThrottlingBurstLimit", "ThrottlingRateLimit"}
    assert wanted <= settings.keys(), f"{api}: DefaultRouteSettings: {wanted}"


def test_a_sqs_trigger_stands_below_its_function() -> None:
    """SAM's own `SQS` event adds a managed policy by which the function may read every queue in the account."""
    events = [
        (function, event["Type"])
        for function, stanza in FUNCTIONS_IN_TEMPLATE.items()
        for event in stanza.get("Events", {}).values()
    ]
    allowed = {"ScheduleV2", "HttpApi"}
    assert [each for each in events if each[1] not in allowed] == [], (
        "write an AWS::Lambda::EventSourceMapping"
    )
