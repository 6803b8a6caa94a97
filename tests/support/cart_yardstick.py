"""What the shop told of a few carts, as plainly as it can be thought: the yardstick for our own tracking, which knows
nothing of tables and timers.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engagement.events.base import Event, Line
from engagement.events.carts import CartDeleted, CartsMerged, CartUpdated
from engagement.events.orders import OrderPlaced
from engagement.events.products import ProductChanged
from engagement.money import Money

CARTS = ("cart-1", "cart-2", "cart-3")
# The clock that tells of orders, and the one that tells of carts.
CLOCKS_APART = timedelta(minutes=5)
ASHA = "asha"


@dataclass
class Shop:
    """What the shop told us so far. Whatever names her address is Asha's."""

    facts: list[Event] = field(default_factory=list)

    def of(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def updates(self, cart_id: str) -> list[CartUpdated]:
        """The cart's states, the newest last; a deletion or a merger is an emptying."""
        emptied = [
            CartUpdated(event_id="x", occurred_at=fact.occurred_at, cart_id=fact.cart_id)
            for fact in [*self.of(CartDeleted), *self.of(CartsMerged)]
        ]
        told = [fact for fact in [*self.of(CartUpdated), *emptied] if fact.cart_id == cart_id]
        return sorted(told, key=lambda fact: fact.occurred_at)

    def owner(self, cart_id: str) -> str | None:
        """Ours is whoever was named last; by the address it is Asha."""
        named = [fact for fact in self.updates(cart_id) if fact.customer_id or fact.email]
        return (named[-1].customer_id or ASHA) if named else None

    def is_bought(self, cart_id: str) -> bool:
        """By an order of it, or of a cart that had become part of it by then, its first merger."""
        first: dict[str, CartsMerged] = {}
        for merger in self.of(CartsMerged):
            known = first.setdefault(merger.cart_id, merger)
            first[merger.cart_id] = min(known, merger, key=lambda each: each.occurred_at)
        return bool(self._orders_of(cart_id, list(first.values())))

    def may_be_bought(self, cart_id: str) -> bool:
        """As `is_bought`, by any merger: a later one may have been told first, and the order in between."""
        return bool(self._orders_of(cart_id, self.of(CartsMerged)))

    def _orders_of(self, cart_id: str, mergers: list[CartsMerged]) -> list[datetime]:
        """When each cart was ordered, and with it what it had become part of."""
        ordered = {
            each: [fact.occurred_at for fact in self.of(OrderPlaced) if fact.cart_id == each]
            for each in CARTS
        }
        for _ in CARTS:
            for merger in mergers:
                ordered[merger.into_cart_id] += [
                    at
                    for at in ordered[merger.cart_id]
                    if merger.occurred_at <= at + CLOCKS_APART and at not in ordered[merger.into_cart_id]
                ]
        return ordered[cart_id]

    def lines(self, cart_id: str) -> tuple[Line, ...]:
        updates = self.updates(cart_id)
        return updates[-1].lines if updates and not self.is_bought(cart_id) else ()

    def parts(self, cart_id: str) -> set[str]:
        """The cart, and those that became part of it."""
        parts = {cart_id}
        for _ in CARTS:
            parts |= {fact.cart_id for fact in self.of(CartsMerged) if fact.into_cart_id in parts}
        return parts

    def began(self, cart_id: str) -> datetime:
        """The cart's first activity, or that of one that became part of it."""
        return min(fact.occurred_at for part in self.parts(cart_id) for fact in self.updates(part))

    def may_have_been_older(self, cart_id: str) -> bool:
        """Whether another cart of hers was ever newer than some state of this one."""
        began = self.updates(cart_id)[0].occurred_at
        return any(
            update.lines and update.occurred_at > began
            for other in CARTS
            if other != cart_id
            for update in self.updates(other)
        )

    def left(self, cart_id: str) -> dict[str, Money]:
        """What may be shown of the cart, and at which price."""
        updates = self.updates(cart_id)
        ordered = {
            line.product_id
            for order in self.of(OrderPlaced)
            if order.customer_id == ASHA or order.email
            if order.occurred_at >= self.began(cart_id) - CLOCKS_APART
            for line in order.lines
        }
        shown = {}
        for line in self.lines(cart_id):
            sold = self.sold(line.product_id)
            if line.product_id in ordered or (sold and not sold.fact.available):
                continue
            newer = sold and sold.since > updates[-1].occurred_at
            shown[line.product_id] = sold.fact.prices[0] if sold and newer else line.unit_price
        return shown

    def sold(self, product_id: str) -> "Sold | None":
        """As the shop told it last; told again, it is the same since it was first. What comes late shows that it was
        something else in between, until its last telling.
        """
        sold: Sold | None = None
        for fact in (each for each in self.of(ProductChanged) if each.product_id == product_id):
            if sold is None:
                sold = Sold(fact, fact.occurred_at)
                continue
            is_same = (fact.prices, fact.available) == (sold.fact.prices, sold.fact.available)
            if fact.occurred_at > sold.fact.occurred_at:
                sold = Sold(fact, sold.since if is_same else fact.occurred_at)
            elif fact.occurred_at >= sold.since and not is_same:
                sold = Sold(sold.fact, sold.fact.occurred_at)
        return sold


@dataclass(frozen=True)
class Sold:
    """A product as it is sold now, and since when."""

    fact: ProductChanged
    since: datetime
