"""CartShoppersTable (`shopper`): what each customer, or address, ordered lately, and when they last had an incentive.
The one module that spells its attributes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, batched
from typing import TYPE_CHECKING, Any

from cart_nudges.carts.rules import of_customer
from engagement.clock import from_text, to_text
from engagement.errors import RetryLaterError
from engagement.items import from_item, to_item
from engagement.mail_orders import Premise
from engagement.reading import Read, read_one

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Each order is an attribute of its own, so that noting it is one write whatever there is. No order's id has a "#".
_ORDER = "order#"
# At 100 letters an id, an order takes the room of two products, and these take half of what an item holds. Who orders
# more within a month is a trader; the newest orders stay.
_MOST_PARTS, _PARTS_OF_AN_ORDER = 2000, 2
# An expression takes 300 operands at most.
_DROPPED_AT_ONCE = 100


@dataclass(frozen=True)
class Purchase:
    """An order, placed `at` (UTC, the shop's clock), and what was in it."""

    order_id: str
    at: datetime
    product_ids: tuple[str, ...]


@dataclass(frozen=True)
class Shopper:
    """`latest_order` is the order that was told last: a new one changes it. `incentive_key`: the send key for which
    they were given an incentive last.
    """

    shopper: str
    purchases: tuple[Purchase, ...] = ()
    latest_order: str | None = None
    incentive_key: str | None = None


class Shoppers:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def reading(self, shopper: str) -> Read[Shopper]:
        """The read of one shopper, to be put together with others; one who ordered nothing is none the less one."""
        return Read(
            self._table, {"shopper": shopper}, lambda item: _shopper({"shopper": shopper} | (item or {}))
        )

    def premise(self, shopper: Shopper) -> Premise:
        """A nudge is about what its shopper has not ordered: it is written upon there being no newer order."""
        still = {"latest_order": shopper.latest_order}
        return Premise(table=self._table, key={"shopper": shopper.shopper}, still=still)

    def record_order(
        self, shopper: str, *, order_id: str, at: datetime, product_ids: Sequence[str], keep_for: timedelta
    ) -> None:
        """Note an order; one that is known already changes nothing. What is older than `keep_for`, or too much to
        keep, is dropped.
        """
        _, known = self._keep(
            shopper,
            "SET #order = :purchase, latest_order = :order_id",
            "attribute_not_exists(#order)",
            {
                ":purchase": {"at": to_text(at), "products": list(dict.fromkeys(product_ids))},
                ":order_id": order_id,
            },
            until=at + keep_for,
            names={"#order": _ORDER + order_id},
        )
        for dropped in batched(_to_drop(_shopper(known).purchases, keep_for), _DROPPED_AT_ONCE, strict=False):
            names = {f"#old_{number}": _ORDER + old for number, old in enumerate(dropped)}
            self._update(shopper, f"REMOVE {', '.join(names)}", "attribute_exists(shopper)", {}, names)

    def claim_incentive(
        self, customer_id: str, key: str, *, now: datetime, not_again_for: timedelta, keep_for: timedelta
    ) -> bool:
        """Whether the customer may have an incentive for the mail with this send key: they had none, or none for so
        long, or it is for this mail that they have it. It is theirs then.
        """
        done, known = self._keep(
            of_customer(customer_id),
            "SET incentive_key = :key, incentive_at = :now",
            "attribute_not_exists(incentive_key) OR incentive_at <= :long_ago",
            {":key": key, ":now": to_text(now), ":long_ago": to_text(now - not_again_for)},
            until=now + keep_for,
        )
        return done or known.get("incentive_key") == key

    def release_incentive(self, customer_id: str, key: str) -> None:
        """The mail with this send key did not reach them: they had no incentive. That of another mail stays."""
        self._update(
            of_customer(customer_id),
            "REMOVE incentive_key, incentive_at",
            "incentive_key = :key",
            {":key": key},
        )

    def forget(self, shopper: str, until: datetime) -> None:
        """Delete what was ordered until then (UTC), and the incentive; who ordered since has come back and keeps all.
        Raises RetryLaterError.
        """
        known = read_one(self._client, self.reading(shopper))
        if any(purchase.at > until for purchase in known.purchases):
            return
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(latest_order)"}
        if known.latest_order:
            condition = {
                "ConditionExpression": "latest_order = :seen",
                "ExpressionAttributeValues": to_item({":seen": known.latest_order}),
            }
        try:
            self._client.delete_item(TableName=self._table, Key=to_item({"shopper": shopper}), **condition)
        except self._client.exceptions.ConditionalCheckFailedException:
            raise RetryLaterError("an order came meanwhile") from None

    def _keep(
        self,
        shopper: str,
        update: str,
        condition: str,
        values: Mapping[str, Any],
        *,
        until: datetime,
        names: Mapping[str, str] | None = None,
    ) -> tuple[bool, dict[str, Any]]:
        """As `_update`; and the item is kept until then, or longer if it was to be."""
        expires_at = int(until.timestamp())
        done, item = self._update(
            shopper,
            f"{update}, expires_at = :expires_at",
            f"({condition}) AND (attribute_not_exists(expires_at) OR expires_at <= :expires_at)",
            {**values, ":expires_at": expires_at},
            names,
        )
        if not done and item.get("expires_at", 0) > expires_at:
            return self._update(shopper, update, condition, values, names)
        return done, item

    def _update(
        self,
        shopper: str,
        update: str,
        condition: str,
        values: Mapping[str, Any],
        names: Mapping[str, str] | None = None,
    ) -> tuple[bool, dict[str, Any]]:
        """Whether the condition held, and the item's plain values afterwards."""
        # DynamoDB refuses either where it is empty.
        placeholders: dict[str, Any] = {
            "ExpressionAttributeValues": to_item(values),
            "ExpressionAttributeNames": names,
        }
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=to_item({"shopper": shopper}),
                UpdateExpression=update,
                ConditionExpression=condition,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **{name: given for name, given in placeholders.items() if given},
            )
        except self._client.exceptions.ConditionalCheckFailedException as refusal:
            met = refusal.response.get("Item") or to_item({"shopper": shopper})
            return False, from_item(met)  # type: ignore[arg-type]
        return True, from_item(answer["Attributes"])


def _to_drop(purchases: Sequence[Purchase], keep_for: timedelta) -> list[str]:
    """The orders that are older than the newest one by more than that, or are too much to keep."""
    newest_first = sorted(purchases, key=lambda each: (each.at, each.order_id), reverse=True)
    sums = accumulate(_PARTS_OF_AN_ORDER + len(each.product_ids) for each in newest_first)
    return [
        each.order_id
        for each, parts in zip(newest_first, sums, strict=True)
        if each.at < newest_first[0].at - keep_for or parts > _MOST_PARTS
    ]


def _shopper(item: dict[str, Any]) -> Shopper:
    return Shopper(
        shopper=item["shopper"],
        purchases=tuple(
            Purchase(name.removeprefix(_ORDER), from_text(value["at"]), tuple(value["products"]))
            for name, value in item.items()
            if name.startswith(_ORDER)
        ),
        latest_order=item.get("latest_order"),
        incentive_key=item.get("incentive_key"),
    )
