"""ReviewRequestsTable (`customer_id`, `record_id`): the one module that spells its attributes.

A customer's records share a partition: `customer`, `order#<order>`, `request#<lead order>`, `reviewed#<product>`. The
first is written with every change, on condition that it is as it was read: what is decided upon all is still true of
all. It is the one that falls due.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.due_work import DueWork, due_attributes
from engagement.items import from_item, to_item
from engagement.mail_orders import Premise
from engagement.observability import customer_ref
from review_requests.campaign import ReviewRequestSettings
from review_requests.customers import Customer, Request
from review_requests.orders import Known, Order

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY_NAMES = ("customer_id", "record_id")
_CUSTOMER = "customer"
_ORDER, _REQUEST, _REVIEWED = "order#", "request#", "reviewed#"
# Of a transaction: its conditions were not met, or another was faster.
_LOST = frozenset(("ConditionalCheckFailed", "TransactionConflict"))


class ReviewRequests:
    """Customers with their orders and requests, and whose turn it is."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self.due_work = DueWork(client, table, key_names=KEY_NAMES, log_as=_log_as)

    def read(self, customer_id: str) -> Customer:
        """All that is known, by consistent reads: one call as long as it fits 1 MB."""
        return _customer(customer_id, [from_item(item) for item in self._records(customer_id)])

    def write(self, old: Customer, new: Customer, *, now: datetime, settings: ReviewRequestSettings) -> bool:
        """Write what is new, in one transaction, or where only the next look moved in one update. False: somebody else
        wrote since `old` was read.
        """
        update = self._update_of(old, new, new.expires_at(now, settings))
        writes: list[Any] = [*self._changes(old, new, settings)]
        if not writes:
            return self._update_alone(update)
        try:
            self._client.transact_write_items(TransactItems=[*writes, {"Update": update}])
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = {reason.get("Code", "None") for reason in cancelled.response["CancellationReasons"]}
            if codes <= _LOST | {"None"}:
                return False
            raise
        return True

    def forget(self, customer_id: str) -> None:
        """Delete all of a customer's records. Killed in between, it is done again with its fact."""
        for item in self._records(customer_id, only_keys=True):
            self._client.delete_item(TableName=self._table, Key={name: item[name] for name in KEY_NAMES})

    def premise(self, customer: Customer) -> Premise:
        """A mail is true as long as the shop told nothing more of its customer."""
        return Premise(
            table=self._table,
            key={"customer_id": customer.customer_id, "record_id": _CUSTOMER},
            still={"revision": customer.revision},
        )

    def _records(self, customer_id: str, *, only_keys: bool = False) -> Iterator[dict[str, Any]]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "customer_id = :customer",
            "ExpressionAttributeValues": to_item({":customer": customer_id}),
            "ConsistentRead": True,
        }
        if only_keys:
            request["ProjectionExpression"] = ", ".join(KEY_NAMES)
        while True:
            answer = self._client.query(**request)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _changes(
        self, old: Customer, new: Customer, settings: ReviewRequestSettings
    ) -> Iterator[dict[str, Any]]:
        for order_id, order in new.orders.items():
            if order != old.orders.get(order_id):
                expires_at = order.told_at + settings.keep_request_for
                yield self._put(new, _ORDER + order_id, expires_at, _json(order))
        for lead, request in new.requests.items():
            expires_at, before = new.request_expires_at(request, settings), old.requests.get(lead)
            # An order that was told of anew is kept longer, and must not outlive what says that it was asked about.
            if request != before or expires_at != old.request_expires_at(before, settings):
                yield self._put(new, _REQUEST + lead, expires_at, _json(request))
        for product_id, at in new.reviewed.items():
            if at != old.reviewed.get(product_id):
                expires_at = at + settings.keep_reviewed_for
                yield self._put(new, _REVIEWED + product_id, expires_at, {"reviewed_at": to_text(at)})

    def _put(
        self, customer: Customer, record_id: str, expires_at: datetime, values: dict[str, Any]
    ) -> dict[str, Any]:
        key = {"customer_id": customer.customer_id, "record_id": record_id}
        item = to_item({**values, **key, "expires_at": int(expires_at.timestamp())})
        return {"Put": {"TableName": self._table, "Item": item}}

    def _update_of(self, old: Customer, new: Customer, expires_at: datetime) -> Any:
        values: dict[str, Any] = {
            "version": old.version + 1,
            "revision": new.revision,
            "expires_at": int(expires_at.timestamp()),
            **(due_attributes(new.customer_id, new.due_at) if new.due_at else {}),
        }
        condition = "version = :old_version" if old.version else "attribute_not_exists(version)"
        known: dict[str, Any] = {":old_version": old.version} if old.version else {}
        return {
            "TableName": self._table,
            "Key": to_item({"customer_id": new.customer_id, "record_id": _CUSTOMER}),
            "UpdateExpression": "SET "
            + ", ".join(f"{name} = :{name}" for name in values)
            + ("" if new.due_at else " REMOVE due_at, due_shard"),
            "ConditionExpression": condition,
            "ExpressionAttributeValues": to_item(
                {f":{name}": value for name, value in values.items()} | known
            ),
        }

    def _update_alone(self, update: dict[str, Any]) -> bool:
        try:
            self._client.update_item(**update)
        except (
            self._client.exceptions.ConditionalCheckFailedException,
            self._client.exceptions.TransactionConflictException,
        ):
            return False
        return True


def _log_as(item: dict[str, Any]) -> dict[str, str]:
    return {"customer_ref": customer_ref(item["customer_id"])}


def _json(record: Known) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_defaults=True)


def _customer(customer_id: str, items: list[dict[str, Any]]) -> Customer:
    orders: dict[str, Order] = {}
    requests: dict[str, Request] = {}
    reviewed: dict[str, datetime] = {}
    own: dict[str, Any] = {}
    for item in items:
        kind, mark, name = item["record_id"].partition("#")
        match kind + mark:
            case "order#":
                orders[name] = Order.model_validate(item)
            case "request#":
                requests[name] = Request.model_validate(item)
            case "reviewed#":
                reviewed[name] = from_text(item["reviewed_at"])
            case _:
                own = item
    return Customer(
        customer_id=customer_id,
        version=own.get("version", 0),
        revision=own.get("revision", "0"),
        due_at=from_text(own["due_at"]) if "due_at" in own else None,
        orders=orders,
        requests=requests,
        reviewed=reviewed,
    )
