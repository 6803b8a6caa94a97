"""What the real engine was asked, and what it says that cost."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Meter:
    """Requests, and the units that the engine reports with them, indexes included; in halves, the least there is."""

    requests: Counter[str] = field(default_factory=Counter)
    half_reads: Counter[str] = field(default_factory=Counter)
    half_writes: Counter[str] = field(default_factory=Counter)
    _asked: dict[str, Any] = field(default_factory=dict)

    def watch(self, client: Any) -> None:
        client.meta.events.register("provide-client-params.dynamodb", self._ask)
        client.meta.events.register("after-call.dynamodb", self._add)

    def _ask(self, params: dict[str, Any], **_: Any) -> dict[str, Any]:
        self._asked = params
        return {**params, "ReturnConsumedCapacity": "TOTAL"}

    def _add(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        self.requests[model.name] += 1
        told = parsed.get("ConsumedCapacity", [])
        writes = model.name in {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}
        for each in told if isinstance(told, list) else [told]:
            (self.half_writes if writes else self.half_reads)[each["TableName"]] += round(
                2 * each["CapacityUnits"]
            )
        # AWS counts an item that is not there as one of the smallest; this engine does not count it.
        for table, asked in self._asked.get("RequestItems", {}).items():
            missing = len(asked["Keys"]) - len(parsed["Responses"].get(table, []))
            self.half_reads[table] += missing * (2 if asked["ConsistentRead"] else 1)
