"""Tables outside moto: created on a DynamoDB endpoint from their declarations, read whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CREATED_WITH = (
    "TableName",
    "KeySchema",
    "AttributeDefinitions",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
    "ProvisionedThroughput",
)


def create_tables(client: DynamoDBClient, tables: Iterable[Mapping[str, Any]]) -> None:
    """Creates the tables that are not there yet. Time to live is left off: DynamoDB Local deletes by real time."""
    existing = {
        name for page in client.get_paginator("list_tables").paginate() for name in page["TableNames"]
    }
    for properties in tables:
        if properties["TableName"] not in existing:
            client.create_table(**{key: properties[key] for key in _CREATED_WITH if key in properties})


def all_items(client: DynamoDBClient, table: str) -> list[dict[str, Any]]:
    deserialize = TypeDeserializer().deserialize
    return [
        {name: deserialize(value) for name, value in item.items()}
        for page in client.get_paginator("scan").paginate(TableName=table)
        for item in page["Items"]
    ]
