"""MailPagesTable (`customer_id`, `send_key`): mails as they were sent, for those who view them in the browser.

Compressed: a mail of 20 KB takes 5 write units and not 20. Filed under its customer, so that all of a customer's can
be found.
"""

import gzip
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.items import to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_LEVEL = 6  # nearly as small as 9 makes it, in a third of the time


class MailPages:
    """The pages; DynamoDB forgets them some time after they expire."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def keep(self, customer_id: str, send_key: str, html: str, *, expires_at: datetime) -> None:
        """Keep a mail's HTML; again is as once."""
        page = gzip.compress(html.encode(), _LEVEL, mtime=0)
        item = {"customer_id": customer_id, "send_key": send_key, "expires_at": int(expires_at.timestamp())}
        self._client.put_item(TableName=self._table, Item=to_item({**item, "page": page}))

    def find(self, customer_id: str, send_key: str, now: datetime) -> str | None:
        """A mail's HTML; None if there is none, or none any more."""
        key = to_item({"customer_id": customer_id, "send_key": send_key})
        item = self._client.get_item(TableName=self._table, Key=key).get("Item")
        if item is None or int(item["expires_at"]["N"]) <= now.timestamp():
            return None
        return gzip.decompress(item["page"]["B"]).decode()

    def forget(self, customer_id: str) -> int:
        """Delete all pages of a customer; how many there were. Again is as once."""
        forgotten = 0
        start: dict[str, Any] = {}
        while True:
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="customer_id = :customer_id",
                ExpressionAttributeValues=to_item({":customer_id": customer_id}),
                ProjectionExpression="customer_id, send_key",
                ConsistentRead=True,
                **start,
            )
            for key in answer["Items"]:
                self._client.delete_item(TableName=self._table, Key=key)
            forgotten += len(answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return forgotten
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
