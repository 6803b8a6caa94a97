"""Lost races: a conditional write that somebody else was faster than is tried again, a little later each time."""

import random
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engagement.errors import RetryLaterError

# Seconds to wait after each lost race; then the queue tries later.
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)


def pause_a_while(seconds: float) -> None:
    """About so long: those who lost a race together must not meet again at once."""
    time.sleep(seconds * random.uniform(0.5, 1.5))  # noqa: S311 - no secret


def until_won[T](attempt: Callable[[], T | None], pause: Callable[[float], None], *, lost: str) -> T:
    """What `attempt` answers when it has won; anything false means that it lost. Raises RetryLaterError(`lost`)."""
    for seconds in PAUSES:
        if won := attempt():
            return won
        pause(seconds)
    raise RetryLaterError(lost)


# Why a transaction may be cancelled though nothing is wrong with it: others were faster.
_LOST = {"None", "ConditionalCheckFailed", "TransactionConflict"}


def codes_of_lost_race(reasons: Iterable[Mapping[str, Any]], *, refused_by: str) -> list[str]:
    """Why each write of a cancelled transaction did not happen (`CancellationReasons`, in their order): `None` where
    that was not its own fault. Raises RetryLaterError where it was not only that others were faster.
    """
    codes = [str(reason.get("Code", "None")) for reason in reasons]
    if others := set(codes) - _LOST:
        raise RetryLaterError(f"{refused_by} refused: {', '.join(sorted(others))}") from None
    return codes
