"""Judging: whether a step may be taken, with whom, and about what. Only reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.products_table import Product, Products
from cart_nudges.carts.rules import Cart, of_address, of_customer, send_key
from cart_nudges.carts.shoppers_table import Purchase, Shopper, Shoppers
from cart_nudges.steps.cart_lines import BOUGHT_ALREADY, lines_left
from cart_nudges.steps.choosing import Chosen, choose
from engagement.addresses import address_hash
from engagement.contacts import Contacts
from engagement.events.base import Line
from engagement.mail_log import Entry, MailLog
from engagement.mail_orders import Premise
from engagement.plan import EngagementPlan
from engagement.profiles import Profile, Profiles
from engagement.reading import read_one, read_together

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Welcome:
    """A mail may be made: to whom, about which lines, and upon what it is written."""

    profile: Profile
    lines: tuple[Line, ...]
    premises: tuple[Premise, ...]
    # The send key for which the customer was last given an incentive.
    incentive_key: str | None = None

    @property
    def customer_id(self) -> str:
        return self.profile.customer_id

    @property
    def written_upon(self) -> str:
        """The same as long as there is nothing new to say, nor anybody else to say it to."""
        told = [self.customer_id, *(premise.model_dump_json() for premise in self.premises)]
        return sha256("\n".join(told).encode()).hexdigest()


@dataclass(frozen=True)
class Unwelcome:
    """No mail is to be made, for a reason of one word."""

    customer_id: str
    reason: str

    @property
    def written_upon(self) -> str:
        return self.reason


@dataclass(frozen=True)
class NobodyYet:
    """Whoever it belongs to is not known to us, or not yet."""


type Verdict = Welcome | Unwelcome | NobodyYet


@dataclass(frozen=True)
class Judgement:
    """`entry`: what the mail log has under the step's send key."""

    verdict: Verdict
    entry: Entry | None = None

    @property
    def abandoned_by(self) -> str | None:
        """The customer who left the cart; None where nobody is known, or it was bought some other way."""
        match self.verdict:
            case NobodyYet():
                return None
            case Unwelcome(reason=reason) if reason == BOUGHT_ALREADY:
                return None
            case verdict:
                return verdict.customer_id


@dataclass(frozen=True)
class _Found:
    """What is known besides the cart. `shoppers` by their key."""

    entry: Entry | None
    chosen: Chosen | None
    products: dict[str, Product | None]
    shoppers: dict[str, Shopper]


@dataclass(frozen=True)
class Judging:
    client: "DynamoDBClient"
    carts: Carts
    shoppers: Shoppers
    products: Products
    profiles: Profiles
    contacts: Contacts
    log: MailLog
    plan: EngagementPlan
    settings: CartNudgeSettings
    hash_key: bytes

    @property
    def campaign_runs(self) -> bool:
        return self.plan.campaign(self.settings.campaign).enabled

    def judge(self, cart: Cart, number: int, now: datetime) -> Judgement:
        """The verdict on the step with this number, for an open cart with something in it."""
        customer_ids = self.customers(cart)
        if not customer_ids:
            return Judgement(NobodyYet())
        found = self._look_up(cart, customer_ids, send_key(cart.cart_id, number), now)
        if found.chosen is None:
            return Judgement(NobodyYet(), found.entry)
        profile, reason = found.chosen.profile, found.chosen.reason
        verdict = Unwelcome(profile.customer_id, reason) if reason else self._verdict(cart, profile, found)
        return Judgement(verdict, found.entry)

    def customers(self, cart: Cart) -> tuple[str, ...]:
        """Who it may belong to, in the order of their ids."""
        if cart.customer_id:
            return (cart.customer_id,)
        return self.profiles.with_address(cart.address_hash) if cart.address_hash else ()

    def _look_up(self, cart: Cart, customer_ids: Sequence[str], key: str, now: datetime) -> _Found:
        """All that can be asked for at once, in one call."""
        product_ids = _product_ids(cart.lines)
        keys = [*map(of_customer, customer_ids), *_addresses(cart)]
        answers = iter(
            read_together(
                self.client,
                self.log.reading(key),
                *map(self.profiles.reading, customer_ids),
                *map(self.contacts.reading, customer_ids),
                *map(self.shoppers.reading, keys),
                *map(self.products.reading, product_ids),
            )
        )
        entry = next(answers)
        profiles = list(islice(answers, len(customer_ids)))
        contacts = list(islice(answers, len(customer_ids)))
        chosen = choose(
            [
                (profile, contact)
                for profile, contact in zip(profiles, contacts, strict=True)
                if profile and self._is_whose_it_is(profile, cart)
            ],
            topic=str(self.plan.campaign(self.settings.campaign).topic),
            minimum_age=self.plan.delivery.minimum_age,
            now=now,
        )
        shoppers = dict(zip(keys, islice(answers, len(keys)), strict=True))
        return _Found(entry, chosen, dict(zip(product_ids, answers, strict=True)), shoppers)

    def _is_whose_it_is(self, profile: Profile, cart: Cart) -> bool:
        """The index of addresses lags: by now the customer may have another."""
        return bool(cart.customer_id) or self._hash_of(profile) == cart.address_hash

    def _hash_of(self, profile: Profile) -> str:
        return address_hash(self.hash_key, profile.email)

    def _verdict(self, cart: Cart, profile: Profile, found: _Found) -> Verdict:
        own, by_mail = of_customer(profile.customer_id), of_address(self._hash_of(profile))
        # Of a household, the others who share the address are known by it alone.
        shoppers = {key: known for key, known in found.shoppers.items() if key in (own, *_addresses(cart))}
        if by_mail not in shoppers:
            shoppers[by_mail] = read_one(self.client, self.shoppers.reading(by_mail))
        purchases = [purchase for shopper in shoppers.values() for purchase in shopper.purchases]
        if self._has_newer(cart, shoppers, purchases):
            return Unwelcome(profile.customer_id, "superseded")
        left = lines_left(cart, purchases, found.products)
        if not left.lines:
            return Unwelcome(profile.customer_id, left.reason)
        return Welcome(
            profile,
            left.lines,
            (
                self.carts.premise(cart),
                *(self.shoppers.premise(shopper) for shopper in shoppers.values()),
                *(self.products.premise(product_id, of) for product_id, of in found.products.items()),
            ),
            shoppers[own].incentive_key,
        )

    def _has_newer(self, cart: Cart, shoppers: Iterable[str], purchases: Sequence[Purchase]) -> bool:
        """Whether the same shopper left another cart after this one, with something in it that can still be bought; of
        two at once the ids decide. Who has more carts than can be looked at has a newer one.
        """
        others = self.carts.open_carts_of(shoppers)
        if others is None:
            return True
        newer = [
            other
            for other in others
            if other.cart_id != cart.cart_id
            and other.activity_at
            and cart.activity_at
            and (other.activity_at, other.cart_id) > (cart.activity_at, cart.cart_id)
        ]
        product_ids = _product_ids(line for other in newer for line in other.lines)
        found = read_together(self.client, *map(self.products.reading, product_ids)) if newer else []
        products = dict(zip(product_ids, found, strict=True))
        return any(lines_left(other, purchases, products).lines for other in newer)


def _addresses(cart: Cart) -> tuple[str, ...]:
    """Whoever has the address that was typed, if one was."""
    return (of_address(cart.address_hash),) if cart.address_hash else ()


def _product_ids(lines: Iterable[Line]) -> list[str]:
    return list(dict.fromkeys(line.product_id for line in lines))
