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
from engagement.profiles import Profile, Profiles
from engagement.queues import MessageQueue

# What one sweep takes on: well inside the door's timeout. What is left falls to the next one.
SWEEP_LIMIT = 500
# A mail shows this many lines of a cart and counts the others.
LINES_SHOWN = 8


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
        return self.carts.due_work.sweep(now, SWEEP_LIMIT, lambda item: self._nudge(cart_of(item), now))

    def _nudge(self, cart: Cart, now: datetime) -> dict[str, str] | None:
        if (
            reason_not_to_nudge(cart)
            or not cart.customer_id
            or not self.plan.campaign(self.settings.campaign).enabled
        ):
            return {}
        profile = self.profiles.get(cart.customer_id)
        if profile is None:
            # The registration may still be on its way; for an erased customer it never comes.
            return None if now < useful_until(cart, self.settings) else {}
        self.mail_queue.put([self._mail_about(cart, profile)])
        return {"nudged_at": to_text(now)}

    def _mail_about(self, cart: Cart, profile: Profile) -> SendMail:
        return self.composer.compose(
            "cart_nudge",
            profile,
            send_key=send_key(cart.cart_id),
            campaign=self.settings.campaign,
            useful_until=useful_until(cart, self.settings),
            premise=self.carts.premise(cart),
            lines=cart.lines[:LINES_SHOWN],
            others=len(cart.lines[LINES_SHOWN:]),
            total=total(cart.lines),
        )
