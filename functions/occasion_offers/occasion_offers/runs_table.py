"""OccasionRunsTable (`campaign`, `time_zone`): the one module that spells its attributes."""

from collections.abc import Iterable
from datetime import date
from itertools import batched
from typing import TYPE_CHECKING, NamedTuple

from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MAX_KEYS = 100  # BatchGetItem


class CampaignZone(NamedTuple):
    """What has a record of its own: a campaign, in a zone."""

    campaign: str
    time_zone: str


class OccasionRuns:
    """For each campaign and zone the last mailing day whose pages were ordered."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def last_dates(self, asked: Iterable[CampaignZone]) -> dict[CampaignZone, date]:
        """For each of these; one that never had a run is not in it. Consistent reads, a hundred a call."""
        found: dict[CampaignZone, date] = {}
        for batch in batched(asked, _MAX_KEYS, strict=False):
            keys = [to_item(each._asdict()) for each in batch]
            while keys:  # what the table left for later, because it throttles, is asked again
                answer = self._client.batch_get_item(
                    RequestItems={self._table: {"Keys": keys, "ConsistentRead": True}}
                )
                for item in map(from_item, answer["Responses"].get(self._table, [])):
                    done = date.fromisoformat(item["last_local_date"])
                    found[CampaignZone(item["campaign"], item["time_zone"])] = done
                left = answer["UnprocessedKeys"].get(self._table)
                keys = [dict(key) for key in left["Keys"]] if left else []
        return found

    def record(self, where: CampaignZone, local_date: date) -> bool:
        """It is done up to `local_date`. False: it was already, and dates never go back."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item(where._asdict()),
                UpdateExpression="SET last_local_date = :date",
                ConditionExpression="attribute_not_exists(last_local_date) OR last_local_date < :date",
                ExpressionAttributeValues=to_item({":date": local_date.isoformat()}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
