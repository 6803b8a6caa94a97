"""The doors of the template and their samples, by how each is opened."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from local_cloud.template import read_template
from rishta_cli.invoking import moment_of
from rishta_cli.project import ROOT

_RESOURCES = read_template(ROOT / "template.yaml").template["Resources"]
HANDLERS: dict[str, str] = {
    name: resource["Properties"]["Handler"]
    for name, resource in _RESOURCES.items()
    if resource["Type"] == "AWS::Lambda::Function"
}
QUEUE_DOORS = sorted(
    {
        resource["Properties"]["FunctionName"]["Ref"].removesuffix("Aliaslive")
        for resource in _RESOURCES.values()
        if resource["Type"] == "AWS::Lambda::EventSourceMapping"
    }
)


@dataclass(frozen=True)
class Samples:
    """Of one door. `bodies` are those of good messages, as JSON; `moment` lies behind all that they speak of."""

    events: Sequence[Mapping[str, Any]]
    bodies: Sequence[Any]
    people: frozenset[str]
    moment: datetime


@cache
def samples(function: str) -> Samples:
    room, door, _ = HANDLERS[function].split(".")
    events = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "events" / room / door).glob("*.json"))
    ]
    bodies = [
        json.loads(record["body"])
        for event in events
        for record in event.get("Records", ())
        if not record["messageId"].startswith("poison-")
    ]
    distinct = {json.dumps(body): body for body in bodies}
    earliest = datetime(2027, 3, 1, tzinfo=UTC)
    moment = max([moment_of(event) for event in events if _has_time(event)], default=earliest)
    return Samples(events, list(distinct.values()), frozenset(_people(bodies)), moment)


def kind_of_door(function: str) -> str:
    """`queue`, `http` or `schedule`."""
    if function in QUEUE_DOORS:
        return "queue"
    return "http" if any("requestContext" in event for event in samples(function).events) else "schedule"


def doors(kind: str) -> list[str]:
    return sorted(name for name in HANDLERS if kind_of_door(name) == kind)


def a_record(message_id: str, body: str, at: datetime) -> dict[str, Any]:
    """A message as Lambda's poller hands it over."""
    millis = str(round(at.timestamp() * 1000))
    return {
        "messageId": message_id,
        "receiptHandle": f"handle-{message_id}",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": millis,
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": millis,
        },
        "messageAttributes": {},
        "md5OfBody": "0" * 32,
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:queue",
        "awsRegion": "eu-central-1",
    }


def a_message_id(number: int) -> str:
    return str(uuid.UUID(int=number))


def _has_time(event: Mapping[str, Any]) -> bool:
    return "Records" in event or "scheduled_at" in event


def _people(value: Any) -> set[str]:
    """Every address in a message, and the name beside it."""
    if isinstance(value, list):
        return {found for each in value for found in _people(each)}
    if not isinstance(value, dict):
        return set()
    own = {value[name] for name in ("email", "name") if "email" in value and isinstance(value.get(name), str)}
    return own | {found for each in value.values() for found in _people(each)}
