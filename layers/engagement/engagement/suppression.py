"""Suppressed addresses: those that bounced hard or complained. Kept under a keyed hash, never in the clear."""

from datetime import datetime
from typing import TYPE_CHECKING

from engagement.clock import to_text
from engagement.items import to_item
from engagement.signing_key import keyed_digest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Suppression:
    """SuppressionTable, which `mail_feedback` owns. An entry outlives the customer's profile."""

    def __init__(self, client: "DynamoDBClient", table: str, key: bytes) -> None:
        self._client = client
        self._table = table
        self._key = key

    def add(self, address: str, reason: str, now: datetime) -> None:
        """Suppress an address; the first reason stays."""
        self._client.update_item(
            TableName=self._table,
            Key=self._key_of(address),
            UpdateExpression="SET reason = if_not_exists(reason, :reason), since = if_not_exists(since, :now)",
            ExpressionAttributeValues=to_item({":reason": reason, ":now": to_text(now)}),
        )

    def holds(self, address: str) -> bool:
        """Whether mail to this address would be refused; a consistent read."""
        answer = self._client.get_item(TableName=self._table, Key=self._key_of(address), ConsistentRead=True)
        return "Item" in answer

    def _key_of(self, address: str) -> dict[str, "dict[str, str]"]:
        # Mailboxes are case-insensitive in practice; SES may report an address in another case than we sent to.
        digest = keyed_digest(self._key, "suppression", address.strip().lower())
        return to_item({"address_hash": digest.hex()})
