"""What the local cloud was asked while something happened, in the units in which AWS sends its bill.

Tables are on the real engine, which says what a call took. What it says of transactions differs from version to
version, so those are counted by AWS's rule: each item twice its kilobytes, and once more for each index that has it.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS

_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}
_KILOBYTE = 1024


class BillMeter:
    """Sees every call of DynamoDB made by clients of sessions that begin while it is installed."""

    def __init__(self) -> None:
        self.half_reads = 0
        self.writes = 0
        # Names of the tables that were written to; whoever looks takes them out.
        self.written: set[str] = set()
        # Index names and the attributes that an item needs to be in each, by table name.
        self.indexes: Mapping[str, Sequence[frozenset[str]]] = {}
        self._asked: dict[str, Any] = {}
        self._handlers: list[tuple[str, Callable[..., Any]]] = [
            ("provide-client-params.dynamodb", self._ask),
            ("after-call.dynamodb", self._add),
        ]

    @contextmanager
    def installed(self) -> Iterator["BillMeter"]:
        BUILTIN_HANDLERS.extend(self._handlers)
        try:
            yield self
        finally:
            for handler in self._handlers:
                BUILTIN_HANDLERS.remove(handler)

    def _ask(self, params: dict[str, Any], model: Any, **_: Any) -> dict[str, Any]:
        if "ReturnConsumedCapacity" not in model.input_shape.members:
            return params
        self._asked = {**params, "ReturnConsumedCapacity": "TOTAL"}
        return self._asked

    def _add(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name == "TransactWriteItems":
            for write in self._asked["TransactItems"]:
                self.writes += self._of_a_transaction(write)
                self.written |= {request["TableName"] for request in write.values()}
            return
        if model.name in _WRITES:
            self.written |= (
                {self._asked["TableName"]}
                if "TableName" in self._asked
                else self._asked["RequestItems"].keys()
            )
        told = parsed.get("ConsumedCapacity", [])
        for each in told if isinstance(told, list) else [told]:
            if model.name in _WRITES:
                self.writes += math.ceil(each["CapacityUnits"])
            else:
                self.half_reads += max(round(2 * each["CapacityUnits"]), self._least(model.name))
        if "ConsumedCapacity" not in parsed and model.name in _WRITES:
            self.writes += 1  # a condition that failed is paid like a write
        # So it is with each item that is not there.
        if model.name == "BatchGetItem":
            for table, asked in self._asked["RequestItems"].items():
                missing = len(asked["Keys"]) - len(parsed.get("Responses", {}).get(table, []))
                self.half_reads += missing * (2 if asked.get("ConsistentRead") else 1)

    def _least(self, operation: str) -> int:
        """AWS counts a look that finds nothing as one of the smallest items; this engine does not count it."""
        if operation == "BatchGetItem":
            return 0
        return 2 if self._asked.get("ConsistentRead") else 1

    def _of_a_transaction(self, write: Mapping[str, Any]) -> int:
        """Of an update, which does not say what else its item has, as if that were small."""
        ((kind, request),) = write.items()
        item: Mapping[str, Any] = request.get("Item", request.get("Key", {}))
        units = 2 * max(1, math.ceil(item_bytes(item) / _KILOBYTE))
        if kind == "ConditionCheck":
            return units
        indexes = self.indexes.get(request["TableName"], ())
        return units + sum(names <= item.keys() for names in indexes)


def item_bytes(item: Mapping[str, Any]) -> int:
    """An item's size as AWS reckons it, near enough: the names and the values, in UTF-8."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return len(content) // 2 + 2
        case "M":
            return 3 + item_bytes(content) + len(content)
        case "L":
            return 3 + sum(1 + _value_bytes(each) for each in content)
        case "SS" | "NS":
            return sum(len(each.encode()) for each in content)
        case _:
            return 1
