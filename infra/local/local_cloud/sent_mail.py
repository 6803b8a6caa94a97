"""A mail as SES got it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SentMail:
    """A mail that SES accepted. `to` holds all recipients; header names are as the function wrote them."""

    to: tuple[str, ...]
    sender: str
    subject: str
    html: str
    text: str
    headers: Mapping[str, str]
    tags: Mapping[str, str]
    configuration_set: str | None
    message_id: str
    sent_at: datetime
    reply_to: tuple[str, ...] = ()
