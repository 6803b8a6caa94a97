"""A queue's dead letters: looked at without being used up, and put back one by one."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from rishta_cli.operating.letters import Letter, read_letter
from rishta_cli.stacks import ConsumerQueue, Stack

_BATCH = 10  # the most that SQS hands out
# Seconds for which a letter is ours; longer than ten take to be moved, even slowly.
_OURS_FOR = 300
# Seconds: a long poll asks all of SQS's servers, a short one only some.
LONG_POLL = 1


@dataclass(frozen=True)
class DeadLetter:
    """A letter in our hands. `sent_at` (UTC): when it came into the queue where it failed."""

    letter: Letter
    sent_at: datetime
    message: dict[str, Any]

    @property
    def body(self) -> str:
        return str(self.message["Body"])


class DeadLetterQueue:
    """Whatever is received and not deleted lies there again when `release` was called, or after five minutes."""

    def __init__(self, stack: Stack, queue: ConsumerQueue) -> None:
        self._sqs = stack.client("sqs")
        self._queue = queue
        # moto would wait by a clock that stands still.
        self._wait = 0 if stack.is_local else LONG_POLL
        self._held: dict[str, str] = {}

    def count(self) -> int:
        """About how many there are, those in somebody's hands included."""
        answer = self._sqs.get_queue_attributes(
            QueueUrl=self._queue.dead_letters_url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )
        return sum(int(number) for number in answer["Attributes"].values())

    def receive(self, now: datetime, *, at_most: int) -> Iterator[DeadLetter]:
        """The letters that were there at `now` (UTC), each once; what fails again meanwhile is for the next time."""
        given = 0
        while given < at_most:
            answer = self._sqs.receive_message(
                QueueUrl=self._queue.dead_letters_url,
                MaxNumberOfMessages=min(_BATCH, at_most - given),
                VisibilityTimeout=_OURS_FOR,
                MessageSystemAttributeNames=["SentTimestamp"],
                MessageAttributeNames=["All"],
                WaitTimeSeconds=self._wait,
            )
            fresh = [each for each in answer.get("Messages", []) if each["MessageId"] not in self._held]
            if not fresh:
                return
            for message in fresh:
                self._held[message["MessageId"]] = message["ReceiptHandle"]
            for message in fresh:
                sent_at = _instant(message)
                if sent_at <= now:
                    given += 1
                    yield DeadLetter(read_letter(message["Body"], self._queue.name, now), sent_at, message)

    def move(self, letter: DeadLetter) -> None:
        """Back to its queue. Sent first, deleted then: whoever interrupts in between makes it come twice, which every
        consumer takes; never lost."""
        told = letter.message.get("MessageAttributes", {})
        self._sqs.send_message(
            QueueUrl=self._queue.url,
            MessageBody=letter.body,
            # What EventBridge says of a failed delivery is of that one delivery.
            MessageAttributes={name: value for name, value in told.items() if not name.isupper()},
        )
        self.delete(letter)

    def delete(self, letter: DeadLetter) -> None:
        self._sqs.delete_message(
            QueueUrl=self._queue.dead_letters_url, ReceiptHandle=letter.message["ReceiptHandle"]
        )
        self._held.pop(letter.message["MessageId"], None)

    def release(self) -> None:
        """Everything that is still in our hands can be received by others at once."""
        for handle in self._held.values():
            # Held too long by us, a letter is free already.
            with suppress(ClientError):
                self._sqs.change_message_visibility(
                    QueueUrl=self._queue.dead_letters_url, ReceiptHandle=handle, VisibilityTimeout=0
                )
        self._held.clear()


def _instant(message: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
