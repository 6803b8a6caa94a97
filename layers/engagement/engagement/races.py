"""Lost races: a conditional write that somebody else was faster than is tried again, a little later each time."""

from collections.abc import Callable

from engagement.errors import RetryLaterError

# Seconds to wait after each lost race; then the queue tries later.
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)


def until_won[T](attempt: Callable[[], T | None], pause: Callable[[float], None], *, lost: str) -> T:
    """What `attempt` answers when it has won; anything false means that it lost. Raises RetryLaterError(`lost`)."""
    for seconds in PAUSES:
        if won := attempt():
            return won
        pause(seconds)
    raise RetryLaterError(lost)
