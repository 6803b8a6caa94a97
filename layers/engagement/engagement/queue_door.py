"""The shape of every door that a queue opens: each message succeeds or fails alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from typing import Any, Protocol

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement.errors import RetryLaterError
from engagement.metrics import count
from engagement.observability import about, explanation, log_about, logger


class Delays(Protocol):
    """The queue that messages came from, as far as one can be told to come again later."""

    def delay(self, receipt_handle: str, after: timedelta) -> None:
        """Raises whatever the call raises."""


def process_queue(
    event: dict[str, Any],
    context: LambdaContext,
    handle: Callable[[str], None],
    *,
    at_once: int = 1,
    delays: Delays | None = None,
) -> PartialItemFailureResponse:
    """Call `handle` with each message's body, `at_once` at a time; name those that raised, so that the queue keeps
    only them. With `delays`, one that says how much later it wants to come again does so.

    A message that fails maxReceiveCount times ends in the queue's dead-letter queue, alone. `MessagesFailed` counts
    each delivery that failed, by the door; not those that are to come later, as after a lost race.
    """
    door = handle.__module__
    failed: list[str] = []

    def one(record: SQSRecord) -> None:
        log_about(None, None)
        try:
            handle(record.body)
        except Exception as error:
            logger().warning(
                "message failed", extra={"door": door, "message_id": record.message_id, **explanation(error)}
            )
            if not isinstance(error, RetryLaterError):
                failed.append(record.message_id)
            elif delays and error.after is not None:
                _delay(delays, record.receipt_handle, error.after)
            raise
        else:
            if "fact" in about():
                logger().info("fact taken in", extra={"door": door})
        finally:
            log_about(None, None)

    # A batch of which nothing succeeded is answered like any other: raising would count as a function error.
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    if at_once == 1:
        response = process_partial_response(
            event=event, record_handler=one, processor=processor, context=context
        )
    else:
        with ThreadPoolExecutor(at_once) as pool:
            begun = {
                record["messageId"]: pool.submit(copy_context().run, one, SQSRecord(record))
                for record in event["Records"]
            }
            response = process_partial_response(
                event=event,
                record_handler=lambda record: begun[record.message_id].result(),
                processor=processor,
                context=context,
            )
    if failed:
        count("MessagesFailed", len(failed), door=door)
    return response


def _delay(delays: Delays, receipt_handle: str, after: timedelta) -> None:
    try:
        delays.delay(receipt_handle, after)
    except Exception as error:  # noqa: BLE001 - it then comes after its visibility timeout, as any other
        logger().warning("message not delayed", extra=explanation(error))
