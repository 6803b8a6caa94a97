"""A shop on the local cloud, with tables on the real engine, of which each happening is measured as the bill has it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import boto3

from bill_meter import BillMeter, item_bytes
from engagement.events.base import Event
from in_the_cloud import tell
from local_cloud.cloud import AwsCall, Invocation, LocalCloud
from rishta_cli.cost.calls import Calls, Work
from shop_facts import NOW, scheduled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What an index takes for each item besides the attributes in it.
_INDEX_BYTES = 100
# A clock that stands still makes no receipt longer; bytes are rounded up to this, so that a word more is no new bill.
_BYTES = 64


@contextmanager
def shop_on_the_meter(endpoint: str, meter: BillMeter | None = None) -> Iterator["MeteredShop"]:
    """On an engine that has none of its tables yet; they are gone afterwards. No schedule fires by itself."""
    meter = meter or BillMeter()
    with meter.installed(), LocalCloud(now=NOW, dynamodb_endpoint=endpoint) as cloud:
        cloud.schedules_paused |= cloud.functions.keys()
        client = boto3.client("dynamodb", endpoint_url=endpoint)
        tables = [name for name in client.list_tables()["TableNames"] if name in cloud.resources.values()]
        definitions = {name: client.describe_table(TableName=name)["Table"] for name in tables}
        meter.indexes = {name: _index_keys(definition) for name, definition in definitions.items()}
        try:
            yield MeteredShop(cloud, meter, client, definitions)
        finally:
            for name in tables:
                client.delete_table(TableName=name)


def _index_keys(definition: Mapping[str, Any]) -> list[frozenset[str]]:
    indexes = definition.get("GlobalSecondaryIndexes", [])
    return [frozenset(key["AttributeName"] for key in index["KeySchema"]) for index in indexes]


@dataclass(frozen=True)
class MeteredShop:
    cloud: LocalCloud
    meter: BillMeter
    client: "DynamoDBClient"
    # The tables, as the engine describes them, by their names.
    definitions: Mapping[str, Mapping[str, Any]]
    # Bytes in each table, as they were when it was last looked through.
    sizes: dict[str, int] = field(default_factory=dict)

    def tell(self, *facts: Event) -> None:
        tell(self.cloud, *facts)

    def telling(self, fact: Event) -> Calls:
        """What it takes to hear of a fact of the shop's, whose own entry on the bus is paid, too."""
        calls = self.during(lambda cloud: tell(cloud, fact))
        return calls.model_copy(update={"events": calls.events + 1})

    def asked(self, *requests: Callable[[LocalCloud], Any]) -> Calls:
        """What requests of the HTTP API take."""

        def ask(cloud: LocalCloud) -> None:
            for request in requests:
                request(cloud)

        return self.during(ask).model_copy(update={"pages": len(requests)})

    def idle(self, function: str) -> Calls:
        """What a scheduled function takes where nothing is due any more: what was due is done before."""
        self.sweep(function)
        return self.sweep(function)

    def found(self, function: str, idle: Calls) -> Calls:
        """What falls due now takes, beyond the sweep that finds it."""
        return self.sweep(function).less(idle)

    def sweep(self, function: str) -> Calls:
        return self.during(lambda cloud: _done(cloud.invoke(function, scheduled(cloud.now))))

    def until(self, instant: datetime) -> None:
        """Time passes, and no schedule fires."""
        self.cloud.advance(to=instant)

    def during(self, act: Callable[[LocalCloud], Any]) -> Calls:
        """What all that takes, and all that follows at once."""
        cloud, meter = self.cloud, self.meter
        kept, mails = self._kept(), len(cloud.mails)
        calls, runs, logs = len(cloud.calls), len(cloud.invocations), len(cloud.logs)
        meter.half_reads = meter.writes = 0
        act(cloud)
        cloud.settle()
        made = [
            call for call in cloud.calls[calls:] if call.service != "ssm"
        ]  # free, and once in a cold start
        reads, writes = meter.half_reads, meter.writes
        own = Counter(call.function for call in made if call.caller == "function")
        ran = Counter(run.function for run in cloud.invocations[runs:])
        return Calls(
            functions={name: Work(runs=times, calls=own[name]) for name, times in sorted(ran.items())},
            half_reads=reads,
            writes=writes,
            queue_requests=_queue_requests([call for call in made if call.service == "sqs"]),
            events=sum(len(call.parameters["Entries"]) for call in made if call.operation == "PutEvents"),
            mails=len(cloud.mails) - mails,
            logged=_rounded(sum(len(line.encode()) for _, line in cloud.logs[logs:])),
            kept=_rounded(max(0, self._kept() - kept)),
        )

    def _kept(self) -> int:
        """Only tables that were written to are looked through again; what TTL ends, this engine keeps."""
        stale = (self.definitions.keys() - self.sizes.keys()) | (self.definitions.keys() & self.meter.written)
        self.meter.written.clear()
        self.sizes.update({table: self._kept_in(table) for table in stale})
        return sum(self.sizes.values())

    def _kept_in(self, table: str) -> int:
        items = [
            item
            for page in self.client.get_paginator("scan").paginate(TableName=table)
            for item in page["Items"]
        ]
        total = sum(map(item_bytes, items))
        keys = {each["AttributeName"] for each in self.definitions[table]["KeySchema"]}
        for index in self.definitions[table].get("GlobalSecondaryIndexes", []):
            names = {key["AttributeName"] for key in index["KeySchema"]}
            for item in items:
                if names <= item.keys():
                    whole = index["Projection"]["ProjectionType"] == "ALL"
                    total += _INDEX_BYTES + item_bytes(
                        item if whole else {name: item[name] for name in names | keys}
                    )
        return total


def _queue_requests(made: Sequence[AwsCall]) -> int:
    """Those of functions and of the poller, and those by which EventBridge put on queues what was taken off them."""
    entries = Counter[str]()
    requests = 0
    for call in made:
        if call.operation != "GetQueueAttributes":
            requests += 1
            entries[call.operation] += len(call.parameters.get("Entries", (call,)))
    return requests + entries["DeleteMessageBatch"] - entries["SendMessage"] - entries["SendMessageBatch"]


def _done(invocation: Invocation) -> None:
    assert invocation.ok, invocation.trace


def _rounded(number: int) -> int:
    return -(-number // _BYTES) * _BYTES
