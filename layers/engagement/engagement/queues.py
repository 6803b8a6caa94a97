"""Putting messages on a queue."""

from collections.abc import Iterable
from itertools import batched
from typing import TYPE_CHECKING

from pydantic import BaseModel

from engagement.errors import RetryLaterError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_MAX_ENTRIES = 10  # SendMessageBatch


class MessageQueue:
    """One queue, by its URL."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

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
