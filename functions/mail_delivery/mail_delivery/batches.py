"""The order in which a batch is worked through."""

from typing import Any

# As our own orders are written; inside a mail's text the quotation marks would be escaped.
_CANCELLATION = '"order":"CancelMail"'


def cancellations_first(event: dict[str, Any]) -> dict[str, Any]:
    """The same SQS event, its cancellations before its mails: one that comes together with its mail is in time."""
    return event | {
        "Records": sorted(event["Records"], key=lambda record: _CANCELLATION not in record["body"])
    }
