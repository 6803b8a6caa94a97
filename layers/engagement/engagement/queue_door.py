"""The shape of every door that a queue opens: each message succeeds or fails alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from typing import Any, Protocol, TypedDict

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement.errors import RetryLaterError
from engagement.metrics import count
from engagement.observability import about, explanation, log_about, logger


class ItemFailure(TypedDict):
    itemIdentifier: str  # a message's id


class PartialItemFailureResponse(TypedDict):
    """What Lambda is answered by a function whose trigger has ReportBatchItemFailures: all else is done with.

    Powertools' `batch` makes the same of it; importing that, and asyncio with it, is a seventh of a cold start.
    """

    batchItemFailures: list[ItemFailure]


class Delays(Protocol):
    """The queue that messages came from, as far as one can be told to come again later."""

    def delay(self, receipt_handle: str, after: timedelta) -> None:
        """Raises whatever the call raises."""


def process_queue(
    event: dict[str, Any],
    _context: LambdaContext,
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
    door, records = handle.__module__, event["Records"]
    failed: list[str] = []

    def succeeds(record: dict[str, Any]) -> bool:
        log_about(None, None)
        try:
            handle(record["body"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the other messages have nothing to do with it
            message_id = record["messageId"]
            logger().warning(
                "message failed", extra={"door": door, "message_id": message_id, **explanation(error)}
            )
            if not isinstance(error, RetryLaterError):
                failed.append(message_id)
            elif delays and error.after is not None:
                _delay(delays, record["receiptHandle"], error.after)
            return False
        else:
            if "fact" in about():
                logger().info("fact taken in", extra={"door": door})
            return True
        finally:
            log_about(None, None)

    if at_once == 1:
        done = [succeeds(record) for record in records]
    else:
        with ThreadPoolExecutor(at_once) as pool:
            begun = [pool.submit(copy_context().run, succeeds, record) for record in records]
            done = [each.result() for each in begun]
    if failed:
        count("MessagesFailed", len(failed), door=door)
    # A batch of which nothing succeeded is answered like any other: raising would count as a function error.
    left = [record["messageId"] for record, is_done in zip(records, done, strict=True) if not is_done]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in left]}


def _delay(delays: Delays, receipt_handle: str, after: timedelta) -> None:
    try:
        delays.delay(receipt_handle, after)
    except Exception as error:  # noqa: BLE001 - it then comes after its visibility timeout, as any other
        logger().warning("message not delayed", extra=explanation(error))
