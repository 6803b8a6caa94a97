"""The shape of every door that a queue opens: each message succeeds or fails alone."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement.observability import explanation, logger


def process_queue(
    event: dict[str, Any], context: LambdaContext, handle: Callable[[str], None]
) -> PartialItemFailureResponse:
    """Call `handle` with each message's body; name those that raised, so that the queue keeps only them.

    A message that fails maxReceiveCount times ends in the queue's dead-letter queue, alone.
    """

    def one(record: SQSRecord) -> None:
        try:
            handle(record.body)
        except Exception as error:
            logger().warning("message failed", extra={"message_id": record.message_id, **explanation(error)})
            raise

    # A batch of which nothing succeeded is answered like any other: raising would count as a function error.
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=one, processor=processor, context=context)
