"""A queue that keeps what is put on it."""

from collections.abc import Iterable
from datetime import timedelta

from pydantic import BaseModel

from engagement.errors import RetryLaterError
from engagement.queues import MessageQueue


class RecordingQueue(MessageQueue):
    """`refusals`: how many of the next puts it does not take, as when the worker is killed before it."""

    def __init__(self) -> None:
        self.messages: list[BaseModel] = []
        # What was put to come later, and how much later.
        self.later: list[tuple[BaseModel, timedelta]] = []
        self.refusals = 0

    def put(self, messages: Iterable[BaseModel]) -> None:
        if self.refusals > 0:
            self.refusals -= 1
            raise RetryLaterError("the queue refused 1 of 1 messages")
        self.messages.extend(messages)

    def put_later(self, message: BaseModel, after: timedelta) -> None:
        self.later.append((message, after))
