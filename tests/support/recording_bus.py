"""A bus that keeps what is told."""

from collections.abc import Iterable

from engagement.bus import Bus
from engagement.errors import RetryLaterError
from engagement.events.base import Event


class RecordingBus(Bus):
    """`refusals`: how many of the next facts it does not take, as when the teller is killed before telling."""

    def __init__(self) -> None:
        self.told: list[Event] = []
        self.refusals = 0

    def publish(self, facts: Iterable[Event]) -> None:
        if self.refusals > 0:
            self.refusals -= 1
            raise RetryLaterError("the bus refused 1 of 1 facts")
        self.told.extend(facts)
