"""Customers who were erased, in ReviewsTable as `erased#<digest>`: what stays of them is when that was, and no name.

It keeps an older invitation, still under way, from bringing them back, and lets a later life's revisions go on where
those of the one before ended: no fact then has the id of another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.items import to_item
from engagement.reading import Read

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Longer than anything of before is under way, or kept by whoever heard of it.
_KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True)
class Forgotten:
    """Erased at that instant (UTC) for the last time; None: never. No review of theirs had a revision above this."""

    erased_at: datetime | None = None
    revision: int = 0

    def precedes(self, told_at: datetime) -> bool:
        """Whether what was told at that instant is of a life that still lasts."""
        return self.erased_at is None or self.erased_at < told_at


class ForgottenCustomers:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def reading(self, customer_id: str) -> Read[Forgotten]:
        """To be read together with a review."""
        return Read(self._table, {"review_id": _key(customer_id)}, _forgotten)

    def remember(self, customer_id: str, erased_at: datetime) -> None:
        """That they were erased then. An older erasure, told late, changes nothing."""
        self._raise_to(
            customer_id,
            "erased_at",
            {"erased_at": to_text(erased_at), "expires_at": int((erased_at + _KEPT_FOR).timestamp())},
        )

    def had_revision(self, customer_id: str, revision: int) -> None:
        """That a review of theirs, which is about to be deleted, got so far."""
        self._raise_to(customer_id, "revision", {"revision": revision})

    def _raise_to(self, customer_id: str, name: str, values: Mapping[str, Any]) -> None:
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"review_id": _key(customer_id)}),
                UpdateExpression="SET " + ", ".join(f"#{each} = :{each}" for each in values),
                ConditionExpression=f"attribute_not_exists(#{name}) OR #{name} < :{name}",
                ExpressionAttributeNames={f"#{each}": each for each in values},
                ExpressionAttributeValues=to_item({f":{each}": value for each, value in values.items()}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return


def _key(customer_id: str) -> str:
    return f"erased#{sha256(customer_id.encode()).hexdigest()}"


def _forgotten(item: Mapping[str, Any] | None) -> Forgotten:
    item = item or {}
    erased_at = from_text(item["erased_at"]) if "erased_at" in item else None
    return Forgotten(erased_at, item.get("revision", 0))
