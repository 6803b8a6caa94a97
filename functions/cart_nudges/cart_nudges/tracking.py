"""Tracking: what the shop's facts mean for a cart."""

from dataclasses import dataclass

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.rules import Cart, CartStatus, nudge_due_at, send_key
from cart_nudges.table import Carts
from engagement.events.carts import CartUpdated
from engagement.events.orders import OrderPlaced
from engagement.mail_orders import CancelMail
from engagement.queues import MessageQueue


@dataclass(frozen=True)
class CartTracking:
    carts: Carts
    mail_queue: MessageQueue
    settings: CartNudgeSettings

    def apply(self, fact: CartUpdated | OrderPlaced) -> None:
        """Any number of times, in any order: the newest update wins, and a bought cart stays bought."""
        match fact:
            case CartUpdated():
                self._update(fact)
            case OrderPlaced(cart_id=str(cart_id)):
                self._close(cart_id, fact)
            case OrderPlaced():
                return  # an order without a cart, by telephone say

    def _update(self, fact: CartUpdated) -> None:
        cart = Cart(
            cart_id=fact.cart_id,
            status=CartStatus.OPEN,
            activity_at=fact.occurred_at,
            customer_id=fact.customer_id,
            lines=fact.lines,
        )
        due_at = nudge_due_at(cart, self.settings)
        kept = self.carts.keep(cart, fact.occurred_at, due_at=due_at, keep_for=self.settings.keep_cart_for)
        if kept and kept.nudge_begun and not cart.lines:
            self._call_off(cart.cart_id, "emptied")

    def _close(self, cart_id: str, fact: OrderPlaced) -> None:
        nudge_begun = self.carts.close_as_bought(
            cart_id, expires_at=fact.occurred_at + self.settings.keep_cart_for
        )
        if nudge_begun:
            self._call_off(cart_id, "bought")

    def _call_off(self, cart_id: str, reason: str) -> None:
        self.mail_queue.put([CancelMail(send_key=send_key(cart_id), reason=reason)])
