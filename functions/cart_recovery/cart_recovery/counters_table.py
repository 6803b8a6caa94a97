"""ExperimentCountersTable (`experiment_shard`, `variant`): the one module that spells its attributes.

An item counts one variant of an experiment at one step, or of a step by itself (`step-2`). Each is kept as several
shards, added up when read: one item, written by everybody, would be refused half of the time (TransactionConflict).
Under `experiments` stand the names of all that was ever counted. Nothing here is about anybody, so it is kept for good.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cart_recovery.group_names import as_group, group_name, place_in_experiment
from cart_recovery.rules import Group
from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

# More than functions that count at the same time. It may be raised, and not lowered: all shards that were ever written
# have to be read.
SHARDS = 16
_NAMES = "experiments"
_KEYS = {"experiment_shard", "variant"}


class ExperimentCounters:
    def __init__(self, client: "DynamoDBClient", table: str, *, shards: int = SHARDS) -> None:
        self._client = client
        self._table = table
        self._listed: set[Group] = set()
        self.shards = shards

    def add_name(self, group: Group) -> None:
        """Keep that there is this group; before anything is counted of it, once for each function that counts."""
        if group in self._listed:
            return
        self._client.update_item(
            TableName=self._table,
            Key=to_item({"experiment_shard": _NAMES, "variant": group_name(group)}),
            UpdateExpression="SET listed = :listed",
            ExpressionAttributeValues=to_item({":listed": True}),
        )
        self._listed.add(group)

    def write(self, shard: int, group: Group, growth: Mapping[str, int]) -> "TransactWriteItemTypeDef":
        """For a transaction: add these numbers, which may be negative, to the group's."""
        numbered = list(enumerate(growth.items()))
        return {
            "Update": {
                "TableName": self._table,
                "Key": to_item(
                    {
                        "experiment_shard": _shard(group.experiment, shard),
                        "variant": place_in_experiment(group),
                    }
                ),
                "UpdateExpression": "ADD " + ", ".join(f"#{number} :{number}" for number, _ in numbered),
                "ExpressionAttributeNames": {f"#{number}": name for number, (name, _) in numbered},
                "ExpressionAttributeValues": to_item({f":{number}": by for number, (_, by) in numbered}),
            }
        }

    def groups(self) -> dict[Group, dict[str, int]]:
        """All that was ever counted, by group: `customers`, `recovered` (customers too), `exposures`, `orders`, and of
        each currency `revenue_INR`, `refunded_INR` (minor units), `payers_INR`, the customers whose orders left
        something, and `squares_INR`, the sum of the squares of what each one's orders left. What is 0 may be missing.
        """
        groups = [as_group(item["variant"]) for item in self._items(_NAMES)]
        found: dict[Group, Counter[str]] = {group: Counter() for group in groups}
        for experiment in {group.experiment for group in groups}:
            for shard in range(self.shards):
                for item in self._items(_shard(experiment, shard)):
                    counted = {name: number for name, number in item.items() if name not in _KEYS}
                    found[as_group(f"{experiment}#{item['variant']}")].update(counted)
        return {group: dict(found[group]) for group in sorted(found)}

    def _items(self, experiment_shard: str) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] = {}
        while True:
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="experiment_shard = :shard",
                ExpressionAttributeValues=to_item({":shard": experiment_shard}),
                ConsistentRead=True,
                **start,
            )
            yield from map(from_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _shard(experiment: str, shard: int) -> str:
    return f"{experiment}#{shard:02d}"
