"""CustomersTable (`customer_id`): the one module that writes it. A profile's attributes are spelled in the layer."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import to_text
from engagement.items import to_item
from engagement.profiles import Profile, profile_attributes

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What may be replaced, by what comes. Facts of one instant are ordered too, so that all orders of arrival end alike:
# a registration comes before an update, an erasure after both.
_OLDER = "told_at < :told_at"
_OLDER_OR_NOT_ERASED = f"{_OLDER} OR (told_at = :told_at AND attribute_not_exists(erased))"
_NOT_NEWER = "told_at <= :told_at"


class Customers:
    """What is known of each customer, as of `told_at`. Each write is one put; False: something newer is known."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def register(self, profile: Profile, told_at: datetime) -> bool:
        return self._put(profile_attributes(profile), told_at, replacing=_OLDER)

    def update(self, profile: Profile, told_at: datetime) -> bool:
        return self._put(profile_attributes(profile), told_at, replacing=_OLDER_OR_NOT_ERASED)

    def erase(self, customer_id: str, told_at: datetime) -> bool:
        """Nothing personal stays. The tombstone does, so that what was told before cannot come back."""
        return self._put({"customer_id": customer_id, "erased": True}, told_at, replacing=_NOT_NEWER)

    def _put(self, attributes: dict[str, Any], told_at: datetime, *, replacing: str) -> bool:
        told_at_text = to_text(told_at)
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(attributes | {"told_at": told_at_text}),
                ConditionExpression=f"attribute_not_exists(customer_id) OR {replacing}",
                ExpressionAttributeValues=to_item({":told_at": told_at_text}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
