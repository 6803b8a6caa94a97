"""NudgedOrdersTable (`order_id`): the one module that spells its attributes.

Each fact about an order is kept once, the first telling of it, and none needs another to be there before it. A refund
is an attribute of its own, `refund#<refund_id>`. `followed`: it is kept for long.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cart_recovery.conditional_update import delete_item, update_item
from cart_recovery.group_names import as_group, group_name
from cart_recovery.product_digests import product_digests
from cart_recovery.rules import Order, Recovery
from engagement.clock import from_text, to_text
from engagement.events.orders import OrderCancelled, OrderFact, OrderPaid, OrderPlaced, OrderRefunded
from engagement.items import to_item
from engagement.money import Money
from engagement.reading import Read, read_together

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_REFUND = "refund#"


class NudgedOrders:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def place(self, fact: OrderPlaced, customers: Sequence[str], expires_at: int) -> Order:
        """The order as it is known from now on; `customers` are those of the first telling."""
        told = {
            "placed_at": to_text(fact.occurred_at),
            "customers": list(customers),
            "cart_id": fact.cart_id,
            "products": sorted(product_digests(line.product_id for line in fact.lines)),
        }
        return self._keep(fact, "placed_at", told, expires_at)

    def pay(self, fact: OrderPaid, expires_at: int) -> Order:
        told = {"paid": fact.amount.model_dump(), "paid_at": to_text(fact.occurred_at)}
        return self._keep(fact, "paid", told, expires_at)

    def refund(self, fact: OrderRefunded, expires_at: int) -> Order:
        name = _REFUND + fact.refund_id
        return self._keep(fact, name, {name: fact.amount.model_dump()}, expires_at)

    def cancel(self, fact: OrderCancelled, expires_at: int) -> Order:
        return self._keep(fact, "cancelled", {"cancelled": True}, expires_at)

    def read(self, order_ids: Iterable[str]) -> list[Order]:
        """Those that are known, by consistent reads."""
        reads = [Read(self._table, {"order_id": order_id}, _order) for order_id in sorted(set(order_ids))]
        return [order for order in read_together(self._client, *reads) if order] if reads else []

    def follow(self, order_id: str, expires_at: int) -> None:
        """Keep the order until then."""
        update_item(
            self._client,
            TableName=self._table,
            Key=to_item({"order_id": order_id}),
            UpdateExpression="SET followed = :followed, expires_at = :expires_at",
            ConditionExpression="attribute_exists(order_id)",
            ExpressionAttributeValues=to_item({":followed": True, ":expires_at": expires_at}),
        )

    def forget(self, order_id: str) -> None:
        """Delete the order. Raises OvertakenError."""
        delete_item(self._client, TableName=self._table, Key=to_item({"order_id": order_id}))

    def count(self, order_id: str, recoveries: Iterable[Recovery]) -> "TransactWriteItemTypeDef":
        """For a transaction: what is counted of the order from now on."""
        counted = {group_name(each.group): _plain(each) for each in recoveries}
        return {
            "Update": {
                "TableName": self._table,
                "Key": to_item({"order_id": order_id}),
                "UpdateExpression": "SET counted = :counted",
                "ExpressionAttributeValues": to_item({":counted": counted}),
            }
        }

    def was_told(self, order_id: str) -> None:
        """CartRecovered went out."""
        update_item(
            self._client,
            TableName=self._table,
            Key=to_item({"order_id": order_id}),
            UpdateExpression="SET told = :told",
            ExpressionAttributeValues=to_item({":told": True}),
        )

    def _keep(self, fact: OrderFact, once: str, told: dict[str, Any], expires_at: int) -> Order:
        """`once`: the attribute that says that this was told before; `expires_at`: if nothing was before."""
        known = {name: value for name, value in told.items() if value is not None}
        names = {f"#{number}": name for number, name in enumerate(known)}
        values = {f":{number}": value for number, value in enumerate(known.values())}
        assignments = ", ".join(f"#{number} = :{number}" for number in range(len(known)))
        item = update_item(
            self._client,
            TableName=self._table,
            Key=to_item({"order_id": fact.order_id}),
            UpdateExpression=f"SET expires_at = if_not_exists(expires_at, :expires_at), {assignments}",
            ConditionExpression="attribute_not_exists(#once)",
            ExpressionAttributeNames={**names, "#once": once},
            ExpressionAttributeValues=to_item({**values, ":expires_at": expires_at}),
        )
        order = _order(item)
        assert order, "an item that was written, or refused to be because it is there"
        return order


def _order(item: dict[str, Any] | None) -> Order | None:
    if item is None:
        return None
    return Order(
        order_id=item["order_id"],
        placed_at=_instant(item, "placed_at"),
        customers=tuple(item.get("customers", ())),
        cart_id=item.get("cart_id"),
        products=frozenset(item.get("products", ())),
        paid=Money(**item["paid"]) if "paid" in item else None,
        paid_at=_instant(item, "paid_at"),
        refunds={
            name.removeprefix(_REFUND): Money(**value)
            for name, value in item.items()
            if name.startswith(_REFUND)
        },
        cancelled=item.get("cancelled", False),
        counted=frozenset(_recovery(*each) for each in item.get("counted", {}).items()),
        followed=item.get("followed", False),
        told=item.get("told", False),
    )


def _instant(item: dict[str, Any], name: str) -> datetime | None:
    return from_text(item[name]) if name in item else None


def _plain(recovery: Recovery) -> dict[str, Any]:
    return {
        "customer_id": recovery.customer_id,
        "cart_id": recovery.cart_id,
        "experiment": recovery.experiment,
        "paid": recovery.paid.model_dump(),
        "refunded": recovery.refunded,
    }


def _recovery(name: str, values: dict[str, Any]) -> Recovery:
    return Recovery(**values | {"group": as_group(name), "paid": Money(**values["paid"])})
