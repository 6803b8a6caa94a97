"""DynamoDB in memory, any table of the template's and any expression that we write: a thousand stories in a minute.

It knows its tables' keys and indexes from the template, evaluates conditions and updates as the engine does, and
refuses what it does not know. tests/dynamodb holds it and the real engine to one suite. It has no capacity, no lag and
no throttling, and its calls come one after the other.
"""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from dynamodb_expressions import Item, Words, condition, copied, plain, update

_MOST_KEYS = 100  # BatchGetItem, TransactWriteItems
_MOST_WRITES = 25  # BatchWriteItem


class ConditionFailedError(ClientError):
    """As boto3 has it; the item that was met is in its `response` where the request wanted it."""


class TransactionCanceledError(ClientError):
    """With a reason for each write."""


class DynamoDBEngine:
    """`definitions`: CreateTable's parameters of each table, by its name."""

    exceptions = SimpleNamespace(
        ConditionalCheckFailedException=ConditionFailedError,
        TransactionCanceledException=TransactionCanceledError,
        TransactionConflictException=type("TransactionConflictError", (ClientError,), {}),
        ProvisionedThroughputExceededException=type("ThroughputExceededError", (ClientError,), {}),
    )

    def __init__(self, definitions: Mapping[str, Mapping[str, Any]]) -> None:
        self.tables: dict[str, dict[tuple[str, ...], Item]] = {name: {} for name in definitions}
        self._keys = {name: _names(definition["KeySchema"]) for name, definition in definitions.items()}
        self._indexes = {
            (name, index["IndexName"]): _names(index["KeySchema"])
            for name, definition in definitions.items()
            for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
            for index in definition.get(kind, ())
        }

    def get_item(self, **request: Any) -> Item:
        found = self._find(request["TableName"], request["Key"])
        return {"Item": copied(found)} if found else {}

    def put_item(self, **request: Any) -> Item:
        return self._write(request, lambda _, __: copied(request["Item"]), request["Item"])

    def update_item(self, **request: Any) -> Item:
        change = update(request["UpdateExpression"])
        return self._write(request, lambda item, words: change(item or dict(request["Key"]), words))

    def delete_item(self, **request: Any) -> Item:
        return self._write(request, lambda _, __: {})

    def batch_get_item(self, RequestItems: Mapping[str, Item]) -> Item:  # noqa: N803 - as boto3 spells it
        assert 0 < sum(len(asked["Keys"]) for asked in RequestItems.values()) <= _MOST_KEYS
        found: dict[str, list[Item]] = {}
        for table, asked in RequestItems.items():
            keys = [self._key(table, key) for key in asked["Keys"]]
            assert len(keys) == len(set(keys)), "BatchGetItem takes no key twice"
            found[table] = [copied(self.tables[table][key]) for key in keys if key in self.tables[table]]
        return {"Responses": found, "UnprocessedKeys": {}}

    def batch_write_item(self, RequestItems: Mapping[str, Sequence[Item]]) -> Item:  # noqa: N803
        assert 0 < sum(map(len, RequestItems.values())) <= _MOST_WRITES
        for table, writes in RequestItems.items():
            for write in writes:
                if "PutRequest" in write:
                    self.put_item(TableName=table, Item=write["PutRequest"]["Item"])
                else:
                    self.delete_item(TableName=table, Key=write["DeleteRequest"]["Key"])
        return {"UnprocessedItems": {}}

    def transact_write_items(self, TransactItems: Sequence[Item], **_: Any) -> Item:  # noqa: N803
        assert 0 < len(TransactItems) <= _MOST_KEYS
        reasons = [self._reason_against(write) for write in TransactItems]
        if any(reason["Code"] != "None" for reason in reasons):
            answer: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise TransactionCanceledError(answer, "TransactWriteItems")
        for write in TransactItems:
            for kind, request in write.items():
                if kind != "ConditionCheck":
                    {"Put": self.put_item, "Update": self.update_item, "Delete": self.delete_item}[kind](
                        **request
                    )
        return {}

    def query(self, **request: Any) -> Item:
        table, words = request["TableName"], Words(request)
        index = request.get("IndexName")
        keys = self._indexes[table, index] if index else self._keys[table]
        holds = condition(request["KeyConditionExpression"])
        found = [
            item
            for item in self.tables[table].values()
            if all(name in item for name in keys) and holds(item, words)
        ]
        # In an index items of one key have no order that anybody may count on; the table's keys give them one.
        order = [*keys[1:], *self._keys[table]]
        found.sort(key=lambda item: [plain(item[name]) for name in order])
        if not request.get("ScanIndexForward", True):
            found.reverse()
        if start := request.get("ExclusiveStartKey"):
            at = [self._key(table, item) for item in found].index(self._key(table, start))
            found = found[at + 1 :]
        if "FilterExpression" in request:
            raise NotImplementedError("FilterExpression")
        limit = request.get("Limit", len(found) + 1)
        page = [copied(item) for item in found[:limit]]
        more = (
            {"LastEvaluatedKey": {name: page[-1][name] for name in self._keys[table]}}
            if len(found) >= limit
            else {}
        )
        return {"Items": page, "Count": len(page), **more}

    def get_paginator(self, operation: str) -> Any:
        assert operation == "query"

        def paginate(**request: Any) -> Any:
            more: dict[str, Any] = {}
            while True:
                answer = self.query(**request, **more)
                yield answer
                if "LastEvaluatedKey" not in answer:
                    return
                more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

        return SimpleNamespace(paginate=paginate)

    def _write(
        self, request: Mapping[str, Any], change: Callable[[Item, Words], Item], key: Item | None = None
    ) -> Item:
        table = request["TableName"]
        key_of = self._key(table, key or request["Key"])
        old, words = self.tables[table].get(key_of, {}), Words(request)
        if "ConditionExpression" in request and not condition(request["ConditionExpression"])(old, words):
            wanted = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and old
            raise ConditionFailedError(
                {"Error": {"Code": "ConditionalCheckFailedException"}}  # type: ignore[arg-type]
                | ({"Item": copied(old)} if wanted else {}),
                "Write",
            )
        new = change(copied(old), words)
        if new:
            self.tables[table][key_of] = new
        else:
            self.tables[table].pop(key_of, None)
        match request.get("ReturnValues", "NONE"):
            case "ALL_OLD":
                return {"Attributes": copied(old)} if old else {}
            case "ALL_NEW":
                return {"Attributes": copied(new)}
            case "NONE":
                return {}
            case other:
                raise NotImplementedError(other)

    def _reason_against(self, write: Item) -> Item:
        ((kind, request),) = write.items()
        old = self._find(request["TableName"], request["Item"] if kind == "Put" else request["Key"]) or {}
        wanted_state = request.get("ConditionExpression")
        if wanted_state is None or condition(wanted_state)(old, Words(request)):
            return {"Code": "None"}
        wanted = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and old
        return {"Code": "ConditionalCheckFailed", **({"Item": copied(old)} if wanted else {})}

    def _find(self, table: str, key: Item) -> Item | None:
        return self.tables[table].get(self._key(table, key))

    def _key(self, table: str, item: Item) -> tuple[str, ...]:
        return tuple(item[name]["S"] for name in self._keys[table])


def _names(schema: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in sorted(schema, key=lambda key: key["KeyType"] != "HASH"))
