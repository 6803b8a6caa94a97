"""AWS in memory, behind real clients of boto3: what they are asked is answered here, without signing, HTTP and parsing.

Thirty times faster than moto. DynamoDB is the engine that tests/dynamodb holds against the real one.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto.events.models import EventPattern

from dynamodb_engine import DynamoDBEngine
from local_cloud.aws_environment import ACCOUNT, REGION
from local_cloud.calls import CallRecorder
from tests.simulation.quick_queues import Queues

_WORDS = {
    "GetItem": "get_item",
    "PutItem": "put_item",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
    "BatchGetItem": "batch_get_item",
    "BatchWriteItem": "batch_write_item",
    "TransactWriteItems": "transact_write_items",
    "Query": "query",
    "Scan": "scan",
}
type Answer = dict[str, Any]
type Kept = tuple[str, datetime]


class Bus:
    """EventBridge's rules. `on_event` hears of each event that a function put there."""

    def __init__(self, rules: Mapping[str, Mapping[str, Any]], queues: Queues) -> None:
        self._rules = [
            (
                str(rule.get("EventBusName", "default")).rpartition("/")[2],
                rule["EventPattern"],
                EventPattern.load(json.dumps(rule["EventPattern"])),
                [queues.by_arn[target["Arn"]] for target in rule["Targets"]],
            )
            for rule in rules.values()
            if "EventPattern" in rule
        ]
        self._queues = queues
        self._numbers = itertools.count(1)

    def put(self, entry: Mapping[str, Any], now: datetime) -> None:
        bus = str(entry.get("EventBusName", "default")).rpartition("/")[2]
        at = entry.get("Time", now)
        event = {
            "version": "0",
            "id": f"00000000-0000-4000-8000-{next(self._numbers):012d}",
            "detail-type": entry["DetailType"],
            "source": entry["Source"],
            "account": ACCOUNT,
            "time": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "region": REGION,
            "resources": list(entry.get("Resources", [])),
            "detail": json.loads(entry["Detail"]),
        }
        body = json.dumps(event)
        for its_bus, words, pattern, targets in self._rules:
            if its_bus != bus or event["detail-type"] not in words.get("detail-type", [event["detail-type"]]):
                continue
            if pattern.matches_event(cast("Any", event)):
                for queue in targets:
                    self._queues.send(queue, body, _millis(now))


class QuickAws:
    """`answer` is what a client's `_make_api_call` becomes. `parameters`: SSM's, by name: every value
    that each had, and since when."""

    def __init__(
        self,
        engine: DynamoDBEngine,
        queues: Queues,
        bus: Bus,
        parameters: dict[str, list[Kept]],
        recorder: CallRecorder,
    ) -> None:
        self.engine, self.queues, self.bus, self.parameters = engine, queues, bus, parameters
        self._recorder = recorder
        self.send_mail: Callable[[Mapping[str, Any]], Answer]
        self.tell_account: Callable[[], Answer]
        # Called with each message and each event that a function puts somewhere, once it is there.
        self.on_message: Callable[[str, str], None] = lambda _queue, _body: None
        self.on_event: Callable[[Mapping[str, Any]], None] = lambda _entry: None

    def call(self, client: Any, operation: str, parameters: Mapping[str, Any]) -> Answer:
        model = client._service_model.operation_model(operation)
        context: dict[str, Any] = {}
        if self._recorder.running is not None:
            self._recorder._before(parameters, model, context)
        answer = self._answer(client, str(model.service_model.service_name), operation, parameters)
        if context:
            self._recorder._after(context)
        return {**answer, "ResponseMetadata": {"HTTPStatusCode": 200, "RequestId": "", "RetryAttempts": 0}}

    def _answer(self, client: Any, service: str, operation: str, parameters: Mapping[str, Any]) -> Answer:
        match service:
            case "dynamodb":
                try:
                    return dict(getattr(self.engine, _WORDS[operation])(**parameters))
                except ClientError as refused:
                    code = refused.response["Error"]["Code"]
                    raise client.exceptions.from_code(code)(refused.response, operation) from None
            case "sqs":
                return self._sqs(operation, parameters)
            case "events" if operation == "PutEvents":
                return self._put(parameters["Entries"])
            case "sesv2" if operation == "SendEmail":
                return self.send_mail(parameters)
            case "sesv2" if operation == "GetAccount":
                return self.tell_account()
            case "ssm":
                return self._ssm(client, operation, parameters)
            case _:
                raise NotImplementedError(f"{service}:{operation}")

    def _ssm(self, client: Any, operation: str, parameters: Mapping[str, Any]) -> Answer:
        name = parameters["Name"]
        kept = (
            self.parameters.setdefault(name, []) if operation == "PutParameter" else self.parameters.get(name)
        )
        match operation:
            case "PutParameter" if kept and not parameters.get("Overwrite"):
                raise _refusal(client, operation, "ParameterAlreadyExists")
            case "PutParameter":
                cast("list[Kept]", kept).append((parameters["Value"], datetime.now(UTC)))
                return {"Version": len(cast("list[Kept]", kept))}
            case _ if not kept:
                raise _refusal(client, operation, "ParameterNotFound")
            case "GetParameter":
                value, at = kept[-1]
                parameter = {"Name": name, "Value": value, "Version": len(kept), "LastModifiedDate": at}
                return {"Parameter": parameter}
            case _:
                raise NotImplementedError(operation)

    def _put(self, entries: Iterable[Mapping[str, Any]]) -> Answer:
        now = datetime.now(UTC)
        told = list(entries)
        for entry in told:
            self.on_event(entry)
            self.bus.put(entry, now)
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "event"} for _ in told]}

    def _sqs(self, operation: str, parameters: Mapping[str, Any]) -> Answer:
        queue, now = self.queues.by_url[parameters["QueueUrl"]], _millis(datetime.now(UTC))
        match operation:
            case "SendMessage":
                self.queues.send(
                    queue, parameters["MessageBody"], now, 1000 * int(parameters.get("DelaySeconds", 0))
                )
                self.on_message(queue.name, parameters["MessageBody"])
                return {"MessageId": "message"}
            case "SendMessageBatch":
                for entry in parameters["Entries"]:
                    delay = 1000 * int(entry.get("DelaySeconds", 0))
                    self.queues.send(queue, entry["MessageBody"], now, delay)
                    self.on_message(queue.name, entry["MessageBody"])
                return {
                    "Successful": [
                        {"Id": entry["Id"], "MessageId": "message"} for entry in parameters["Entries"]
                    ]
                }
            case "ChangeMessageVisibility":
                self._hide(queue, parameters, now)
                return {}
            case "ChangeMessageVisibilityBatch":
                for entry in parameters["Entries"]:
                    self._hide(queue, entry, now)
                return {"Successful": [{"Id": entry["Id"]} for entry in parameters["Entries"]]}
            case _:
                raise NotImplementedError(operation)

    def _hide(self, queue: Any, entry: Mapping[str, Any], now: int) -> None:
        for message in queue.messages:
            if message.name == entry["ReceiptHandle"]:
                message.visible_at = now + 1000 * int(entry["VisibilityTimeout"])


def answered_by(quick: QuickAws) -> Callable[..., Answer]:
    """What goes in the place of BaseClient._make_api_call."""

    def call(client: BaseClient, operation: str, parameters: Mapping[str, Any]) -> Answer:
        return quick.call(client, operation, parameters)

    return call


def _refusal(client: Any, operation: str, code: str) -> ClientError:
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    refusal: ClientError = client.exceptions.from_code(code)(answer, operation)
    return refusal


def _millis(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
