"""Reading what tables hold on a person, by whatever way there is, and deleting it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engagement.items import from_item, to_item
from rishta_cli.stacks import Stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Item = dict[str, Any]


@dataclass(frozen=True)
class TableReader:
    """One table. Reads are consistent where an index does not answer."""

    stack: Stack
    client: "DynamoDBClient"
    name: str

    @classmethod
    def of(cls, stack: Stack, logical_id: str) -> "TableReader":
        """Raises KeyError for a table that the stack does not have."""
        return cls(stack, stack.client("dynamodb"), stack.physical_id(logical_id))

    def beside(self, logical_id: str) -> "TableReader":
        """Another table of the same stack."""
        return TableReader.of(self.stack, logical_id)

    def item(self, **key: str) -> list[Item]:
        """The item with this key, if there is one."""
        answer = self.client.get_item(TableName=self.name, Key=to_item(key), ConsistentRead=True)
        return [from_item(answer["Item"])] if "Item" in answer else []

    def partition(self, name: str, value: str) -> list[Item]:
        """All items under a partition key."""
        request = {"KeyConditionExpression": "#name = :value", "ConsistentRead": True}
        return list(self._pages("query", request, {"#name": name}, {":value": value}))

    def indexed(self, index: str, name: str, value: str, key: str) -> list[Item]:
        """The items that an index leads to; it may be a second old. `key`: the table's own."""
        request = {"KeyConditionExpression": "#name = :value", "IndexName": index}
        found = self._pages("query", request, {"#name": name}, {":value": value})
        return [item for row in found for item in self.item(**{key: row[key]})]

    def scan(self, condition: str, values: Item, names: dict[str, str] | None = None) -> list[Item]:
        """The items that meet a condition. It reads the whole table, and is paid for it."""
        return list(
            self._pages("scan", {"FilterExpression": condition, "ConsistentRead": True}, names, values)
        )

    def delete(self, items: Iterable[Item]) -> None:
        """Delete items; one that is gone already is no matter."""
        schema = self.client.describe_table(TableName=self.name)["Table"]["KeySchema"]
        names = [each["AttributeName"] for each in schema]
        for item in items:
            self.client.delete_item(TableName=self.name, Key=to_item({name: item[name] for name in names}))

    def _pages(
        self, operation: str, request: dict[str, Any], names: dict[str, str] | None, values: Item
    ) -> Iterator[Item]:
        more = {"ExpressionAttributeNames": names} if names else {}
        pages = self.client.get_paginator(operation)  # type: ignore[call-overload]
        for page in pages.paginate(
            TableName=self.name, ExpressionAttributeValues=to_item(values), **request, **more
        ):
            yield from map(from_item, page["Items"])
