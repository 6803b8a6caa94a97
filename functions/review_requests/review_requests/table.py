"""ReviewRequestsTable (`order_id`): the one module that spells its attributes."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.due_work import DueWork, due_attributes
from engagement.items import from_item, to_item
from engagement.mail_orders import Premise
from review_requests.rules import Closed, Product, ReviewRequest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ReviewRequests:
    """The requests, and what is due about them."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self.due_work = DueWork(client, table, key_name="order_id")

    def open(
        self,
        order_id: str,
        customer_id: str,
        products: tuple[Product, ...],
        *,
        delivered_at: datetime,
        due_at: datetime,
        expires_at: datetime,
    ) -> bool:
        """Open a request, or move it to a later delivery, in one write.

        False: it is closed or begun, or this delivery is no later than the one that is known.
        """
        values: dict[str, Any] = {
            "customer_id": customer_id,
            "products": [asdict(product) for product in products],
            "delivered_at": to_text(delivered_at),
            "expires_at": int(expires_at.timestamp()),
            **due_attributes(order_id, due_at),
        }
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"order_id": order_id}),
                UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in values),
                ConditionExpression="attribute_not_exists(closed_because) AND attribute_not_exists(claimed_at)"
                " AND (attribute_not_exists(delivered_at) OR delivered_at < :delivered_at)",
                ExpressionAttributeValues=to_item({f":{name}": value for name, value in values.items()}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def premise(self, request: ReviewRequest) -> Premise:
        """A request is about a delivery that was not called off, sent back or reviewed since."""
        delivered_at = to_text(request.delivered_at) if request.delivered_at else None
        return Premise(
            table=self._table,
            key={"order_id": request.order_id},
            still={"closed_because": None, "delivered_at": delivered_at},
        )

    def close(self, order_id: str, reason: Closed, *, expires_at: datetime) -> ReviewRequest:
        """Close a request for good, or leave a tombstone where none is open yet; the first reason stays.

        Returns the request as it is then, so that whoever closed it knows whether it had begun.
        """
        answer = self._client.update_item(
            TableName=self._table,
            Key=to_item({"order_id": order_id}),
            UpdateExpression="SET closed_because = if_not_exists(closed_because, :reason), expires_at = :expires_at"
            " REMOVE due_at, due_shard, products",
            ExpressionAttributeValues=to_item(
                {":reason": reason, ":expires_at": int(expires_at.timestamp())}
            ),
            ReturnValues="ALL_NEW",
        )
        return request_of(from_item(answer["Attributes"]))


def request_of(item: dict[str, Any]) -> ReviewRequest:
    """A request from its item's plain values."""
    return ReviewRequest(
        order_id=item["order_id"],
        delivered_at=from_text(item["delivered_at"]) if "delivered_at" in item else None,
        customer_id=item.get("customer_id"),
        products=tuple(Product(**product) for product in item.get("products", ())),
        closed=Closed(item["closed_because"]) if "closed_because" in item else None,
        begun="claimed_at" in item,
        asked="asked_at" in item,
    )
