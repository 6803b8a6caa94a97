"""MailCountersTable (`campaign_shard`, `day_variant`): the one module that spells its attributes.

An item counts the mails of one campaign and variant that were sent on one day (UTC), an attribute for each fact: a
bounce on Tuesday of a mail of Monday's is Monday's, so that shares compare like with like. Each is kept as several
shards, added up when read: one item, written by everybody, would be refused half of the time (TransactionConflict).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

# More than functions that count at the same time. It may be raised, and not lowered: all shards that were ever written
# have to be read.
SHARDS = 16
_KEYS = {"campaign_shard", "day_variant", "expires_at"}


@dataclass(frozen=True)
class DayCount:
    """What was counted of a campaign's mails of one variant that were sent on one day (UTC), by fact."""

    day: date
    variant: str
    counts: Mapping[str, int]


class MailCounters:
    def __init__(self, client: "DynamoDBClient", table: str, *, shards: int = SHARDS) -> None:
        self._client = client
        self._table = table
        self.shards = shards

    def write(
        self, shard: int, campaign: str, day: date, variant: str, facts: Iterable[str], expires_at: int
    ) -> "TransactWriteItemTypeDef":
        """For a transaction: count one mail more for each of these facts; `expires_at` in seconds of the epoch."""
        names = {f"#fact{number}": fact for number, fact in enumerate(facts)}
        return {
            "Update": {
                "TableName": self._table,
                "Key": to_item(
                    {"campaign_shard": _shard(campaign, shard), "day_variant": f"{day}#{variant}"}
                ),
                "UpdateExpression": "SET expires_at = :expires_at ADD "
                + ", ".join(f"{name} :one" for name in names),
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": to_item({":expires_at": expires_at, ":one": 1}),
            }
        }

    def days(self, campaign: str, since: date) -> list[DayCount]:
        """All that was counted of the campaign's mails sent on that day (UTC) or later, by day and variant."""
        found = sorted(
            (item for shard in range(self.shards) for item in self._items(campaign, shard, since)),
            key=lambda item: str(item["day_variant"]),
        )
        days = []
        for day_variant, items in groupby(found, key=lambda item: str(item["day_variant"])):
            day, _, variant = day_variant.partition("#")
            counts: Counter[str] = Counter()
            for item in items:
                counts.update({name: number for name, number in item.items() if name not in _KEYS})
            days.append(DayCount(date.fromisoformat(day), variant, counts))
        return days

    def by_day(self, campaign: str, since: date) -> dict[date, Counter[str]]:
        """The same, all variants together."""
        days: dict[date, Counter[str]] = {}
        for counted in self.days(campaign, since):
            days.setdefault(counted.day, Counter()).update(counted.counts)
        return days

    def _items(self, campaign: str, shard: int, since: date) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] = {}
        while True:
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="campaign_shard = :shard AND day_variant >= :since",
                ExpressionAttributeValues=to_item(
                    {":shard": _shard(campaign, shard), ":since": since.isoformat()}
                ),
                # What was counted a moment ago must trip the fuse now: no later bounce may come to do it.
                ConsistentRead=True,
                **start,
            )
            yield from map(from_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _shard(campaign: str, shard: int) -> str:
    return f"{campaign}#{shard:02d}"
