"""Sweeping: the timers that are due, and what is done with their carts. No sweep claims anything: two at once do the
same, and one that was killed is done again by the next.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.rules import Cart
from cart_nudges.carts.timers import CartTimers, Timer
from cart_nudges.steps.leaving import Leaving, Told
from cart_nudges.steps.nudging import Nudging
from cart_nudges.steps.outcomes import Outcome, waiting
from cart_nudges.steps.step_rules import postponed, timer_for
from engagement.errors import RetryLaterError
from engagement.observability import explanation, logger
from engagement.reading import Read, read_together

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What one sweep takes on at most; what is left falls to the next one.
SWEEP_LIMIT = 4000
# Carts that are read in one call.
_A_READ = 100
# Nothing is begun when the function has no more time than this.
_LAST_MOMENT = timedelta(seconds=15)


@dataclass(frozen=True)
class Unreadable:
    """An item that is no cart as we know it, of a newer version of us say."""

    error: Exception


@dataclass(frozen=True)
class _Fired:
    """`handed_over`: a mail was. `failed`: not all that was to be told of the cart could be."""

    handed_over: bool = False
    failed: bool = False


@dataclass(frozen=True)
class CartSweep:
    client: "DynamoDBClient"
    carts: Carts
    timers: CartTimers
    nudging: Nudging
    leaving: Leaving
    settings: CartNudgeSettings

    def sweep(self, now: datetime, time_left: Callable[[], timedelta]) -> int:
        """Look at every cart whose timer is due at `now`, as far as time suffices; returns how many mails were handed
        over.

        One cart never stops the others: what fails is tried again in a while, and RetryLaterError at the end says how
        many did.
        """
        handed_over = failed = 0
        for timer, cart in self._due(now):
            if time_left() < _LAST_MOMENT:
                logger().warning("out of time: the next sweep goes on")
                break
            try:
                fired = self._fire(timer, cart, now)
                handed_over += fired.handed_over
                failed += fired.failed
            except Exception as error:  # noqa: BLE001 - whatever it is, the next cart may be well
                logger().error("a cart could not be looked at", extra=explanation(error))
                failed += 1
                self._postpone(timer, cart, now)
        if failed:
            raise RetryLaterError(f"{failed} carts could not be looked at, and will be again")
        return handed_over

    def _due(self, now: datetime) -> Iterator[tuple[Timer, Cart | Unreadable | None]]:
        for timers in batched(self.timers.due(now, SWEEP_LIMIT), _A_READ, strict=False):
            yield from zip(timers, self._read(timers), strict=True)

    def _read(self, timers: Iterable[Timer]) -> list[Cart | Unreadable | None]:
        """By consistent reads: by an older state of its cart a timer could be taken for stray, and the cart lost."""
        ids = [timer.cart_id for timer in timers]
        distinct = list(dict.fromkeys(ids))
        found = read_together(self.client, *map(_or_unreadable, map(self.carts.reading, distinct)))
        carts: dict[str, Cart | Unreadable | None] = dict(zip(distinct, found, strict=True))
        return [carts[cart_id] for cart_id in ids]

    def _fire(self, timer: Timer, cart: Cart | Unreadable | None, now: datetime) -> _Fired:
        if isinstance(cart, Unreadable):
            raise cart.error
        if cart is None or cart.timer_at != timer.at:
            self._clear_away(timer, cart)
            return _Fired()
        outcome = self.nudging.visit(cart, now)
        # Whatever becomes of the telling, the cart remembers what was handed over.
        told = self.leaving.tell(cart, outcome.judgement, now)
        self._settle(timer, cart, outcome, told, now)
        return _Fired(outcome.handed_over, failed=told.failed)

    def _clear_away(self, timer: Timer, cart: Cart | None) -> None:
        """A timer that is not its cart's. One that is later than the cart's own may be about to become it."""
        if cart is None or cart.timer_at is None or timer.at < cart.timer_at:
            self.timers.delete(timer)

    def _settle(self, timer: Timer, cart: Cart, outcome: Outcome, told: Told, now: datetime) -> None:
        """The new timer is there before the cart names it, and the old one until then: killed anywhere, the cart has
        the timer that it names.
        """
        looks = [look_at for look_at in (outcome.look_at, told.look_at) if look_at]
        timer_at = timer_for(min(looks), now) if looks else None
        if timer_at:
            self.timers.put(cart.cart_id, timer_at, expires_at=timer_at + self.settings.keep_cart_for)
        settled = self.carts.settle(
            cart,
            steps_over=outcome.steps_over,
            handed=outcome.handed,
            abandoned_at=told.abandoned_at,
            timer_at=timer_at,
        )
        if settled:
            self.timers.delete(timer)

    def _postpone(self, timer: Timer, cart: Cart | Unreadable | None, now: datetime) -> None:
        """So that what fails each time leaves the others their turn. One that cannot be read keeps its timer."""
        if not isinstance(cart, Cart) or cart.timer_at != timer.at:
            return
        try:
            self._settle(timer, cart, waiting(cart, postponed(now)), Told(cart.abandoned_at), now)
        except Exception as error:  # noqa: BLE001 - its timer is as it was
            logger().error("a cart could not be postponed", extra=explanation(error))


def _or_unreadable(read: Read[Cart | None]) -> Read[Cart | Unreadable | None]:
    """The same read, one of whose items costs the others nothing."""

    def meaning(item: dict[str, Any] | None) -> Cart | Unreadable | None:
        try:
            return read.meaning(item)
        except (LookupError, TypeError, ValueError) as error:
            return Unreadable(error)

    return Read(read.table, read.key, meaning)
