"""Restoring: what the link to a cart still leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.rules import Cart, CartStatus
from cart_nudges.links.restore_link import RestoreLink, read_restore_token
from engagement.errors import InvalidTokenError
from engagement.events.base import Line
from engagement.reading import read_one
from engagement.secret_keys import SigningKeys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type WhyNot = Literal["expired", "gone", "bought", "emptied"]


@dataclass(frozen=True)
class LinkedCart:
    """A link's cart: `lines` are what can be put together again, none where there is a reason against it."""

    cart_id: str
    reason: WhyNot | None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Restoring:
    """`find` reads a cart as it is now."""

    find: Callable[[str], Cart | None]
    keys: SigningKeys

    def linked(self, token: str, now: datetime) -> LinkedCart | None:
        """The cart that the token was made for, and no other: not the one that it became part of either, which is
        somebody's own. None: the token is none of ours. Changes nothing.
        """
        try:
            link = read_restore_token(self.keys, token)
        except InvalidTokenError:
            return None
        cart = self.find(link.cart_id)
        reason = why_not(link, cart, now)
        return LinkedCart(link.cart_id, reason, cart.lines if cart and not reason else ())


def restoring_from(client: "DynamoDBClient", carts_table: str, keys: SigningKeys) -> Restoring:
    """With the carts as they are in the table."""
    carts = Carts(client, carts_table)
    return Restoring(find=lambda cart_id: read_one(client, carts.reading(cart_id)), keys=keys)


def why_not(link: RestoreLink, cart: Cart | None, now: datetime) -> WhyNot | None:
    """Why the cart cannot be put together again by this link; None if it can."""
    if now >= link.until:
        return "expired"
    if cart is None:
        return "gone"
    if cart.status is CartStatus.BOUGHT:
        return "bought"
    return None if cart.lines else "emptied"
