"""Consent: what a customer agreed to be mailed about, topic by topic. The one place that spells ConsentTable."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from engagement.clock import to_text
from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Consent:
    """ConsentTable (`customer_id`, `topic`), which `preferences` owns and `mail_delivery` reads."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def granted(self, customer_id: str, topic: str) -> bool | None:
        """True: agreed. False: withdrawn. None: never asked. A consistent read."""
        answer = self._client.get_item(
            TableName=self._table,
            Key=to_item({"customer_id": customer_id, "topic": topic}),
            ConsistentRead=True,
        )
        return bool(from_item(answer["Item"])["granted"]) if "Item" in answer else None

    def decisions(self, customer_id: str) -> dict[str, bool]:
        """Each topic that the customer ever decided about, with the decision."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="customer_id = :customer_id",
            ExpressionAttributeValues=to_item({":customer_id": customer_id}),
            ConsistentRead=True,
        )
        return {item["topic"]: item["granted"] for item in map(from_item, answer["Items"])}

    def withdraw(self, customer_id: str, topics: Iterable[str], *, now: datetime) -> None:
        """The customer's own word, given to us: it holds, even if a grant was told as of a later instant."""
        for topic in sorted(topics):
            if not self._keep(customer_id, topic, granted=False, changed_at=now):
                # Keeps the instant that is ahead of ours, so that the same grant told again does not return.
                self._client.update_item(
                    TableName=self._table,
                    Key=to_item({"customer_id": customer_id, "topic": topic}),
                    UpdateExpression="SET granted = :no",
                    ExpressionAttributeValues=to_item({":no": False}),
                )

    def record(self, customer_id: str, topics: Iterable[str], *, granted: bool, changed_at: datetime) -> None:
        """Keep a decision, unless a newer one is kept already: an old registration told again re-subscribes nobody.

        Of two decisions at the same instant the withdrawal wins.
        """
        for topic in sorted(topics):
            self._keep(customer_id, topic, granted=granted, changed_at=changed_at)

    def _keep(self, customer_id: str, topic: str, *, granted: bool, changed_at: datetime) -> bool:
        newer = "changed_at < :changed_at" if granted else "changed_at <= :changed_at"
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"customer_id": customer_id, "topic": topic}),
                UpdateExpression="SET granted = :granted, changed_at = :changed_at",
                ConditionExpression=f"attribute_not_exists(changed_at) OR {newer}",
                ExpressionAttributeValues=to_item({":granted": granted, ":changed_at": to_text(changed_at)}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
