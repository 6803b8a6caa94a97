"""What a cart is, and what an update tells of it that we did not know."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from functools import cached_property
from hashlib import sha256

from engagement.clock import to_text
from engagement.events.base import Line


class CartStatus(StrEnum):
    OPEN = "open"
    BOUGHT = "bought"


@dataclass(frozen=True)
class Handed:
    """A step's mail that was handed to the mail path `at` (UTC), and whose outcome is not known yet.

    `written_upon`: what it said, as far as it may change; `product_ids`: what was in the cart.
    """

    step: int
    at: datetime
    written_upon: str
    customer_id: str
    experiment: str
    variant: str
    product_ids: tuple[str, ...]


@dataclass(frozen=True)
class Cart:
    """A cart as it stands. Instants are UTC: `begun_at`, `activity_at` (the first and the last activity that we know),
    `abandoned_at`, `merged_at` and `bought_at` (the last order's) by the shop's clock.

    `steps_over`: so many steps are done with, for better or worse. `timer_at`: its one timer; any other is stray.
    `contents` and `known_at` order what was told of one instant (see `Told`).
    """

    cart_id: str
    status: CartStatus
    activity_at: datetime | None = None
    begun_at: datetime | None = None
    customer_id: str | None = None
    address_hash: str | None = None
    lines: tuple[Line, ...] = ()
    steps_over: int = 0
    handed: Handed | None = None
    timer_at: datetime | None = None
    abandoned_at: datetime | None = None
    merged_into: str | None = None
    merged_at: datetime | None = None
    bought_at: datetime | None = None
    contents: str | None = None
    known_at: str | None = None

    @property
    def shopper(self) -> str | None:
        """Whose it is, as CartShoppersTable has them; None while nobody is known."""
        return shopper_of(self.customer_id, self.address_hash)


def send_key(cart_id: str, step: int) -> str:
    """One mail a cart and step, however often it is touched, swept or delivered."""
    return f"cart_nudge:{cart_id}:step-{step}"


def steps_begun(cart: Cart) -> int:
    """The steps that are over, and the one whose mail may have left: none of them is for those things any more."""
    return max(cart.steps_over, cart.handed.step if cart.handed else 0)


def of_customer(customer_id: str) -> str:
    """The shopper who is logged in."""
    return f"customer:{customer_id}"


def of_address(address_hash: str) -> str:
    """The shopper who typed an address, by its hash (`engagement.addresses`)."""
    return f"address:{address_hash}"


def shopper_of(customer_id: str | None, address_hash: str | None) -> str | None:
    """The customer if there is one, or else whoever has the address."""
    if customer_id is not None:
        return of_customer(customer_id)
    return of_address(address_hash) if address_hash is not None else None


EMPTY = "~"
"""The `contents` of a cart without lines: after those of any other."""


class News(Enum):
    """The parts of what is told. Each is news, or not, by itself: an old update may name the newest customer."""

    ACTIVITY = auto()
    IDENTITY = auto()
    BEGINNING = auto()
    MERGER = auto()


@dataclass(frozen=True)
class Told:
    """What one fact tells of its cart, as of `at` (UTC). Without lines it was emptied; without customer and address it
    stays whose it was.

    A shop whose clock has only seconds may tell two states of one instant. Whichever comes first, the same one stays:
    the empty cart, so that nobody is nudged about it, or else the one whose digest comes later.
    """

    at: datetime
    lines: tuple[Line, ...] = ()
    customer_id: str | None = None
    address_hash: str | None = None
    merged_into: str | None = None

    @property
    def shopper(self) -> str | None:
        return shopper_of(self.customer_id, self.address_hash)

    @cached_property
    def contents(self) -> str:
        """Stands for the lines."""
        return _digest([line.model_dump() for line in self.lines]) if self.lines else EMPTY

    @cached_property
    def known_at(self) -> str | None:
        """Orders identities: the newest one, of one instant the customer's before an address."""
        if self.shopper is None:
            return None
        rank = "customer" if self.customer_id is not None else "address"
        return f"{to_text(self.at)}#{rank}#{_digest([self.customer_id, self.address_hash])}"

    @property
    def parts(self) -> frozenset[News]:
        """What it would tell of a cart that nobody knew."""
        told = {News.ACTIVITY}
        if self.shopper is not None:
            told.add(News.IDENTITY)
        if self.merged_into is not None:
            told.add(News.MERGER)
        return frozenset(told)

    def news_to(self, cart: Cart) -> frozenset[News]:
        """What of it is not known of `cart`. Bought is for good: of such a cart only its beginning still counts, and
        what it became part of.
        """
        news = set()
        if cart.begun_at is None or self.at < cart.begun_at:
            news.add(News.BEGINNING)
        if self.merged_into is not None:
            # It is no more once it became part of another: the first merger stays.
            first = (cart.merged_at, cart.merged_into or "") if cart.merged_at else None
            if first is None or (self.at, self.merged_into) < first:
                news.add(News.MERGER)
        if cart.status is CartStatus.OPEN:
            last = (cart.activity_at, cart.contents or "") if cart.activity_at else None
            if last is None or last < (self.at, self.contents):
                news.add(News.ACTIVITY)
            if self.known_at is not None and (cart.known_at or "") < self.known_at:
                news.add(News.IDENTITY)
        return frozenset(news)


def _digest(values: Sequence[object]) -> str:
    """Eight letters: enough to order two states of one instant, which is all that they are for."""
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:8]
