"""Nudging: the sweep over the carts that are due."""

from dataclasses import dataclass
from datetime import datetime

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.rules import Cart, reason_not_to_nudge, send_key, total, useful_until
from cart_nudges.table import Carts, cart_of
from engagement.clock import to_text
from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
from engagement.queues import MessageQueue

# What one sweep takes on: well inside the door's timeout. What is left falls to the next one.
SWEEP_LIMIT = 500


@dataclass(frozen=True)
class CartNudging:
    carts: Carts
    profiles: Profiles
    composer: MailComposer
    mail_queue: MessageQueue
    plan: EngagementPlan
    settings: CartNudgeSettings

    def sweep(self, now: datetime) -> int:
        """Nudge about every cart due at `now`; returns how many mails were handed over.

        Killed anywhere, nothing is lost: a cart whose claim ran out falls due again, with the same send key.
        """
        handed_over = 0
        for seen in self.carts.due_work.due(now, SWEEP_LIMIT):
            claimed = self.carts.due_work.claim(seen, now)
            if claimed is None:
                continue
            mail = self._mail_about(cart_of(claimed))
            if mail:
                self.mail_queue.put([mail])
                handed_over += 1
            self.carts.due_work.settle(claimed, **({"nudged_at": to_text(now)} if mail else {}))
        return handed_over

    def _mail_about(self, cart: Cart) -> SendMail | None:
        if reason_not_to_nudge(cart) or not cart.customer_id or not self.plan.campaign("cart_nudge").enabled:
            return None
        profile = self.profiles.get(cart.customer_id)
        if profile is None:
            return None
        return self.composer.compose(
            "cart_nudge",
            profile,
            send_key=send_key(cart.cart_id),
            campaign=self.settings.campaign,
            useful_until=useful_until(cart, self.settings),
            lines=cart.lines,
            total=total(cart.lines),
        )
