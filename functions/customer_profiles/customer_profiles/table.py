"""CustomersTable (`customer_id`): the one module that writes it. A profile's attributes are spelled in the layer."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.addresses import address_hash
from engagement.clock import to_text
from engagement.items import to_item
from engagement.profiles import PROFILE_ATTRIBUTES, Profile, profile_attributes

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# When a write is let through. Facts of one instant are ordered too, so that all orders of arrival end alike: a
# registration comes before an update, an erasure after both. A tombstone has `erased_at` and nothing else; of a
# profile, `told_at` is the instant of its newest fact and `registered_at` of the newest registration that came.
_REGISTERS = "attribute_not_exists(customer_id) OR told_at < :at OR erased_at < :at"
_UPDATES = "attribute_not_exists(erased_at) AND (attribute_not_exists(told_at) OR told_at <= :at)"
_ERASES = (
    "(attribute_not_exists(registered_at) OR registered_at <= :at)"
    " AND (attribute_not_exists(erased_at) OR erased_at <= :at)"
)
_COMES_AFTER_ITS_UPDATE = (
    "attribute_exists(told_at) AND (attribute_not_exists(registered_at) OR registered_at < :at)"
)


class Customers:
    """What is known of each customer. Every write says whether it was news; False: something newer is known.

    A customer who was erased comes back by a registration that is later than the erasure, and by nothing else.
    """

    def __init__(self, client: "DynamoDBClient", table: str, hash_key: bytes) -> None:
        self._client = client
        self._table = table
        self._hash_key = hash_key

    def register(self, profile: Profile, at: datetime) -> bool:
        """A registration that comes after an update of its profile leaves the update, and its own instant beside it:
        an erasure that is older than the registration, and comes still later, must not take the customer for its own.
        """
        told = self._told(profile, at) | {"registered_at": to_text(at)}
        if self._put(told, at, _REGISTERS):
            return True
        registered = {"registered_at": to_text(at)}
        # Put once more where neither held: an erasure came between the two.
        return self._set(profile.customer_id, registered, at, _COMES_AFTER_ITS_UPDATE) or self._put(
            told, at, _REGISTERS
        )

    def update(self, profile: Profile, at: datetime) -> bool:
        told = self._told(profile, at)
        del told["customer_id"]
        gone = [name for name in PROFILE_ATTRIBUTES if name not in told and name != "customer_id"]
        return self._set(profile.customer_id, told, at, _UPDATES, gone)

    def erase(self, customer_id: str, at: datetime) -> bool:
        """Nothing personal stays. The tombstone does, so that what is told of before, or without a registration,
        cannot come back.
        """
        return self._put({"customer_id": customer_id, "erased_at": to_text(at)}, at, _ERASES)

    def _told(self, profile: Profile, at: datetime) -> dict[str, Any]:
        # By the hash others find the customer of an address; an index on the address itself would be a directory.
        return profile_attributes(profile) | {
            "told_at": to_text(at),
            "address_hash": address_hash(self._hash_key, profile.email),
        }

    def _put(self, attributes: dict[str, Any], at: datetime, condition: str) -> bool:
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(attributes),
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item({":at": to_text(at)}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _set(
        self,
        customer_id: str,
        attributes: dict[str, Any],
        at: datetime,
        condition: str,
        gone: list[str] | None = None,
    ) -> bool:
        # Each name by a placeholder: `name` is a word of DynamoDB's own.
        sets = ", ".join(f"#{name} = :{name}" for name in attributes)
        removes = " REMOVE " + ", ".join(f"#{name}" for name in gone) if gone else ""
        values = {f":{name}": value for name, value in attributes.items()}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"customer_id": customer_id}),
                UpdateExpression=f"SET {sets}{removes}",
                ConditionExpression=condition,
                ExpressionAttributeNames={f"#{name}": name for name in [*attributes, *(gone or [])]},
                ExpressionAttributeValues=to_item(values | {":at": to_text(at)}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
