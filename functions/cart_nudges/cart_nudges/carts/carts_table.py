"""CartsTable (`cart_id`): with `cart_items.py` the one place that spells its attributes."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from cart_nudges.carts.cart_items import cart_of, plain_handed
from cart_nudges.carts.cart_writes import CartWrite
from cart_nudges.carts.rules import Cart, CartStatus, Handed, News, Told
from engagement.clock import to_text
from engagement.items import from_item, to_item
from engagement.mail_orders import Premise
from engagement.reading import Read, read_together

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_SHOPPER = "by_shopper"
# Empty ones among them. Nobody has so many; where somebody does, nobody can say which of them they mean.
_MOST_CARTS = 200

_IS_OPEN = "attribute_not_exists(cart_status) OR cart_status = :open"
_NEW_ACTIVITY = (
    "attribute_not_exists(activity_at) OR activity_at < :activity_at"
    " OR (activity_at = :activity_at AND contents < :contents)"
)
_NEW_IDENTITY = "attribute_not_exists(known_at) OR known_at < :known_at"
_EARLIER = "attribute_not_exists(begun_at) OR begun_at > :begun_at"
_FIRST_MERGER = (
    "attribute_not_exists(merged_at) OR merged_at > :merged_at"
    " OR (merged_at = :merged_at AND merged_into > :merged_into)"
)
# What a bought cart loses. It keeps what its mails are counted by, and since when its purchase counts.
_OF_OPEN_CARTS = (
    "customer_id",
    "address_hash",
    "shopper",
    "known_at",
    "activity_at",
    "contents",
    "cart_lines",
    "abandoned_at",
)


class Written(NamedTuple):
    """Whether a write was done, or else refused by its condition; and the cart as it stood then."""

    done: bool
    cart: Cart


class Carts:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def reading(self, cart_id: str) -> Read[Cart | None]:
        """The read of one cart, to be put together with others; None for one that nobody told us of."""
        return Read(self._table, {"cart_id": cart_id}, lambda item: cart_of(item) if item else None)

    def open_carts_of(self, shoppers: Iterable[str]) -> list[Cart] | None:
        """Their carts that are open and hold something, as they are now. Which they are an index says, which may be a
        second old. None: they have too many to look at.
        """
        found = dict.fromkeys(cart_id for shopper in shoppers for cart_id in self._ids_of(shopper))
        if len(found) > _MOST_CARTS:
            return None
        carts = read_together(self._client, *map(self.reading, found)) if found else []
        return [cart for cart in carts if cart and cart.status is CartStatus.OPEN and cart.lines]

    def all_carts_of(self, shopper: str) -> list[Cart]:
        """Their carts that are not bought, empty ones among them, as they are now."""
        found: list[str] = []
        start: dict[str, Any] = {}
        while True:
            answer = self._client.query(**self._of_shopper(shopper), **start)
            found += (from_item(row)["cart_id"] for row in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                break
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        carts = read_together(self._client, *map(self.reading, found)) if found else []
        return [cart for cart in carts if cart and cart.shopper == shopper]

    def forget(self, cart_id: str, until: datetime) -> None:
        """Delete a cart, unless it was active later than that (UTC)."""
        try:
            self._client.delete_item(
                TableName=self._table,
                Key=to_item({"cart_id": cart_id}),
                ConditionExpression="attribute_not_exists(activity_at) OR activity_at <= :until",
                ExpressionAttributeValues=to_item({":until": to_text(until)}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def premise(self, cart: Cart) -> Premise:
        """A nudge is about a cart that is as it was at its last activity: neither bought nor changed, nor another's.
        What was ordered since it was begun is left out, so that an earlier beginning may leave out more.
        """
        still = {
            "cart_status": str(cart.status),
            "activity_at": to_text(cart.activity_at) if cart.activity_at else None,
            "contents": cart.contents,
            "begun_at": to_text(cart.begun_at) if cart.begun_at else None,
            "customer_id": cart.customer_id,
            "address_hash": cart.address_hash,
        }
        return Premise(table=self._table, key={"cart_id": cart.cart_id}, still=still)

    def keep(
        self, cart_id: str, told: Told, parts: Collection[News], *, timer_at: datetime, expires_at: datetime
    ) -> Written:
        """Keep these parts of what was told, in one write: all of them, or none where one is no news any more.
        Somebody's cart with something in it gets the timer, if it has none.
        """
        write = CartWrite()
        if News.ACTIVITY in parts:
            write.on_condition(_NEW_ACTIVITY)
            write.set(
                cart_status=CartStatus.OPEN,
                activity_at=told.at,
                contents=told.contents,
                cart_lines=[line.model_dump(exclude_defaults=True) for line in told.lines] or None,
                expires_at=_seconds(expires_at),
            )
            if News.BEGINNING not in parts:
                write.set_once(begun_at=told.at)
            if told.lines and told.shopper:
                write.set_once(timer_at=timer_at)
        else:
            write.set_once(expires_at=_seconds(expires_at))
        if News.IDENTITY in parts:
            write.on_condition(_NEW_IDENTITY)
            write.set(
                customer_id=told.customer_id,
                address_hash=told.address_hash,
                shopper=told.shopper,
                known_at=told.known_at,
            )
        if News.BEGINNING in parts:
            write.on_condition(_EARLIER)
            write.set(begun_at=told.at)
        if News.MERGER in parts:
            write.on_condition(_FIRST_MERGER)
            write.set(merged_into=told.merged_into, merged_at=told.at)
        if {News.ACTIVITY, News.IDENTITY} & set(parts):
            write.on_condition(_IS_OPEN, open=CartStatus.OPEN)
        return self._write(cart_id, write)

    def set_timer(self, cart_id: str, at: datetime) -> Written:
        """Somebody's open cart with something in it gets this timer, if it has none."""
        write = CartWrite()
        write.set(timer_at=at)
        for needed in ("cart_lines", "shopper"):
            write.on_condition(f"attribute_exists({needed})")
        write.on_condition("attribute_not_exists(timer_at)")
        return self._write(cart_id, write)

    def close_as_bought(self, cart_id: str, *, at: datetime, expires_at: datetime) -> Cart:
        """Bought `at`, for good: a cart's update that comes later opens nothing. Answers with the cart as it
        stands then.
        """
        write = CartWrite()
        # Of several orders of one cart, the last one.
        write.on_condition("attribute_not_exists(bought_at) OR bought_at < :bought_at")
        write.set(cart_status=CartStatus.BOUGHT, bought_at=at, expires_at=_seconds(expires_at))
        write.set(**dict.fromkeys(_OF_OPEN_CARTS))
        return self._write(cart_id, write).cart

    def inherit(
        self, heir_id: str, *, steps_over: int, begun_at: datetime | None, expires_at: datetime
    ) -> None:
        """What became of a cart counts for its heir, which it became part of, and for the heir's own heirs: a step is
        not taken twice about the same things, nor is what was bought since they were first looked at.
        """
        passed: set[str] = set()
        following: str | None = heir_id
        while following and following not in passed:
            passed.add(following)
            heir = Cart(following, CartStatus.OPEN)
            for write in _inheritances(steps_over, begun_at):
                write.set_once(cart_status=CartStatus.OPEN, expires_at=_seconds(expires_at))
                _, heir = self._write(following, write)
            following = heir.merged_into

    def settle(
        self,
        cart: Cart,
        *,
        steps_over: int,
        handed: Handed | None,
        abandoned_at: datetime | None,
        timer_at: datetime | None,
    ) -> bool:
        """What a sweep found out about `cart`, as it saw it. False, and nothing is kept: it has another timer by now,
        or inherited steps; or, where it is to have none, it was active since, which counts on the timer there is.
        """
        write = CartWrite()
        write.set(steps_over=steps_over or None, abandoned_at=abandoned_at, timer_at=timer_at)
        write.set(handed=plain_handed(handed) if handed else None)
        write.as_seen(timer_at=cart.timer_at, steps_over=cart.steps_over or None)
        if timer_at is None:
            write.as_seen(activity_at=cart.activity_at, contents=cart.contents)
        return self._write(cart.cart_id, write).done

    def _write(self, cart_id: str, write: CartWrite) -> Written:
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=to_item({"cart_id": cart_id}),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **write.request(),
            )
        except self._client.exceptions.ConditionalCheckFailedException as refusal:
            met = refusal.response.get("Item") or to_item({"cart_id": cart_id})
            return Written(done=False, cart=cart_of(from_item(met)))  # type: ignore[arg-type]
        return Written(done=True, cart=cart_of(from_item(answer["Attributes"])))

    def _ids_of(self, shopper: str) -> Iterator[str]:
        answer = self._client.query(**self._of_shopper(shopper), Limit=_MOST_CARTS + 1)
        return (from_item(row)["cart_id"] for row in answer["Items"])

    def _of_shopper(self, shopper: str) -> Any:
        return {
            "TableName": self._table,
            "IndexName": BY_SHOPPER,
            "KeyConditionExpression": "shopper = :shopper",
            "ExpressionAttributeValues": to_item({":shopper": shopper}),
        }


def _inheritances(steps_over: int, begun_at: datetime | None) -> Iterator[CartWrite]:
    if steps_over:
        write = CartWrite()
        write.on_condition("attribute_not_exists(steps_over) OR steps_over < :steps_over")
        write.set(steps_over=steps_over)
        yield write
    if begun_at:
        write = CartWrite()
        write.on_condition(_EARLIER)
        write.set(begun_at=begun_at)
        yield write


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
