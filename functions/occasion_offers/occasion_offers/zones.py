"""The time zones that customers live in, and their shards. The one module that spells TimeZonesTable.

A run over the whole world reads the few zones where somebody is, and not all six hundred.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CUSTOMERS = "customers"


class Zones:
    """TimeZonesTable (`inhabitants`, `time_zone`). A zone once noted stays, and so does its highest shard count:
    whoever looks at so many shards finds everybody, whatever the count was when they were written.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._noted: dict[str, int] = {}

    def note(self, time_zone: str, shards: int) -> None:
        """Somebody lives there, in one of so many shards: to be noted before a date of theirs is kept.

        One write in the life of an execution environment, however many live there.
        """
        if self._noted.get(time_zone, 0) >= shards:
            return
        # As many, or more, may have been noted by somebody else.
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"inhabitants": _CUSTOMERS, "time_zone": time_zone}),
                UpdateExpression="SET shards = :shards",
                ConditionExpression="attribute_not_exists(shards) OR shards < :shards",
                ExpressionAttributeValues=to_item({":shards": shards}),
            )
        self._noted[time_zone] = shards

    def inhabited(self) -> dict[str, int]:
        """Every zone noted, by name, with the highest number of shards that its customers were ever spread over; a
        consistent read.
        """
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="inhabitants = :inhabitants",
            ExpressionAttributeValues=to_item({":inhabitants": _CUSTOMERS}),
            ConsistentRead=True,
        )
        items = [from_item(item) for page in pages for item in page["Items"]]
        # A zone that was noted before there were shards has no dates under it yet.
        return {item["time_zone"]: item["shards"] for item in items if "shards" in item}
