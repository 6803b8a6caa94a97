"""A stack, deployed or local, as commands find their way in it."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rishta_cli.saying import say

if TYPE_CHECKING:
    from local_cloud.cloud import LocalCloud

# CloudFormation answers a few requests a second, and every queue and every function has a nested stack.
_PATIENT: Any = {"mode": "adaptive", "max_attempts": 10}
_AT_ONCE = 4
_NESTED = "AWS::CloudFormation::Stack"
_QUEUE, _DEAD_LETTERS = "/Queue", "/DeadLetterQueue"


@dataclass(frozen=True)
class Resource:
    """`type` as CloudFormation has it (`AWS::SQS::Queue`); `physical_id` is what `!Ref` gives."""

    type: str
    physical_id: str


@dataclass(frozen=True)
class ConsumerQueue:
    """A consumer's queue under its logical id (`CartNudgesQueue`), and that of its dead letters, by their URLs."""

    name: str
    url: str
    dead_letters_url: str


@dataclass(frozen=True)
class Stack:
    """What a stack is made of, by logical id; what a nested stack holds, as `CartNudgesQueue/Queue`.

    `is_local`: it lives in this process, where moto answers for AWS; its schedules, alarms and metrics are not there.
    """

    name: str
    resources: Mapping[str, Resource]
    outputs: Mapping[str, str]
    is_local: bool = False
    dynamodb_endpoint: str | None = None

    @classmethod
    def deployed(cls, name: str, *, whole: bool = True) -> "Stack":
        """As CloudFormation knows it, in the account and region of the usual places; unless `whole`, without what its
        nested stacks hold, which takes some seconds to list. Raises botocore's ClientError.
        """
        client = boto3.client("cloudformation", config=Config(retries=_PATIENT))
        described = client.describe_stacks(StackName=name)["Stacks"][0]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
        return cls(name, dict(_resources(client, name, "", whole=whole)), outputs)

    @classmethod
    def of(cls, cloud: "LocalCloud", dynamodb_endpoint: str | None = None) -> "Stack":
        """The stack that runs in this process; its AWS is reached as any, while the cloud is open."""
        from local_cloud.template import STACK, read_template
        from rishta_cli.project import LOCAL_PARAMETERS, ROOT

        translated = read_template(ROOT / "template.yaml", LOCAL_PARAMETERS)
        types = {name: str(each["Type"]) for name, each in translated.template["Resources"].items()}

        def path(name: str) -> str:
            outer = translated.stacks.get(name)
            return f"{outer}/{name.removeprefix(outer)}" if outer else name

        resources = {
            path(name): Resource(types[name], physical_id)
            for name, physical_id in cloud.resources.items()
            if name in types
        }
        return cls(STACK, resources, cloud.outputs, True, dynamodb_endpoint)

    def client(self, service: str) -> Any:
        """boto3's client, where this stack's data are."""
        endpoint = self.dynamodb_endpoint if service == "dynamodb" else None
        return boto3.client(service, endpoint_url=endpoint)  # type: ignore[call-overload]

    def physical_id(self, logical_id: str) -> str:
        """Raises KeyError for what the stack does not have."""
        if logical_id not in self.resources:
            raise KeyError(f"The stack {self.name} has no {logical_id}")
        return self.resources[logical_id].physical_id

    def of_type(self, type_: str) -> dict[str, str]:
        """Logical id → physical id, of every resource of that type."""
        return {name: each.physical_id for name, each in self.resources.items() if each.type == type_}

    def queues(self) -> dict[str, ConsumerQueue]:
        """Every queue that has one for its dead letters, by its nested stack's logical id."""
        urls = self.of_type("AWS::SQS::Queue")
        names = [name.removesuffix(_QUEUE) for name in urls if name.endswith(_QUEUE)]
        return {
            name: ConsumerQueue(name, urls[name + _QUEUE], urls[name + _DEAD_LETTERS])
            for name in sorted(names)
            if name + _DEAD_LETTERS in urls
        }

    @property
    def option(self) -> str:
        """What a command is told to reach it: ` --stack rishta`; nothing for the local cloud."""
        return "" if self.is_local else f" --stack {self.name}"

    def parameter_name(self, name: str) -> str:
        """`engagement-plan` → `/rishta/engagement-plan`."""
        return f"/{self.name}/{name}"


@contextmanager
def reached(name: str | None, *, now: datetime | None = None, whole: bool = True) -> Iterator[Stack]:
    """The stack of that name in AWS; without one, the local cloud kept in .local/cloud, at `now` or later."""
    if name is not None:
        yield Stack.deployed(name, whole=whole)
        return
    from rishta_cli.local_state import latest, remembering_cloud

    present = latest()
    with remembering_cloud(max(now, present) if now else present) as (cloud, endpoint):
        yield Stack.of(cloud, endpoint)
        cloud.settle()


def answered(command: Callable[..., int]) -> Callable[..., int]:
    """What AWS says, instead of a traceback: no credentials, no such stack, not allowed. The exit code is 1 then."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> int:
        try:
            return command(*arguments, **options)
        except (BotoCoreError, ClientError) as error:
            say(str(error), style="red")
            return 1

    return run


def physical_name(stack: str, logical_id: str) -> str:
    """What a resource of the template is called in the stack. Raises botocore's ClientError."""
    answer = boto3.client("cloudformation").describe_stack_resource(
        StackName=stack, LogicalResourceId=logical_id
    )
    return answer["StackResourceDetail"]["PhysicalResourceId"]


def _resources(client: Any, stack: str, prefix: str, *, whole: bool) -> Iterator[tuple[str, Resource]]:
    nested: dict[str, str] = {}
    for page in client.get_paginator("list_stack_resources").paginate(StackName=stack):
        for each in page["StackResourceSummaries"]:
            # What could not be made yet, or is gone, has no name or one that leads nowhere.
            if not each.get("PhysicalResourceId") or each["ResourceStatus"] == "DELETE_COMPLETE":
                continue
            name = prefix + each["LogicalResourceId"]
            yield name, Resource(each["ResourceType"], each["PhysicalResourceId"])
            if whole and each["ResourceType"] == _NESTED:
                nested[f"{name}/"] = each["PhysicalResourceId"]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from chain.from_iterable(
            pool.map(lambda each: list(_resources(client, each[1], each[0], whole=True)), nested.items())
        )
