"""The record of every AWS call a function makes, in IAM's terms, and the place where faults are injected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from botocore.handlers import BUILTIN_HANDLERS

from local_cloud.aws_environment import ACCOUNT, REGION
from local_cloud.permissions import Statements, allows, denial


class UnknownCallError(Exception):
    """A function calls something of AWS whose permissions nobody has told the local cloud."""


@dataclass(frozen=True)
class AwsCall:
    """One call under a function's role. `grants` are the (IAM action, resource ARN) pairs it needs.

    `caller` is "function" for the function's own code, "poller" for Lambda polling its queue on its behalf.
    `parameters` are the request's, as boto3 got them.
    """

    function: str
    service: str
    operation: str
    grants: tuple[tuple[str, str], ...]
    parameters: Mapping[str, Any]
    caller: Literal["function", "poller"] = "function"

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(action for action, _ in self.grants))

    @property
    def resources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(resource for _, resource in self.grants))


Fault = Callable[[AwsCall, Literal["before", "after"]], None]
"""Called before and after each call of a function's own code; whatever it raises, the function meets."""

Grants = Iterable[tuple[str, str]]


class CallRecorder:
    """Sees every botocore call in the process while installed; attributes it to the function that is running."""

    def __init__(self, send_email_grants: Callable[[Mapping[str, Any]], Grants]) -> None:
        self.calls: list[AwsCall] = []
        self.faults: list[Fault] = []
        self.running: str | None = None
        # What each function's role says; a call that it does not allow fails as it would in AWS.
        self.roles: Mapping[str, Statements] = {}
        self._caller: Literal["function", "poller"] = "function"
        self._send_email_grants = send_email_grants
        self._handlers = [("before-parameter-build", self._before), ("after-call", self._after)]

    def install(self) -> None:
        """Clients of sessions made from now on are recorded (botocore copies its handlers into each session)."""
        BUILTIN_HANDLERS.extend(self._handlers)

    def remove(self) -> None:
        for handler in self._handlers:
            BUILTIN_HANDLERS.remove(handler)
        self._handlers.clear()

    @contextmanager
    def attributed_to(
        self, function: str, caller: Literal["function", "poller"] = "function"
    ) -> Iterator[None]:
        before = (self.running, self._caller)
        self.running, self._caller = function, caller
        try:
            yield
        finally:
            self.running, self._caller = before

    def note(self, function: str, action: str, resource: str) -> None:
        """Records a call that Lambda makes under the function's role and this process does not."""
        service, operation = action.split(":")
        self.calls.append(AwsCall(function, service, operation, ((action, resource),), {}, "poller"))

    def _before(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if self.running is None:
            return
        service = str(model.service_model.service_name)
        grants = tuple(self._grants(service, str(model.name), params))
        call = AwsCall(self.running, service, str(model.name), grants, dict(params), self._caller)
        self._authorize(call)
        self.calls.append(call)
        context["local_cloud_call"] = call
        self._meet_faults(call, "before")

    def _authorize(self, call: AwsCall) -> None:
        for action, resource in call.grants:
            if not allows(self.roles[call.function], action, resource):
                raise denial(call.function, action, resource, call.operation)

    def _after(self, context: dict[str, Any], **_: Any) -> None:
        call = context.get("local_cloud_call")
        if call is not None:
            self._meet_faults(call, "after")

    def _meet_faults(self, call: AwsCall, moment: Literal["before", "after"]) -> None:
        if call.caller == "function":
            for fault in list(self.faults):
                fault(call, moment)

    def _grants(self, service: str, operation: str, params: Mapping[str, Any]) -> Grants:
        if service == "sesv2" and operation == "SendEmail":
            return self._send_email_grants(params)
        reader = _READERS.get((service, operation))
        if reader is None:
            raise UnknownCallError(
                f"{self.running} calls {service}:{operation}, which the local cloud does not know: say in "
                f"local_cloud/calls.py which IAM action and resource it needs"
            )
        return reader(params)


def _arn(service: str, resource: str) -> str:
    return resource if resource.startswith("arn:") else f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _table(name: str) -> str:
    return name if name.startswith("arn:") else _arn("dynamodb", f"table/{name}")


def _on_table(action: str) -> Callable[[Mapping[str, Any]], Grants]:
    def read(params: Mapping[str, Any]) -> Grants:
        index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
        return [(f"dynamodb:{action}", _table(params["TableName"]) + index)]

    return read


_ENTRY_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


def _transaction(params: Mapping[str, Any]) -> Grants:
    return dict.fromkeys(
        (f"dynamodb:{_ENTRY_ACTIONS[kind]}", _table(entry["TableName"]))
        for item in params["TransactItems"]
        for kind, entry in item.items()
    )


def _batch(action: str) -> Callable[[Mapping[str, Any]], Grants]:
    return lambda params: [(f"dynamodb:{action}", _table(name)) for name in params["RequestItems"]]


def _on_queue(action: str) -> Callable[[Mapping[str, Any]], Grants]:
    return lambda params: [(f"sqs:{action}", _arn("sqs", params["QueueUrl"].rsplit("/", 1)[-1]))]


def _put_events(params: Mapping[str, Any]) -> Grants:
    buses = dict.fromkeys(entry.get("EventBusName", "default") for entry in params["Entries"])
    return [
        ("events:PutEvents", bus if bus.startswith("arn:") else _arn("events", f"event-bus/{bus}"))
        for bus in buses
    ]


def _parameter(name: str) -> str:
    # A version or a label asked for (`name:3`) is no part of the parameter's ARN.
    return _arn("ssm", f"parameter/{name.removeprefix('/').partition(':')[0]}")


_READERS: dict[tuple[str, str], Callable[[Mapping[str, Any]], Grants]] = {
    **{
        ("dynamodb", action): _on_table(action)
        for action in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "DescribeTable")
    },
    ("dynamodb", "TransactWriteItems"): _transaction,
    ("dynamodb", "TransactGetItems"): _transaction,
    ("dynamodb", "BatchGetItem"): _batch("BatchGetItem"),
    ("dynamodb", "BatchWriteItem"): _batch("BatchWriteItem"),
    **{
        ("sqs", operation): _on_queue(operation.removesuffix("Batch"))
        for operation in (
            "SendMessage",
            "SendMessageBatch",
            "ReceiveMessage",
            "DeleteMessage",
            "DeleteMessageBatch",
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "GetQueueAttributes",
        )
    },
    ("sqs", "GetQueueUrl"): lambda params: [("sqs:GetQueueUrl", _arn("sqs", params["QueueName"]))],
    ("events", "PutEvents"): _put_events,
    ("sesv2", "GetAccount"): lambda _: [("ses:GetAccount", "*")],
    ("ssm", "PutParameter"): lambda params: [("ssm:PutParameter", _parameter(params["Name"]))],
    ("ssm", "GetParameter"): lambda params: [("ssm:GetParameter", _parameter(params["Name"]))],
    ("ssm", "GetParameters"): lambda params: [
        ("ssm:GetParameters", _parameter(name)) for name in params["Names"]
    ],
    ("ssm", "GetParametersByPath"): lambda params: [("ssm:GetParametersByPath", _parameter(params["Path"]))],
}
