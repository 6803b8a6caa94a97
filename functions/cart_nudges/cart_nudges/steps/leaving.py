"""Leaving: that a cart was left is told, once for each time, at whichever look finds that it was."""

from dataclasses import dataclass
from datetime import datetime

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.rules import Cart
from cart_nudges.steps.judging import Judgement, Judging
from cart_nudges.steps.step_rules import abandoned_from, postponed
from cart_nudges.steps.telling import cart_abandoned
from engagement.bus import Bus
from engagement.observability import explanation, logger


@dataclass(frozen=True)
class Told:
    """Upon which activity (UTC) a cart was last told to be abandoned; when it is to be looked at for that, at the
    latest, if at all; and whether telling it failed now.
    """

    abandoned_at: datetime | None
    look_at: datetime | None = None
    failed: bool = False


@dataclass(frozen=True)
class Leaving:
    judging: Judging
    bus: Bus
    settings: CartNudgeSettings

    def tell(self, cart: Cart, judgement: Judgement | None, now: datetime) -> Told:
        """Tell that the cart was left, if it was. `judgement`: what was found out about it at this look, if anything.

        Never raises: what was done with the cart besides is to be kept, whether or not the bus takes the fact.
        """
        left_at = abandoned_from(cart, self.settings)
        if left_at is None or not self.judging.campaign_runs:
            return Told(cart.abandoned_at)
        if now < left_at:
            return Told(cart.abandoned_at, look_at=left_at)
        try:
            left_by = (judgement or self.judging.judge(cart, 1, now)).abandoned_by
            if left_by is None:
                return Told(cart.abandoned_at)
            self.bus.publish([cart_abandoned(cart, left_by, self.settings.steps[0].after)])
        except Exception as error:  # noqa: BLE001 - see above
            logger().error("that a cart was left could not be told", extra=explanation(error))
            return Told(cart.abandoned_at, look_at=postponed(now), failed=True)
        return Told(cart.activity_at)
