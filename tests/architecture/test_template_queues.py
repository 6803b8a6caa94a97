"""Queues and what empties them: nothing is lost, nothing is delivered twice for want of time."""

from typing import Any

import pytest

from tests.architecture.stack import RESOURCES, listed, logical_id, of_type

_QUEUES = of_type("AWS::SQS::Queue")
_MAPPINGS = of_type("AWS::Lambda::EventSourceMapping")
_FUNCTIONS = of_type("AWS::Lambda::Function")
_TARGETS = [
    pytest.param(target, id=f"{rule}-{target['Id']}")
    for rule, properties in of_type("AWS::Events::Rule").items()
    for target in properties.get("Targets", [])
]
_DAY = 24 * 60 * 60


def _dead_letters_of(queue: str) -> str | None:
    policy = _QUEUES[queue].get("RedrivePolicy")
    return logical_id(policy["deadLetterTargetArn"]) if policy else None


_WORKING = sorted(_QUEUES.keys() - {_dead_letters_of(queue) for queue in _QUEUES})
_DEAD = sorted(_QUEUES.keys() - set(_WORKING))


@pytest.mark.parametrize("queue", _WORKING)
def test_a_queue_has_dead_letters_of_its_own(queue: str) -> None:
    dead_letters = _dead_letters_of(queue)
    assert dead_letters, f"{queue} wants a RedrivePolicy; infra/stacks/consumer_queue.yaml has one"
    sharing = [other for other in _WORKING if _dead_letters_of(other) == dead_letters]
    assert sharing == [queue], f"{dead_letters} would not tell whose messages it holds"


@pytest.mark.parametrize("queue", _WORKING)
def test_a_short_outage_makes_no_message_poison(queue: str) -> None:
    assert int(_QUEUES[queue]["RedrivePolicy"]["maxReceiveCount"]) >= 5, f"{queue}: maxReceiveCount 5 or more"


@pytest.mark.parametrize("queue", _DEAD)
def test_dead_letters_are_kept_as_long_as_sqs_allows(queue: str) -> None:
    assert _QUEUES[queue].get("MessageRetentionPeriod") == 14 * _DAY, f"{queue}: MessageRetentionPeriod"


@pytest.mark.parametrize("queue", _QUEUES)
def test_every_queue_is_encrypted(queue: str) -> None:
    properties = _QUEUES[queue]
    assert properties.get("SqsManagedSseEnabled") is True or "KmsMasterKeyId" in properties, (
        f"{queue}: SqsManagedSseEnabled: true"
    )


@pytest.mark.parametrize("queue", _WORKING)
def test_every_queue_is_emptied_by_one_function(queue: str) -> None:
    triggers = [name for name, each in _MAPPINGS.items() if logical_id(each["EventSourceArn"]) == queue]
    assert len(triggers) == 1, f"{queue} wants one AWS::Lambda::EventSourceMapping; it has {triggers}"


@pytest.mark.parametrize("trigger", _MAPPINGS)
def test_one_bad_message_does_not_take_its_neighbours_along(trigger: str) -> None:
    wanted = ["ReportBatchItemFailures"]
    assert _MAPPINGS[trigger].get("FunctionResponseTypes") == wanted, (
        f"{trigger}: FunctionResponseTypes: {wanted}"
    )


@pytest.mark.parametrize("trigger", _MAPPINGS)
def test_a_burst_waits_in_the_queue_instead_of_being_throttled(trigger: str) -> None:
    limit = _MAPPINGS[trigger].get("ScalingConfig", {}).get("MaximumConcurrency")
    assert isinstance(limit, int), f"{trigger}: ScalingConfig: {{MaximumConcurrency: 2 to 1000}}"
    assert 2 <= limit <= 1000, f"{trigger}: MaximumConcurrency is {limit}; Lambda takes 2 to 1000"


@pytest.mark.parametrize("trigger", _MAPPINGS)
def test_a_message_stays_hidden_while_it_is_worked_on(trigger: str) -> None:
    mapping = _MAPPINGS[trigger]
    function = logical_id(mapping["FunctionName"])
    queue = logical_id(mapping["EventSourceArn"])
    needed = 6 * _FUNCTIONS[function]["Timeout"] + mapping.get("MaximumBatchingWindowInSeconds", 0)
    given = int(_QUEUES[queue].get("VisibilityTimeout", 30))
    assert given >= needed, (
        f"{queue}: VisibilityTimeout {given} s is under {needed} s (6 × {function}'s timeout)"
    )


@pytest.mark.parametrize("target", _TARGETS)
def test_what_a_rule_cannot_deliver_is_kept(target: dict[str, Any]) -> None:
    kept_in = target.get("DeadLetterConfig", {}).get("Arn")
    assert kept_in, f"target {target['Id']} wants a DeadLetterConfig"
    assert logical_id(kept_in) == _dead_letters_of(logical_id(target["Arn"])), "the queue's own dead letters"


@pytest.mark.parametrize("policy", of_type("AWS::SQS::QueuePolicy"))
def test_a_queue_is_reached_over_tls_alone(policy: str) -> None:
    properties = RESOURCES[policy]["Properties"]
    refusals = [
        statement
        for statement in properties["PolicyDocument"]["Statement"]
        if statement.get("Effect") == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    ]
    assert len(refusals) == 1, f"{policy}: Deny where aws:SecureTransport is false"
    refused = sorted(logical_id(resource) for resource in listed(refusals[0]["Resource"]))
    assert refused == sorted(logical_id(queue) for queue in properties["Queues"])


def test_every_queue_has_a_policy() -> None:
    held = {
        logical_id(queue) for each in of_type("AWS::SQS::QueuePolicy").values() for queue in each["Queues"]
    }
    assert held == _QUEUES.keys()
