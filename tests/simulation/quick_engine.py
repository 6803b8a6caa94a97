"""The engine in memory, with what makes thousands of items quick to look through, and what only operators ask for."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

from dynamodb_engine import DynamoDBEngine
from dynamodb_expressions import Item, Words


class QuickEngine(DynamoDBEngine):
    """`changes` counts the changes of each table."""

    def __init__(self, definitions: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(definitions)
        self.changes: defaultdict[str, int] = defaultdict(int)
        # By table and key attribute: the keys of the items with each value.
        self._with: dict[tuple[str, str], defaultdict[str, dict[tuple[str, ...], None]]] = {}
        for table, keys in self._keys.items():
            self._with[table, keys[0]] = defaultdict(dict)
        for (table, _), keys in self._indexes.items():
            self._with[table, keys[0]] = defaultdict(dict)

    def query(self, **request: Any) -> Item:
        table = request["TableName"]
        index = request.get("IndexName")
        partition = (self._indexes[table, index] if index else self._keys[table])[0]
        words = Words(request)
        value = _value_of(partition, request["KeyConditionExpression"], words)
        kept, among = self.tables[table], self._with[table, partition].get(value, {})
        # Of one partition alone; the rest is the engine's own.
        self.tables[table] = {key: kept[key] for key in among}
        try:
            return super().query(**request)
        finally:
            self.tables[table] = kept

    def scan(self, **request: Any) -> Item:
        items = [
            item
            for key, item in self.tables[request["TableName"]].items()
            if crc32(key[0].encode()) % request.get("TotalSegments", 1) == request.get("Segment", 0)
        ]
        return {"Items": items, "Count": len(items)}

    def _write(
        self, request: Mapping[str, Any], change: Callable[[Item, Words], Item], key: Item | None = None
    ) -> Item:
        table = request["TableName"]
        at = self._key(table, key or request["Key"])
        before = self.tables[table].get(at, {})
        answer = super()._write(request, change, key)
        after = self.tables[table].get(at, {})
        self.changes[table] += 1
        for (its_table, name), groups in self._with.items():
            if its_table == table and before.get(name) != after.get(name):
                if name in before:
                    groups[before[name]["S"]].pop(at, None)
                if name in after:
                    groups[after[name]["S"]][at] = None
        return answer


def _value_of(name: str, condition: str, words: Words) -> str:
    for part in condition.split(" AND "):
        left, equal, right = part.strip().partition(" = ")
        if equal and words.name(left) == name:
            return str(words.value(right.strip())["S"])
    raise NotImplementedError(condition)
