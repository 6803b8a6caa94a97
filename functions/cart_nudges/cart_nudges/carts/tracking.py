"""Tracking: what the shop's facts mean for a cart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.forgetting import forget_shopper
from cart_nudges.carts.rules import Cart, CartStatus, Told, of_address, of_customer, send_key, steps_begun
from cart_nudges.carts.shoppers_table import Shoppers
from cart_nudges.carts.timers import CartTimers
from engagement.addresses import address_hash
from engagement.clock import CLOCK_SKEW
from engagement.errors import RetryLaterError
from engagement.events.carts import CartDeleted, CartsMerged, CartUpdated
from engagement.events.customers import CustomerErased
from engagement.events.orders import OrderPlaced
from engagement.mail_orders import CancelMail
from engagement.profiles import Profiles
from engagement.queues import MessageQueue

# Each shows what is no news any more, so that alone it takes three: a race lost to others may take one more.
_ATTEMPTS = 6


@dataclass(frozen=True)
class CartTracking:
    carts: Carts
    timers: CartTimers
    shoppers: Shoppers
    profiles: Profiles
    mail_queue: MessageQueue
    settings: CartNudgeSettings
    hash_key: bytes

    def apply(self, fact: CartUpdated | CartDeleted | CartsMerged | OrderPlaced | CustomerErased) -> None:
        """Any number of times, in any order: the newest update wins, and a bought cart stays bought.

        Killed anywhere, the same fact does the rest when it comes again.
        """
        match fact:
            case CartUpdated():
                hashed = address_hash(self.hash_key, fact.email) if fact.email else None
                self._keep(fact.cart_id, Told(fact.occurred_at, fact.lines, fact.customer_id, hashed))
            case CartDeleted():
                self._keep(fact.cart_id, Told(fact.occurred_at))
            case CartsMerged():
                self._keep(fact.cart_id, Told(fact.occurred_at, merged_into=fact.into_cart_id))
            case OrderPlaced():
                # First what counts most, should the rest fail for ever.
                if fact.cart_id:
                    self._close(fact.cart_id, fact.occurred_at)
                self._note_purchase(fact)
            case CustomerErased():
                for shopper in self._shoppers(fact.customer_id):
                    forget_shopper(shopper, fact.occurred_at, self.carts, self.shoppers, self.mail_queue)

    def _keep(self, cart_id: str, told: Told) -> None:
        """Mostly one write, because what is told is newer than all that is known; else its answer shows what is."""
        timer_at = told.at + self.settings.steps[0].after
        expires_at = told.at + self.settings.keep_cart_for
        parts, refused = told.parts, False
        for _ in range(_ATTEMPTS):
            done, cart = self.carts.keep(cart_id, told, parts, timer_at=timer_at, expires_at=expires_at)
            parts, refused = told.news_to(cart), refused or not done
            if not parts:
                break
        else:
            raise RetryLaterError("others kept writing this cart")
        self._see_to_timer(cart, timer_at)
        heir = told.merged_into or (cart.merged_into if refused else None)
        if heir:
            self.carts.inherit(
                heir, steps_over=steps_begun(cart), begun_at=cart.begun_at, expires_at=expires_at
            )
        if told.merged_into and cart.bought_at and _was_merged_by(cart.bought_at, told.at):
            self._close(told.merged_into, cart.bought_at)

    def _see_to_timer(self, cart: Cart, timer_at: datetime) -> None:
        """`cart` as it was after a write that was to set this timer, unless it had one."""
        if cart.status is CartStatus.BOUGHT or not cart.lines or not cart.shopper:
            return
        if cart.timer_at is None:
            # Who and what were told apart: only now is there anybody to write to, about anything.
            _, cart = self.carts.set_timer(cart.cart_id, timer_at)
        # Whoever set the timer puts its row; killed in between, when the fact comes again. Should it never come, then
        # whoever finds the timer overdue.
        is_overdue = cart.timer_at and cart.activity_at and cart.timer_at <= cart.activity_at
        if cart.timer_at and (cart.timer_at == timer_at or is_overdue):
            expires_at = cart.timer_at + self.settings.keep_cart_for
            self.timers.put(cart.cart_id, cart.timer_at, expires_at=expires_at)

    def _note_purchase(self, fact: OrderPlaced) -> None:
        """What somebody ordered is not worth a nudge, whichever cart it lies in."""
        if not fact.lines:
            return
        for shopper in self._shoppers(fact.customer_id, fact.email):
            self.shoppers.record_order(
                shopper,
                order_id=fact.order_id,
                at=fact.occurred_at,
                product_ids=[line.product_id for line in fact.lines],
                keep_for=self.settings.keep_cart_for,
            )

    def _shoppers(self, customer_id: str, told_email: str | None = None) -> Iterator[str]:
        """The customer, and whoever has the address that was told, or that of their profile while there is one."""
        yield of_customer(customer_id)
        profile = None if told_email else self.profiles.get(customer_id)
        email = told_email or (profile.email if profile else None)
        if email:
            yield of_address(address_hash(self.hash_key, email))

    def _close(self, cart_id: str, at: datetime) -> None:
        """Bought `at`. With a cart that had become part of another by then, the other was bought, too."""
        closed: set[str] = set()
        following: str | None = cart_id
        while following and following not in closed:
            closed.add(following)
            cart = self.carts.close_as_bought(following, at=at, expires_at=at + self.settings.keep_cart_for)
            if cart.handed:
                key = send_key(cart.cart_id, cart.handed.step)
                self.mail_queue.put([CancelMail(send_key=key, reason="bought")])
            is_part = cart.merged_at is not None and _was_merged_by(at, cart.merged_at)
            following = cart.merged_into if is_part else None


def _was_merged_by(at: datetime, merged_at: datetime) -> bool:
    # The clock that tells of a shop's orders is not the one that tells of its carts.
    return merged_at <= at + CLOCK_SKEW
