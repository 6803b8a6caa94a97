"""When a cart's steps are taken: what is to be done with it at an instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cart_nudges.campaign import CartNudgeSettings, Step
from cart_nudges.carts.rules import Cart, CartStatus, Handed

# A timer is never moved to less than this ahead: there the next sweep is at the earliest.
_SOONEST = timedelta(minutes=5)
# Looking again at what nothing became of yet: more seldom the longer it takes, between these.
_OFTEN, _SELDOM = timedelta(minutes=10), timedelta(hours=1)
# What the mail path has not decided so long after it was of no more use is lost.
_LOST_AFTER = timedelta(hours=1)
# What failed, and may work later, is tried again then.
_POSTPONED_BY = timedelta(minutes=15)


@dataclass(frozen=True)
class StepAhead:
    """A step of a cart that has been left since `activity_at`; `number` counts from 1, `plan` is what the engagement
    plan says of it. Instants are UTC.
    """

    number: int
    plan: Step
    activity_at: datetime

    @property
    def due_at(self) -> datetime:
        return self.activity_at + self.plan.after

    @property
    def useful_until(self) -> datetime:
        """A mail that comes later reminds of nothing."""
        return self.due_at + self.plan.useful_for


@dataclass(frozen=True)
class Nothing:
    """Nobody needs to look at the cart again, unless something new is told of it."""

    too_late: tuple[int, ...] = ()


@dataclass(frozen=True)
class LookLater:
    """Nothing yet."""

    at: datetime
    too_late: tuple[int, ...] = ()


@dataclass(frozen=True)
class Learn:
    """A step was handed over: what became of it?"""

    handed: Handed


@dataclass(frozen=True)
class TakeStep:
    """A step is due; those before it in `too_late` are passed over."""

    step: StepAhead
    too_late: tuple[int, ...] = ()


type Deed = Nothing | LookLater | Learn | TakeStep


def deed(cart: Cart, settings: CartNudgeSettings, now: datetime) -> Deed:
    """What is to be done with the cart at `now`. `too_late`: the numbers of the steps that are of no more use."""
    if cart.handed is not None:
        return Learn(cart.handed)
    ahead = steps_ahead(cart, settings)
    too_late = tuple(step.number for step in ahead if now >= step.useful_until)
    # A step is of no use any more before the next is due.
    left = [step for step in ahead if step.number not in too_late]
    if not left:
        return Nothing(too_late)
    if now < left[0].due_at:
        return LookLater(left[0].due_at, too_late)
    return TakeStep(left[0], too_late)


def steps_ahead(cart: Cart, settings: CartNudgeSettings) -> tuple[StepAhead, ...]:
    """The steps that are not over, in their order; none of a cart that was bought or emptied, nor of nobody's."""
    if cart.status is CartStatus.BOUGHT or not cart.lines or cart.activity_at is None or cart.shopper is None:
        return ()
    return tuple(
        StepAhead(number, step, cart.activity_at)
        for number, step in enumerate(settings.steps, start=1)
        if number > cart.steps_over
    )


def abandoned_from(cart: Cart, settings: CartNudgeSettings) -> datetime | None:
    """From when on the cart counts as abandoned, unless it is touched again: left for as long as the first step waits.
    None: nobody needs to be told, or was since its last activity.
    """
    if cart.status is CartStatus.BOUGHT or not cart.lines or cart.shopper is None:
        return None
    if cart.activity_at is None or cart.activity_at == cart.abandoned_at:
        return None
    return cart.activity_at + settings.steps[0].after


def first_look(handed: Handed) -> datetime:
    """When to learn first what became of what was handed over."""
    return handed.at + _OFTEN


def next_look(since: datetime, now: datetime) -> datetime:
    """When to look again at what has been waited for since then."""
    return min(ever_later_look(since, now), now + _SELDOM)


def ever_later_look(since: datetime, now: datetime) -> datetime:
    """When to look again at what may never come: each wait is as long as all before."""
    return now + max(now - since, _OFTEN)


def postponed(now: datetime) -> datetime:
    return now + _POSTPONED_BY


def is_lost(cart: Cart, handed: Handed, settings: CartNudgeSettings, now: datetime) -> bool:
    """Whether the mail path had all the time that there was for what was handed over, and more."""
    if handed.step > len(settings.steps):
        return True  # a step that left the plan
    ahead = [step.useful_until for step in steps_ahead(cart, settings) if step.number == handed.step]
    useful_until = ahead[0] if ahead else handed.at + settings.steps[handed.step - 1].useful_for
    return now >= useful_until + _LOST_AFTER


def timer_for(wanted: datetime, now: datetime) -> datetime:
    """When the cart is looked at again that is to be looked at then."""
    return max(wanted, now + _SOONEST)
