"""What orders do to offers: OffersTable (`code`), and OfferOrdersTable (`order_id`), which this module alone spells.

An order that redeemed offers has an item with their codes; so has one that was cancelled, with codes or without. The
codes are written together with the redemption, and only while the order is not cancelled: whoever cancels it learns of
every code that it holds, and none is added afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.due_work import due_attributes
from engagement.events.orders import OrderPlaced
from engagement.items import from_item, to_item
from engagement.offers import Offer
from engagement.reading import Read, read_together
from offers.table import offer_read

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


@dataclass(frozen=True)
class KeptOrder:
    """`codes`: what the order ever redeemed. `kept_until`: seconds since 1970, 0 if nothing is known of it."""

    codes: frozenset[str] = frozenset()
    cancelled_at: datetime | None = None
    kept_until: int = 0


class Redemptions:
    """Offers and orders, as far as they have to do with each other."""

    def __init__(self, client: "DynamoDBClient", offers_table: str, orders_table: str) -> None:
        self._client = client
        self._offers = offers_table
        self._orders = orders_table

    def look(self, order_id: str, codes: Sequence[str]) -> tuple[KeptOrder, list[Offer | None]]:
        """What is known of the order, and the offers under these codes, none of them twice; in one consistent call."""
        order = Read(self._orders, {"order_id": order_id}, _kept_order)
        found = read_together(self._client, order, *self._reads(codes))
        return found[0], found[1:]

    def offers(self, codes: Sequence[str]) -> list[Offer]:
        """Those under these codes that are not forgotten yet."""
        found = read_together(self._client, *self._reads(codes))
        return [offer for offer in found if offer is not None]

    def redeem(self, order: OrderPlaced, offers: Sequence[Offer], *, keep_until: int) -> bool:
        """Redeem all these offers by the order, or none; from then on they are due for nothing.

        False: one was redeemed or the order cancelled meanwhile, or others write at the same time. Look again.
        """
        try:
            self._client.transact_write_items(
                TransactItems=[
                    self._hold(order.order_id, offers, keep_until),
                    *(self._use(offer, order) for offer in offers),
                ]
            )
        except self._client.exceptions.TransactionCanceledException:
            return False
        return True

    def cancel(self, order_id: str, *, at: datetime, keep_until: int) -> KeptOrder:
        """From now on the order redeems nothing more; told twice with two times, it was cancelled at the first."""
        answer = self._client.update_item(
            TableName=self._orders,
            Key=to_item({"order_id": order_id}),
            UpdateExpression=(
                "SET cancelled_at = if_not_exists(cancelled_at, :at), expires_at = if_not_exists(expires_at, :keep)"
            ),
            ExpressionAttributeValues=to_item({":at": to_text(at), ":keep": keep_until}),
            ReturnValues="ALL_NEW",
        )
        return _kept_order(from_item(answer["Attributes"]))

    def release(self, offer: Offer, order_id: str, *, due_at: datetime) -> bool:
        """The offer is as it was before this order redeemed it, and falls due again. False: it is not the order's."""
        due = due_attributes(offer.code, due_at)
        try:
            self._client.update_item(
                TableName=self._offers,
                Key=to_item({"code": offer.code}),
                UpdateExpression=(
                    "SET due_at = :due_at, due_shard = :due_shard REMOVE redeemed_by, redeemed_at, expired_at"
                ),
                ConditionExpression="redeemed_by = :order",
                ExpressionAttributeValues=to_item(
                    {":order": order_id, **{f":{name}": value for name, value in due.items()}}
                ),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _reads(self, codes: Iterable[str]) -> list[Read[Offer | None]]:
        return [offer_read(self._offers, code) for code in codes]

    def _hold(self, order_id: str, offers: Sequence[Offer], keep_until: int) -> "TransactWriteItemTypeDef":
        return {
            "Update": {
                "TableName": self._orders,
                "Key": to_item({"order_id": order_id}),
                "UpdateExpression": "ADD codes :codes SET expires_at = :keep",
                "ConditionExpression": "attribute_not_exists(cancelled_at)",
                "ExpressionAttributeValues": to_item(
                    {":codes": {offer.code for offer in offers}, ":keep": keep_until}
                ),
            }
        }

    def _use(self, offer: Offer, order: OrderPlaced) -> "TransactWriteItemTypeDef":
        """Whose the offer is and when it ends never changes: the rule has looked at that."""
        return {
            "Update": {
                "TableName": self._offers,
                "Key": to_item({"code": offer.code}),
                "UpdateExpression": "SET redeemed_by = :order, redeemed_at = :at REMOVE due_at, due_shard",
                "ConditionExpression": "attribute_exists(code) AND attribute_not_exists(redeemed_by)",
                "ExpressionAttributeValues": to_item(
                    {":order": order.order_id, ":at": to_text(order.occurred_at)}
                ),
            }
        }


def _kept_order(item: Mapping[str, Any] | None) -> KeptOrder:
    if item is None:
        return KeptOrder()
    return KeptOrder(
        codes=frozenset(item.get("codes", ())),
        cancelled_at=from_text(item["cancelled_at"]) if "cancelled_at" in item else None,
        kept_until=item["expires_at"],
    )
