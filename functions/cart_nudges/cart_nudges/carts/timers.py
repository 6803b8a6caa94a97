"""CartTimersTable (`timer_shard`, `fires_at`): when which cart is to be looked at. The one module that spells its
attributes.

A timer is a hint, and its cart has the truth: one that is not the cart's `timer_at` is stray, and one that fires too
early is set anew by the sweep. So an update, which moves the time each time, need not touch it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from zlib import crc32

from engagement.clock import from_text, to_text
from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Partitions of the table; each takes 1,000 writes a second. Raising the number strands nothing, lowering it does.
SHARDS = 4
# The letter after "#", which parts the instant from the cart's id: what lies before it is no later than the instant.
_NO_LATER = "$"


@dataclass(frozen=True)
class Timer:
    """A cart is to be looked at, `at` (UTC). `shard`: where the row lies, if it was read."""

    cart_id: str
    at: datetime
    shard: str | None = None


class CartTimers:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def due(self, now: datetime, limit: int) -> Iterator[Timer]:
        """What is due at `now`, the longest due first, at most `limit` in all.

        Each shard has an equal share of the limit, and whoever stops half-way leaves the youngest of all shards: under
        load none of them waits for the others.
        """
        share = -(-limit // SHARDS)
        shards = [self._due_of(f"shard-{number}", now, share) for number in range(SHARDS)]
        return merge(*shards, key=attrgetter("at"))

    def put(self, cart_id: str, at: datetime, *, expires_at: datetime) -> None:
        """Set a timer; the same again changes nothing. `expires_at`: when it may be deleted, fired or not."""
        row = _key(Timer(cart_id, at)) | {"expires_at": int(expires_at.timestamp())}
        self._client.put_item(TableName=self._table, Item=to_item(row))

    def delete(self, timer: Timer) -> None:
        self._client.delete_item(TableName=self._table, Key=to_item(_key(timer)))

    def _due_of(self, shard: str, now: datetime, limit: int) -> list[Timer]:
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="timer_shard = :shard AND fires_at < :end",
            ExpressionAttributeValues=to_item({":shard": shard, ":end": to_text(now) + _NO_LATER}),
            Limit=limit,
        )
        return [_timer(from_item(row)) for row in answer["Items"]]


def _key(timer: Timer) -> dict[str, Any]:
    shard = timer.shard or f"shard-{crc32(timer.cart_id.encode()) % SHARDS}"
    return {"timer_shard": shard, "fires_at": f"{to_text(timer.at)}#{timer.cart_id}"}


def _timer(row: dict[str, Any]) -> Timer:
    at, _, cart_id = row["fires_at"].partition("#")
    return Timer(cart_id, from_text(at), row["timer_shard"])
