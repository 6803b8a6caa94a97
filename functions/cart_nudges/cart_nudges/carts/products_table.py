"""ProductsTable (`product_id`): products as they are sold now. The one module that spells its attributes."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.errors import RetryLaterError
from engagement.events.products import ProductChanged
from engagement.items import from_item, to_item
from engagement.mail_orders import Premise
from engagement.money import Money
from engagement.reading import Read

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_IS_CHANGE = (
    "attribute_not_exists(product_id) OR (told_at < :told_at AND contents <> :contents)"
    # Of two states of one instant, the one in which nobody is offered what is sold out.
    " OR (told_at = :told_at AND availability < :availability)"
)
_IS_AS_SEEN = "told_at = :told_at AND changed_at = :changed_at AND contents = :contents"
# In the order of the alphabet, for the condition above.
_IN_STOCK, _SOLD_OUT = "in_stock", "sold_out"
# Alone it takes one; each further one is a race lost to others.
_ATTEMPTS = 4


@dataclass(frozen=True)
class Product:
    """A product as the shop told it last, at `told_at`; `prices`: one for each currency. It is so since `changed_at` at
    the latest: a shop may tell again what did not change. Both are UTC, by the shop's clock.
    """

    product_id: str
    name: str
    prices: tuple[Money, ...]
    available: bool
    image_url: str | None
    told_at: datetime
    changed_at: datetime


class Products:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def reading(self, product_id: str) -> Read[Product | None]:
        """The read of one product, to be put together with others; None for one that nobody told us of."""
        return Read(self._table, {"product_id": product_id}, lambda item: _product(item) if item else None)

    def premise(self, product_id: str, product: Product | None) -> Premise:
        """A mail shows the product as it was told last; told again, it is no other."""
        still = {
            "changed_at": to_text(product.changed_at) if product else None,
            "availability": _availability(product.available) if product else None,
        }
        return Premise(table=self._table, key={"product_id": product_id}, still=still)

    def keep(self, fact: ProductChanged) -> bool:
        """Keep the product as of the fact's instant: in one write where it changed, in two where it was only told
        again. False: nothing is new. Any number of times, in any order, what was told last stays.

        Raises RetryLaterError where others keep changing it.
        """
        told = _item(fact)
        for _ in range(_ATTEMPTS):
            known = self._put(told, _IS_CHANGE, told, "told_at", "contents", "availability")
            if known is None:
                return True
            again = _told_again(known, told)
            if again is None:
                return False
            if self._put(again, _IS_AS_SEEN, known, "told_at", "changed_at", "contents") is None:
                return True
        raise RetryLaterError("others kept writing this product")

    def _put(
        self, item: dict[str, Any], condition: str, of: dict[str, Any], *names: str
    ) -> dict[str, Any] | None:
        """None: it is put. Else its condition, which compares with these attributes `of` an item, met this one."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(item),
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item({f":{name}": of[name] for name in names}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refusal:
            return from_item(refusal.response.get("Item", {}))  # type: ignore[arg-type]
        return None


def _told_again(known: dict[str, Any], told: dict[str, Any]) -> dict[str, Any] | None:
    """What is known by what was told and is no change of it; None: the same as before."""
    if told["told_at"] > known["told_at"]:
        return known | {"told_at": told["told_at"]}
    # It was something else in between, and changed back by its last telling.
    if told["contents"] != known["contents"] and told["told_at"] >= known["changed_at"] < known["told_at"]:
        return known | {"changed_at": known["told_at"]}
    return None


def _item(fact: ProductChanged) -> dict[str, Any]:
    told_at = to_text(fact.occurred_at)
    shown = {
        "name": fact.name,
        "prices": {price.currency: price.amount_minor for price in fact.prices},
        "availability": _availability(fact.available),
        "image_url": fact.image_url,
    }
    contents = sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]
    key = {"product_id": fact.product_id}
    return key | shown | {"contents": contents, "told_at": told_at, "changed_at": told_at}


def _availability(available: bool) -> str:  # noqa: FBT001 - it is the one thing that it is about
    return _IN_STOCK if available else _SOLD_OUT


def _product(item: dict[str, Any]) -> Product:
    return Product(
        product_id=item["product_id"],
        name=item["name"],
        prices=tuple(Money(amount_minor=amount, currency=code) for code, amount in item["prices"].items()),
        available=item["availability"] == _IN_STOCK,
        image_url=item.get("image_url"),
        told_at=from_text(item["told_at"]),
        changed_at=from_text(item["changed_at"]),
    )
