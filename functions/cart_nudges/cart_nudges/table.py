"""CartsTable (`cart_id`): the one module that spells its attributes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cart_nudges.rules import Cart, CartStatus
from engagement.clock import from_text, to_text
from engagement.due_work import DueWork, due_attributes
from engagement.events.base import Line
from engagement.items import to_item
from engagement.mail_orders import Premise

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


# A bought cart stays bought, and an update that overtook an older one stays.
_IS_NEWS = "attribute_not_exists(cart_id) OR (cart_status = :open AND activity_at < :activity_at)"
# The same emptying told again counts again: whoever was killed after it may not have called the nudge off.
_IS_NO_OLDER = "attribute_not_exists(cart_id) OR (cart_status = :open AND activity_at <= :activity_at)"


@dataclass(frozen=True)
class Kept:
    """A cart was kept. `nudge_begun`: a sweep had taken it on before, so that a mail may be on its way."""

    nudge_begun: bool


class Carts:
    """The carts, and what is due about them."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self.due_work = DueWork(client, table, key_name="cart_id")

    def keep(
        self, cart: Cart, activity_at: datetime, *, due_at: datetime | None, keep_for: timedelta
    ) -> Kept | None:
        """Keep an open cart as of `activity_at`, in one write. None: something newer is known, or it was bought."""
        values: dict[str, Any] = {
            "cart_status": cart.status,
            "activity_at": to_text(activity_at),
            "customer_id": cart.customer_id,
            "cart_lines": [line.model_dump(exclude_none=True) for line in cart.lines],
            "expires_at": int((activity_at + keep_for).timestamp()),
            **(due_attributes(cart.cart_id, due_at) if due_at else {"due_at": None, "due_shard": None}),
        }
        present = {name: value for name, value in values.items() if value is not None}
        absent = sorted(values.keys() - present.keys())
        update = "SET " + ", ".join(f"{name} = :{name}" for name in present)
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=to_item({"cart_id": cart.cart_id}),
                UpdateExpression=update + (f" REMOVE {', '.join(absent)}" if absent else ""),
                ConditionExpression=_IS_NEWS if cart.lines else _IS_NO_OLDER,
                ExpressionAttributeValues=to_item(
                    {f":{name}": value for name, value in present.items()} | {":open": CartStatus.OPEN}
                ),
                ReturnValues="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return Kept(nudge_begun="claimed_at" in answer.get("Attributes", {}))

    def premise(self, cart: Cart) -> Premise:
        """A nudge is about a cart that is open, and as it was at its last activity."""
        activity_at = to_text(cart.activity_at) if cart.activity_at else None
        return Premise(
            table=self._table,
            key={"cart_id": cart.cart_id},
            still={"cart_status": cart.status, "activity_at": activity_at},
        )

    def close_as_bought(self, cart_id: str, *, expires_at: datetime) -> bool:
        """Bought, for good: a cart update that comes later opens nothing. True: a nudge had been begun before."""
        answer = self._client.update_item(
            TableName=self._table,
            Key=to_item({"cart_id": cart_id}),
            UpdateExpression="SET cart_status = :bought, expires_at = :expires_at REMOVE due_at, due_shard, cart_lines",
            ExpressionAttributeValues=to_item(
                {":bought": CartStatus.BOUGHT, ":expires_at": int(expires_at.timestamp())}
            ),
            ReturnValues="ALL_OLD",
        )
        return "claimed_at" in answer.get("Attributes", {})


def cart_of(item: dict[str, Any]) -> Cart:
    """A cart from its item's plain values."""
    return Cart(
        cart_id=item["cart_id"],
        status=CartStatus(item["cart_status"]),
        activity_at=from_text(item["activity_at"]) if "activity_at" in item else None,
        customer_id=item.get("customer_id"),
        lines=tuple(Line.model_validate(line) for line in item.get("cart_lines", ())),
        nudged="nudged_at" in item,
    )
