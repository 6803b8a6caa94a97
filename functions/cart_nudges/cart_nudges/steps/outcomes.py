"""How a cart stands once it was looked at."""

from dataclasses import dataclass, replace
from datetime import datetime

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.rules import Cart, Handed
from cart_nudges.steps.judging import Judgement
from cart_nudges.steps.step_rules import steps_ahead


@dataclass(frozen=True)
class Outcome:
    """`look_at`: when (UTC) the cart is to be looked at again; None: never, unless something new is told of it.
    `handed_over`: a mail was, just now. `judgement`: what was found out where a step was to be taken.
    """

    steps_over: int
    handed: Handed | None
    look_at: datetime | None
    handed_over: bool = False
    judgement: Judgement | None = None


def over(cart: Cart, number: int, settings: CartNudgeSettings) -> Outcome:
    """The step with this number is done with, and those that were before; the cart is looked at again when the next is
    due.
    """
    steps_over = max(number, cart.steps_over)
    ahead = steps_ahead(replace(cart, steps_over=steps_over), settings)
    return Outcome(steps_over, None, ahead[0].due_at if ahead else None)


def waiting(cart: Cart, look_at: datetime | None) -> Outcome:
    """All is as it is; the cart is looked at again then, if at all."""
    return Outcome(cart.steps_over, cart.handed, look_at)
