"""Structured logs without personal data: hashed customer ids, never an event's body, a name or an address.

Every line about a message has a `correlation_id`, which is the customer's (or the cart's, while nobody knows whose it
is), and a `subject_ref` for the cart or order that it is about. Both are the same in every function, from the shop's
fact, of which its lines have an `event_ref`, to the mail. All three are hashes: an event's id may hold a customer's.
"""

import hashlib
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from logging import Filter, LogRecord

from aws_lambda_powertools import Logger

from engagement.errors import EngagementError

_about: ContextVar[Mapping[str, str]] = ContextVar("about")


@cache
def logger() -> Logger:
    """One JSON line an entry; service and level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL."""
    made = Logger()
    made.addFilter(_Context())
    return made


class _Context(Filter):
    def filter(self, record: LogRecord) -> bool:
        for name, value in about().items():
            record.__dict__.setdefault(name, value)
        return True


def about() -> Mapping[str, str]:
    """What is being handled, by these keys of its log lines; nothing between two messages."""
    return _about.get({})


def log_about(customer_id: str | None, subject: str | None, **more: str) -> None:
    """From here on, within this message, log lines say whom and what (a cart's or an order's id) they are about. Both
    are hashed; neither: nothing any more. `more` comes as it is.
    """
    whom, what = customer_id or subject, subject or customer_id
    refs = {"correlation_id": customer_ref(whom), "subject_ref": customer_ref(what)} if whom and what else {}
    _about.set({**refs, **more})


def customer_ref(customer_id: str) -> str:
    """The same 12 hex digits for the same customer: enough to follow one through the logs, not to find who it is."""
    return hashlib.sha256(customer_id.encode()).hexdigest()[:12]


def explanation(error: Exception) -> dict[str, str]:
    """Our own errors' texts are free of personal data; of a stranger's only the kind and the place are told."""
    if isinstance(error, EngagementError):
        return {"error": type(error).__name__, "reason": str(error)}
    place = traceback.extract_tb(error.__traceback__)[-1]
    return {"error": type(error).__name__, "place": f"{place.filename}:{place.lineno} in {place.name}"}
