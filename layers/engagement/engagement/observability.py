"""Structured logs without personal data: hashed customer ids, never an event's body, a name or an address."""

import hashlib
import traceback
from functools import cache

from aws_lambda_powertools import Logger

from engagement.errors import EngagementError


@cache
def logger() -> Logger:
    """One JSON line an entry; service and level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL."""
    return Logger()


def customer_ref(customer_id: str) -> str:
    """The same 12 hex digits for the same customer: enough to follow one through the logs, not to find who it is."""
    return hashlib.sha256(customer_id.encode()).hexdigest()[:12]


def explanation(error: Exception) -> dict[str, str]:
    """Our own errors' texts are free of personal data; of a stranger's only the kind and the place are told."""
    if isinstance(error, EngagementError):
        return {"error": type(error).__name__, "reason": str(error)}
    place = traceback.extract_tb(error.__traceback__)[-1]
    return {"error": type(error).__name__, "place": f"{place.filename}:{place.lineno} in {place.name}"}
