"""The shape of every door that a schedule opens: it works from the schedule's own time, not from the clock's.

A late or repeated run then does the same work. The stanza passes the time as
`{"scheduled_at": "<aws.scheduler.scheduled-time>"}`.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from engagement.bus import faults
from engagement.errors import MalformedMessageError
from engagement.events.base import Instant


class ScheduledRun(BaseModel):
    scheduled_at: Instant


def scheduled_at(event: dict[str, Any]) -> datetime:
    """The instant, UTC, for which the schedule called. Raises MalformedMessageError."""
    try:
        return ScheduledRun.model_validate(event).scheduled_at
    except ValidationError as error:
        raise MalformedMessageError(f"ScheduledRun: {faults(error)}") from None
