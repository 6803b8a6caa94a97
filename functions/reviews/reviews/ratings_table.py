"""RatingsTable (`product_id`, `shard`): the one module that spells its attributes.

An item counts a product's published reviews by their stars, `stars_1` to `stars_5`. A product has several, added up
when read: one item, written by everybody at a product's launch, would be refused half of the time
(TransactionConflict).
"""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engagement.items import from_item, to_item
from engagement.review_links import STARS
from reviews.rating import Rating
from reviews.review import Review

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

# May be changed at any time: a review that leaves is then taken from another item than it was added to, and the sum of
# all is right all the same.
SHARDS = 16


class Ratings:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def write(self, review: Review, growth: Mapping[int, int]) -> "TransactWriteItemTypeDef":
        """For a transaction: add these numbers of reviews, which may be negative, by their stars."""
        return {
            "Update": {
                "TableName": self._table,
                "Key": to_item({"product_id": review.product_id, "shard": _shard(review.review_id)}),
                "UpdateExpression": "ADD " + ", ".join(f"stars_{stars} :stars_{stars}" for stars in growth),
                "ExpressionAttributeValues": to_item({f":stars_{stars}": by for stars, by in growth.items()}),
            }
        }

    def of(self, product_id: str) -> Rating:
        """The product's rating as it is now, by a consistent read; one without reviews where nothing was counted."""
        counted: Counter[int] = Counter(dict.fromkeys(STARS, 0))
        start: dict[str, Any] = {}
        while True:
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="product_id = :product",
                ExpressionAttributeValues=to_item({":product": product_id}),
                ConsistentRead=True,
                **start,
            )
            for item in map(from_item, answer["Items"]):
                counted.update({stars: item.get(f"stars_{stars}", 0) for stars in STARS})
            if "LastEvaluatedKey" not in answer:
                return Rating(dict(counted))
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _shard(review_id: str) -> str:
    """An even share for each: a review's id is a digest."""
    return f"shard-{int(review_id[:8], 16) % SHARDS}"
