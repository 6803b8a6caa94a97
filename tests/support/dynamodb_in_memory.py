"""DynamoDB as far as an occasion's run uses it, in memory: a thousand runs of a thousand customers in seconds.

It knows just the calls and the conditions that the run has, and refuses any other. tests/dynamodb holds it and the
real engine to one suite.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

type Item = dict[str, Any]
type Tables = dict[str, dict[tuple[str, ...], Item]]

_EQUAL, _AFTER = re.compile(r"(\w+) = (:\w+)"), re.compile(r"(\w+) > (:\w+)")
_SET = re.compile(r"SET (\w+) = (:\w+)")
_ABSENT, _LESS = re.compile(r"attribute_not_exists\((\w+)\)"), re.compile(r"(\w+) < (:\w+)")


class ConditionFailedError(Exception):
    def __init__(self, met: Item) -> None:
        super().__init__("The conditional request failed")
        self.response = {"Item": met}


class _NeverError(Exception):
    """What never happens here."""


class DynamoDBInMemory:
    exceptions = SimpleNamespace(
        ConditionalCheckFailedException=ConditionFailedError,
        TransactionCanceledException=_NeverError,
        TransactionConflictException=_NeverError,
    )

    def __init__(self, keys: Mapping[str, tuple[str, ...]], tables: Tables | None = None) -> None:
        """`keys`: the key attributes of each table. `tables`: what there is already; to be changed by nobody else."""
        self._keys = keys
        self.tables: Tables = tables or {table: {} for table in keys}
        # By table and attribute; until the table is changed.
        self._grouped: dict[tuple[str, str], dict[str, list[Item]]] = {}

    def put_item(self, **request: Any) -> Item:
        table, item = self._to_change(request["TableName"]), request["Item"]
        key = self._key(request["TableName"], item)
        _check(request, table.get(key, {}))
        table[key] = item
        return {}

    def get_item(self, **request: Any) -> Item:
        found = self.tables[request["TableName"]].get(self._key(request["TableName"], request["Key"]))
        return {"Item": found} if found else {}

    def update_item(self, **request: Any) -> Item:
        table, key = self._to_change(request["TableName"]), self._key(request["TableName"], request["Key"])
        _check(request, table.get(key, {}))
        name, value = _understood(_SET, request["UpdateExpression"])
        # A new item, for copies of the table share the old one.
        changed = {name: request["ExpressionAttributeValues"][value]}
        table[key] = table.get(key, dict(request["Key"])) | changed
        return {}

    def transact_write_items(self, TransactItems: list[Item]) -> Item:  # noqa: N803 - as boto3 spells it
        for write in TransactItems:
            self.put_item(**write["Put"])
        return {}

    def batch_get_item(self, RequestItems: Mapping[str, Item]) -> Item:  # noqa: N803
        responses = {
            table: [
                self.tables[table][key]
                for key in (self._key(table, each) for each in asked["Keys"])
                if key in self.tables[table]
            ]
            for table, asked in RequestItems.items()
        }
        assert sum(len(asked["Keys"]) for asked in RequestItems.values()) <= 100, (
            "BatchGetItem takes 100 keys"
        )
        return {"Responses": responses, "UnprocessedKeys": {}}

    def query(self, **request: Any) -> Item:
        """Of an index too: those items that have its key, in the order of `customer_id`."""
        values = request["ExpressionAttributeValues"]
        partition, *others = request["KeyConditionExpression"].split(" AND ")
        name, value = _understood(_EQUAL, partition)
        found = list(self._groups(request["TableName"], name).get(values[value]["S"], ()))
        for condition in others:
            name, value = _understood(_AFTER, condition)
            found = [row for row in found if row[name]["S"] > values[value]["S"]]
        if "IndexName" in request:
            found.sort(key=lambda row: str(row["customer_id"]["S"]))
        limit = request.get("Limit", len(found) + 1)
        # Full to the brim, DynamoDB cannot know that nothing follows.
        more = {"LastEvaluatedKey": found[limit - 1]} if len(found) >= limit else {}
        return {"Items": found[:limit], **more}

    def _groups(self, table: str, name: str) -> dict[str, list[Item]]:
        """The items that have this attribute, by its value."""
        if (table, name) not in self._grouped:
            groups = self._grouped[table, name] = {}
            for item in self.tables[table].values():
                if name in item:
                    groups.setdefault(item[name]["S"], []).append(item)
        return self._grouped[table, name]

    def _to_change(self, table: str) -> dict[tuple[str, ...], Item]:
        self._grouped = {at: groups for at, groups in self._grouped.items() if at[0] != table}
        return self.tables[table]

    def _key(self, table: str, item: Item) -> tuple[str, ...]:
        return tuple(item[name]["S"] for name in self._keys[table])


def once[A, B](function: Callable[[A], B]) -> Callable[[A], B]:
    """The same again for the same object, which nobody changes: items in memory need not be read anew every time."""
    known: dict[int, tuple[A, B]] = {}

    def remembering(given: A) -> B:
        if id(given) not in known:
            known[id(given)] = given, function(given)
        return known[id(given)][1]

    return remembering


def pages_of_query(client: Any, request: Mapping[str, Any]) -> Iterator[Item]:
    """What a paginator does: query until there is no more."""
    more: dict[str, Any] = {}
    while True:
        answer = client.query(**request, **more)
        yield answer
        if "LastEvaluatedKey" not in answer:
            return
        more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _check(request: Mapping[str, Any], met: Item) -> None:
    if "ConditionExpression" not in request:
        return
    for way in request["ConditionExpression"].split(" OR "):
        if absent := _ABSENT.fullmatch(way):
            holds = absent[1] not in met
        else:
            name, value = _understood(_LESS, way)
            values = request["ExpressionAttributeValues"]
            holds = name in met and _plain(met[name]) < _plain(values[value])
        if holds:
            return
    raise ConditionFailedError(met)


def _plain(value: Mapping[str, str]) -> Any:
    return int(value["N"]) if "N" in value else value["S"]


def _understood(form: re.Pattern[str], text: str) -> tuple[str, str]:
    found = form.fullmatch(text)
    assert found, f"not known here: {text}"
    return found[1], found[2]
