"""Putting messages on a queue, and letting one that came wait."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING

from pydantic import BaseModel

from engagement.errors import RetryLaterError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_MAX_ENTRIES = 10  # SendMessageBatch
_LONGEST_DELAY = timedelta(minutes=15)  # of a new message
_LONGEST_WAIT = timedelta(hours=11)  # of one that was received: SQS allows 12 hours in all


class MessageQueue:
    """One queue, by its URL."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def is_source_of(self, arn: str) -> bool:
        """Whether this is the queue with this ARN."""
        return self._url.rpartition("/")[2] == arn.rpartition(":")[2]

    def put(self, messages: Iterable[BaseModel]) -> None:
        """Put messages as JSON, ten a call. Raises RetryLaterError if any was not taken: put all of them again.

        Those after a message that the queue refuses are offered all the same.
        """
        refused = 0
        for batch in batched(messages, _MAX_ENTRIES, strict=False):
            answer = self._client.send_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(position), "MessageBody": message.model_dump_json()}
                    for position, message in enumerate(batch)
                ],
            )
            refused += len(answer.get("Failed", ()))
        if refused:
            raise RetryLaterError(f"the queue refused {refused} messages")

    def put_later(self, message: BaseModel, after: timedelta) -> None:
        """Put a message that is not handed out before `after`, or SQS's 15 minutes if that is longer."""
        seconds = max(0, -(-min(after, _LONGEST_DELAY) // timedelta(seconds=1)))
        self._client.send_message(
            QueueUrl=self._url, MessageBody=message.model_dump_json(), DelaySeconds=seconds
        )

    def delay(self, receipt_handle: str, after: timedelta) -> None:
        """A message that was received, and is given back, is handed out again after so long."""
        self._client.change_message_visibility(
            QueueUrl=self._url,
            ReceiptHandle=receipt_handle,
            VisibilityTimeout=max(0, -(-min(after, _LONGEST_WAIT) // timedelta(seconds=1))),
        )
