"""moto's queues from the inside: what can be received, when the next can, what lies in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.core.utils import unix_time_millis
from moto.sqs.exceptions import ReceiptHandleIsInvalid
from moto.sqs.models import Message, Queue, SQSBackend, sqs_backends

from local_cloud.aws_environment import ACCOUNT, REGION


def queue_at(url: str) -> Queue:
    return sqs_backends[ACCOUNT][REGION].queues[url.rsplit("/", 1)[-1]]


def receivable(queue: Queue, now_ms: float) -> bool:
    """Whether a ReceiveMessage now would find a message, or move one to the dead-letter queue.

    moto shows a message again only *after* its visibility timeout; here it is due at that instant, so that the
    simulated clock stays on whole seconds.
    """
    found = False
    for message in queue._messages:
        if message.visible_at <= now_ms + 0.01 and message.delayed_until <= now_ms + 0.01:
            message.visible_at = min(message.visible_at, now_ms - 1)
            message.delayed_until = min(message.delayed_until, now_ms)
            found = True
    return found


def next_visible(queue: Queue, now_ms: float) -> float | None:
    """The next instant, in milliseconds of the epoch, at which a hidden or delayed message can be received."""
    instants = (max(message.visible_at, message.delayed_until) for message in queue._messages)
    return min((instant for instant in instants if instant > now_ms), default=None)


def expire(queue: Queue, now_ms: float) -> None:
    """Drops what is older than the queue's retention period, as SQS does; moto would stumble over it."""
    retention_ms = int(getattr(queue, "message_retention_period", 345_600)) * 1000
    if any(_sent_ms(message) + retention_ms <= now_ms for message in queue._messages):
        queue._messages = [m for m in queue._messages if _sent_ms(m) + retention_ms > now_ms]


def _sent_ms(message: Any) -> int:
    return int(message.sent_timestamp)


def bodies(queue: Queue) -> list[str]:
    """Every message's body, in order, whether it can be received or not; nothing is consumed or counted."""
    return [message.body for message in queue._messages]


@contextmanager
def swift_queues() -> Iterator[None]:
    """moto's queues, with what makes their work grow with the square of their length replaced."""
    with (
        patch.object(Queue, "messages", property(lambda queue: list(_visible(queue)))),
        patch.object(
            Queue, "approximate_number_of_messages", property(lambda queue: len(list(_visible(queue))))
        ),
        patch.object(Queue, "approximate_number_of_messages_delayed", property(_delayed)),
        patch.object(Queue, "approximate_number_of_messages_not_visible", property(_in_flight)),
        # A message is due at its instant, not only after it: the clock stands still between steps.
        patch.object(Message, "visible", property(lambda message: unix_time_millis() >= message.visible_at)),
        patch.object(Queue, "delete_message", _delete_message),
        # expire() has seen to the retention period
        patch.object(SQSBackend, "is_message_valid_based_on_retention_period", lambda *_: True),
    ):
        yield


def _delayed(queue: Queue) -> int:
    now_ms = unix_time_millis()
    return sum(now_ms < message.delayed_until for message in queue._messages)


def _in_flight(queue: Queue) -> int:
    now_ms = unix_time_millis()
    return sum(now_ms < message.visible_at for message in queue._messages)


def _visible(queue: Queue) -> Iterator[Message]:
    now_ms = unix_time_millis()
    return (m for m in queue._messages if now_ms >= m.visible_at and now_ms >= m.delayed_until)


def _delete_message(queue: Queue, receipt_handle: str) -> None:
    if receipt_handle in queue.deleted_messages:
        return
    for index, message in enumerate(queue._messages):
        if message.had_receipt_handle(receipt_handle):
            queue.pending_messages.discard(message)
            queue.deleted_messages.update(handle for handle in message.all_receipt_handles if handle)
            del queue._messages[index]
            return
    raise ReceiptHandleIsInvalid
