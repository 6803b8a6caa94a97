"""The two queues that orders come by, and the order in which a batch of them is worked through."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engagement.queues import MessageQueue

# As our own orders are written; inside a mail's text the quotation marks would be escaped.
_CANCELLATION = '"order":"CancelMail"'
# What is left at a worker's end to write down what became of its mails.
_TO_FINISH = timedelta(seconds=20)


@dataclass(frozen=True)
class Way:
    """How an order came: by which queue, and by when (UTC) the worker must have handed it over."""

    queue: MessageQueue
    bulk: bool
    deadline: datetime


@dataclass(frozen=True)
class Ways:
    triggered: MessageQueue
    bulk: MessageQueue

    def of(self, event: dict[str, Any], now: datetime, remaining_ms: int) -> Way:
        """The way of an SQS event, all of which comes from one queue; `remaining_ms` is what the worker has left."""
        bulk = self.bulk.is_source_of(event["Records"][0]["eventSourceARN"])
        deadline = now + timedelta(milliseconds=remaining_ms) - _TO_FINISH
        return Way(self.bulk if bulk else self.triggered, bulk=bulk, deadline=deadline)


def cancellations_first(event: dict[str, Any]) -> dict[str, Any]:
    """The same SQS event, its cancellations before its mails: one that comes together with its mail is in time."""
    return event | {
        "Records": sorted(event["Records"], key=lambda record: _CANCELLATION not in record["body"])
    }
