"""BirthdayRunsTable (`occasion`, `time_zone`): the one module that spells its attributes."""

from collections.abc import Iterable
from datetime import date
from itertools import batched
from typing import TYPE_CHECKING

from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OCCASION = "birthday"
_MAX_KEYS = 100  # BatchGetItem


class BirthdayRuns:
    """For each zone the last local date whose birthdays were ordered to be celebrated."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def last_dates(self, time_zones: Iterable[str]) -> dict[str, date]:
        """For each of these zones; one that never had a run is not in it. Consistent reads, a hundred zones a call."""
        found: dict[str, date] = {}
        for batch in batched(time_zones, _MAX_KEYS, strict=False):
            keys = [to_item({"occasion": OCCASION, "time_zone": time_zone}) for time_zone in batch]
            while keys:  # what the table left for later, because it throttles, is asked again
                answer = self._client.batch_get_item(
                    RequestItems={self._table: {"Keys": keys, "ConsistentRead": True}}
                )
                for item in map(from_item, answer["Responses"].get(self._table, [])):
                    found[item["time_zone"]] = date.fromisoformat(item["last_local_date"])
                left = answer["UnprocessedKeys"].get(self._table)
                keys = [dict(key) for key in left["Keys"]] if left else []
        return found

    def record(self, time_zone: str, local_date: date) -> bool:
        """The zone is done up to `local_date`. False: it was already, and dates never go back."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"occasion": OCCASION, "time_zone": time_zone}),
                UpdateExpression="SET last_local_date = :date",
                ConditionExpression="attribute_not_exists(last_local_date) OR last_local_date < :date",
                ExpressionAttributeValues=to_item({":date": local_date.isoformat()}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
