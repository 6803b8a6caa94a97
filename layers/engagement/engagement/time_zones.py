"""The time zones that customers live in. The one module that spells TimeZonesTable.

A run over the whole world reads the few zones where somebody is, and not all six hundred.
"""

from typing import TYPE_CHECKING

from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CUSTOMERS = "customers"


class TimeZones:
    """TimeZonesTable (`inhabitants`, `time_zone`), which `customer_profiles` owns. A zone once noted stays."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._noted: set[str] = set()

    def note(self, time_zone: str) -> None:
        """Somebody lives there. One write in the life of an execution environment, however many live there."""
        if time_zone not in self._noted:
            item = to_item({"inhabitants": _CUSTOMERS, "time_zone": time_zone})
            self._client.put_item(TableName=self._table, Item=item)
            self._noted.add(time_zone)

    def inhabited(self) -> list[str]:
        """Every zone noted, by name; a consistent read."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="inhabitants = :inhabitants",
            ExpressionAttributeValues=to_item({":inhabitants": _CUSTOMERS}),
            ConsistentRead=True,
        )
        return [from_item(item)["time_zone"] for page in pages for item in page["Items"]]
