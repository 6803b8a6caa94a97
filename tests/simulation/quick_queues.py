"""SQS in memory, and Lambda's poller: a message is hidden while it is worked on, comes again, and ends in its
dead-letter queue. What goes wrong on the way is for `Road` to say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from local_cloud.aws_environment import REGION
from local_cloud.declared import QueueMapping
from local_cloud.runtime import Invocation

type Fate = Literal["handed over", "lost on the way", "not taken off"]


@dataclass
class Message:
    """Instants in whole milliseconds of the epoch."""

    name: str
    body: str
    sent_at: int
    visible_at: int
    received: int = 0


class Road:
    """All goes well: no message is held up, told twice or lost."""

    def sent(self, queue: str, message: Message) -> Sequence[int]:
        """After how many milliseconds it arrives; more than one if it arrives more than once."""
        return (0,)

    def order(self, queue: str, messages: list[Message]) -> list[Message]:
        """In which order they are received. SQS promises none."""
        return messages

    def fate(self, queue: str, batch: Sequence[Message]) -> Fate:
        """Of a batch: "lost on the way" to the function, or worked on and "not taken off" the queue."""
        return "handed over"


@dataclass
class Queue:
    """`most_receives`: so often a message is received before it is moved to `dead_letters`."""

    name: str
    arn: str
    url: str
    hidden_for: int
    kept_for: int
    dead_letters: "Queue | None" = None
    most_receives: int = 0
    messages: list[Message] = field(default_factory=list)

    def receive(self, now: int, most: int, road: Road) -> list[Message]:
        self.messages = [each for each in self.messages if each.sent_at + self.kept_for > now]
        ready = [each for each in self.messages if each.visible_at <= now]
        taken: list[Message] = []
        for message in road.order(self.name, ready):
            if len(taken) == most:
                break
            if self.dead_letters is not None and message.received >= self.most_receives:
                self.messages.remove(message)
                self.dead_letters.messages.append(message)
                continue
            message.received += 1
            message.visible_at = now + self.hidden_for
            taken.append(message)
        return taken

    def next_visible(self, now: int) -> int | None:
        return min((each.visible_at for each in self.messages if each.visible_at > now), default=None)


class Queues:
    """All queues of the template, and who polls them. `run` runs a function; `on_handled` hears of each message that is
    taken off for good."""

    def __init__(
        self, declared: Mapping[str, Mapping[str, Any]], describe: Callable[[str], tuple[str, str]]
    ) -> None:
        """`describe`: a logical id's ARN and URL."""
        self.by_name: dict[str, Queue] = {}
        self.road = Road()
        self._numbers = 0
        for name, properties in declared.items():
            arn, url = describe(name)
            hidden, kept = properties.get("VisibilityTimeout", 30), properties["MessageRetentionPeriod"]
            self.by_name[name] = Queue(name, arn, url, int(hidden) * 1000, int(kept) * 1000)
        self.by_arn = {queue.arn: queue for queue in self.by_name.values()}
        self.by_url = {queue.url: queue for queue in self.by_name.values()}
        for name, properties in declared.items():
            if redrive := properties.get("RedrivePolicy"):
                self.by_name[name].dead_letters = self.by_arn[redrive["deadLetterTargetArn"]]
                self.by_name[name].most_receives = int(redrive["maxReceiveCount"])

    def send(self, queue: Queue, body: str, now: int, delay: int = 0) -> None:
        """`delay` in milliseconds."""
        self._numbers += 1
        message = Message(f"message-{self._numbers}", body, now, now + delay)
        first, *again = self.road.sent(queue.name, message)
        message.visible_at += first
        queue.messages.append(message)
        for number, after in enumerate(again):
            queue.messages.append(Message(f"{message.name}-{number + 2}", body, now, now + delay + after))


class Poller:
    """Stands in for the local cloud's own."""

    def __init__(
        self,
        mapping: QueueMapping,
        queues: Queues,
        run: Callable[[str, dict[str, Any]], Invocation],
        on_handled: Callable[[str, Message], None],
    ) -> None:
        self.mapping, self._queues, self._run, self._on_handled = mapping, queues, run, on_handled
        self.queue = queues.by_arn[mapping.queue_arn]

    def poll(self, now_ms: float) -> int:
        now = round(now_ms)
        if not self.queue.messages:
            return 0
        batch = self.queue.receive(now, self.mapping.batch_size, self._queues.road)
        if not batch:
            return 0
        fate = self._queues.road.fate(self.queue.name, batch)
        if fate == "lost on the way":
            return 1
        invocation = self._run(self.mapping.function, {"Records": [self._record(each) for each in batch]})
        failed = failures(invocation, {each.name for each in batch})
        for message in batch:
            if message.name not in failed:
                self._on_handled(self.mapping.function, message)
                if fate == "handed over":
                    self.queue.messages.remove(message)
        return 1

    def next_instant(self, now_ms: float) -> float | None:
        return self.queue.next_visible(round(now_ms))

    def _record(self, message: Message) -> dict[str, Any]:
        return {
            "messageId": message.name,
            "receiptHandle": message.name,
            "body": message.body,
            "attributes": {
                "ApproximateReceiveCount": str(message.received),
                "SentTimestamp": str(message.sent_at),
                "SenderId": "AIDAEXAMPLE",
                "ApproximateFirstReceiveTimestamp": str(message.sent_at),
            },
            "messageAttributes": {},
            "md5OfBody": "0" * 32,
            "eventSource": "aws:sqs",
            "eventSourceARN": self.queue.arn,
            "awsRegion": REGION,
        }


def failures(invocation: Invocation, names: set[str]) -> set[str]:
    """The messages to leave in the queue; as Lambda reads the answer of a function that reports its failures."""
    if not invocation.ok:
        return names
    named = {entry["itemIdentifier"] for entry in invocation.result["batchItemFailures"]}
    return min(named, names)


def key_of(batch: Sequence[Message]) -> str:
    """The same for the same words, whatever the messages are called: what happens to a batch goes by this."""
    words = "\n".join(f"{each.received} {each.body}" for each in batch)
    return sha256(words.encode()).hexdigest()[:16]
