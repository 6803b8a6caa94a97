"""Work that falls due: an attribute `due_at` in a sparse index, a sweep that claims what is due.

An item without `due_at` is not in the index, so cancelling is removing an attribute, and a sweep costs what is due
and not what is kept. A claim is a lease: it moves `due_at` ahead, so that work whose worker died falls due again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zlib import crc32

from engagement.clock import to_text
from engagement.errors import RetryLaterError
from engagement.items import from_item, to_item
from engagement.observability import explanation, logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

INDEX = "due"
# Partitions of the index. A partition takes 1,000 writes a second; raising the number strands nothing as long as
# sweeps go on reading all shards that were ever written, so it may be raised and not lowered.
SHARDS = 4
# How long a worker may take from its claim to `settle`; longer than any sweeping door's timeout.
LEASE = timedelta(minutes=15)


def due_attributes(key: str, due_at: datetime) -> dict[str, Any]:
    """The attributes that put the item `key` into the index."""
    return {"due_shard": f"shard-{crc32(key.encode()) % SHARDS}", "due_at": to_text(due_at)}


def _says_nothing(_item: dict[str, Any]) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class DueWork:
    """The due items of one table whose key is made of `key_names`. `log_as`: what a log may say of whose they are."""

    client: "DynamoDBClient"
    table: str
    key_names: tuple[str, ...]
    log_as: Callable[[dict[str, Any]], Mapping[str, str]] = _says_nothing

    def sweep(
        self, now: datetime, limit: int, act: Callable[[dict[str, Any]], Mapping[str, str] | None]
    ) -> int:
        """Claim each item that is due, let `act` do what is to be done, and settle it; returns how many had an outcome.

        `act` gets the item as it is now and answers with the outcome to keep on it: empty where there was nothing to
        do, None where it should fall due again. One item never stops the others: what can never work (ValueError) is
        settled as failed, what else fails falls due again, and RetryLaterError at the end says that something did.
        """
        acted = failed = 0
        for seen in self.due(now, limit):
            try:
                acted += self._work_on(seen, now, act)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next item may be well
                logger().error("due work failed", extra={**self.log_as(seen), **explanation(error)})
                failed += 1
        if failed:
            raise RetryLaterError(f"{failed} pieces of due work failed and fall due again")
        return acted

    def _work_on(
        self, seen: dict[str, Any], now: datetime, act: Callable[[dict[str, Any]], Mapping[str, str] | None]
    ) -> bool:
        claimed = self.claim(seen, now)
        if claimed is None:
            return False
        try:
            outcome = act(claimed)
        except ValueError as error:
            about = {**self.log_as(claimed), **explanation(error)}
            logger().error("due work can never be done", extra=about)
            self.settle(claimed, failed_at=to_text(now), failed_because=type(error).__name__)
            return False
        if outcome is None:
            return False
        self.settle(claimed, **outcome)
        return bool(outcome)

    def due(self, now: datetime, limit: int) -> Iterator[dict[str, Any]]:
        """Items due at `now`, the longest due first in each shard, at most `limit` in all.

        They come from an index that lags: claim before acting on one. Each shard has an equal share of the limit, so
        that under load none of them waits for the others.
        """
        for shard in range(SHARDS):
            answer = self.client.query(
                TableName=self.table,
                IndexName=INDEX,
                KeyConditionExpression="due_shard = :shard AND due_at <= :now",
                ExpressionAttributeValues=to_item({":shard": f"shard-{shard}", ":now": to_text(now)}),
                Limit=-(-limit // SHARDS),
            )
            yield from map(from_item, answer["Items"])

    def claim(self, seen: dict[str, Any], now: datetime) -> dict[str, Any] | None:
        """The item as it is now, if it is still due as `seen`; None if it changed or another worker has it.

        `claimed_at` stays on the item: whoever cancels the work afterwards sees that it had begun.
        """
        try:
            return self._update(
                seen,
                "SET due_at = :lease_end, claimed_at = :now",
                {":lease_end": to_text(now + LEASE), ":now": to_text(now), ":seen": seen["due_at"]},
                "due_at = :seen",
            )
        except (
            self.client.exceptions.ConditionalCheckFailedException,
            self.client.exceptions.TransactionConflictException,
        ):
            return None

    def settle(self, claimed: dict[str, Any], **outcome: str) -> None:
        """The work is done: keep its outcome, and take the item out of the index unless it fell due anew meanwhile."""
        marks = {f":{name}": value for name, value in outcome.items()}
        keep = ("SET " + ", ".join(f"{name} = :{name}" for name in outcome)) if outcome else ""
        try:
            self._update(
                claimed,
                f"{keep} REMOVE due_at, due_shard",
                marks | {":lease": claimed["due_at"]},
                "due_at = :lease",
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            if outcome:
                self._update(claimed, keep, marks, f"attribute_exists({self.key_names[0]})")

    def _update(
        self, item: dict[str, Any], update: str, values: dict[str, str], condition: str
    ) -> dict[str, Any]:
        answer = self.client.update_item(
            TableName=self.table,
            Key=to_item({name: item[name] for name in self.key_names}),
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            ReturnValues="ALL_NEW",
        )
        return from_item(answer["Attributes"])
