"""Lambda's poller: receives from a queue, runs the function, deletes what succeeded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from local_cloud import moto_queues
from local_cloud.aws_environment import REGION
from local_cloud.calls import CallRecorder
from local_cloud.declared import QueueMapping
from local_cloud.runtime import Invocation

if TYPE_CHECKING:
    from moto.sqs.models import Queue
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# SQS hands out at most ten messages, and takes at most ten deletions, in one request.
_SQS_BATCH = 10
# A message without a dead-letter queue that its function keeps making visible at once would never let go.
_RECEIVES_AT_MOST = 1000

Run = Callable[[str, dict[str, Any]], Invocation]


class Poller:
    """One event source mapping at work. `queue` is moto's own object, looked at to spare requests."""

    def __init__(
        self, mapping: QueueMapping, queue: Queue, sqs: SQSClient, recorder: CallRecorder, run: Run
    ) -> None:
        self.mapping = mapping
        self._queue = queue
        self._url = str(queue.physical_resource_id)
        self._sqs = sqs
        self._recorder = recorder
        self._run = run
        self._has_polled = False

    def poll(self, now_ms: float) -> int:
        """Delivers one batch, if a message can be received now. Returns the number of invocations: 0 or 1."""
        moto_queues.expire(self._queue, now_ms)
        if not moto_queues.receivable(self._queue, now_ms):
            return 0
        if not self._has_polled:
            self._recorder.note(self.mapping.function, "sqs:GetQueueAttributes", self.mapping.queue_arn)
            self._has_polled = True
        messages = self._receive()
        if not messages:
            return 0
        event = {"Records": [self._record(message) for message in messages]}
        invocation = self._run(self.mapping.function, event)
        failed = self._failures(invocation, [str(message["MessageId"]) for message in messages])
        self._delete([message for message in messages if message["MessageId"] not in failed])
        return 1

    def next_instant(self, now_ms: float) -> float | None:
        return moto_queues.next_visible(self._queue, now_ms)

    def _receive(self) -> list[MessageTypeDef]:
        received: list[MessageTypeDef] = []
        with self._recorder.attributed_to(self.mapping.function, "poller"):
            while len(received) < self.mapping.batch_size:
                answer = self._sqs.receive_message(
                    QueueUrl=self._url,
                    MaxNumberOfMessages=min(_SQS_BATCH, self.mapping.batch_size - len(received)),
                    MessageSystemAttributeNames=["All"],
                    MessageAttributeNames=["All"],
                    WaitTimeSeconds=0,
                )
                messages = answer.get("Messages", [])
                received.extend(messages)
                if len(messages) < _SQS_BATCH:
                    break
        for message in received:
            if int(message["Attributes"]["ApproximateReceiveCount"]) > _RECEIVES_AT_MOST:
                raise RuntimeError(
                    f"{self.mapping.function} received a message {_RECEIVES_AT_MOST} times: {message}"
                )
        return received

    def _record(self, message: MessageTypeDef) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": dict(message["Attributes"]),
            "messageAttributes": {
                name: {
                    "stringValue": value.get("StringValue"),
                    "stringListValues": [],
                    "binaryListValues": [],
                    "dataType": value["DataType"],
                }
                for name, value in message.get("MessageAttributes", {}).items()
            },
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self.mapping.queue_arn,
            "awsRegion": REGION,
        }

    def _failures(self, invocation: Invocation, ids: list[str]) -> set[str]:
        """The messages to leave in the queue. As in Lambda, an answer it cannot read fails the whole batch."""
        if not invocation.ok:
            return set(ids)
        if not self.mapping.partial_responses or not invocation.result:
            return set()
        result = invocation.result
        if not isinstance(result, dict):
            return set(ids)
        entries = result.get("batchItemFailures")
        if entries is None:
            return set()
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            return set(ids)
        named = {entry.get("itemIdentifier") for entry in entries}
        return {str(each) for each in named} if named <= set(ids) else set(ids)

    def _delete(self, messages: list[MessageTypeDef]) -> None:
        with self._recorder.attributed_to(self.mapping.function, "poller"):
            for start in range(0, len(messages), _SQS_BATCH):
                self._sqs.delete_message_batch(
                    QueueUrl=self._url,
                    Entries=[
                        {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                        for number, message in enumerate(messages[start : start + _SQS_BATCH])
                    ],
                )
