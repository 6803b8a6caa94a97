"""Choosing: who of those that a cart may belong to is written to. Rules alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engagement.birthdays import is_younger_than
from engagement.contacts import Contact
from engagement.profiles import Profile

# A customer's own word against mail.
_REFUSALS = ("unsubscribed", "paused")


@dataclass(frozen=True)
class Chosen:
    """Whose cart it is; `reason`: why they are not written to (one word), if they are not."""

    profile: Profile
    reason: str | None = None


def choose(
    known: Sequence[tuple[Profile, Contact]], *, topic: str, minimum_age: int, now: datetime
) -> Chosen | None:
    """The first who welcomes the topic; nobody of a household of which one refused it. None: nobody is known."""
    looked_at = [
        Chosen(profile, _why_not(profile, contact, topic, minimum_age, now)) for profile, contact in known
    ]
    order = (
        *(each for each in looked_at if each.reason in _REFUSALS),
        *(each for each in looked_at if each.reason is None),
        *looked_at,
    )
    return next(iter(order), None)


def _why_not(profile: Profile, contact: Contact, topic: str, minimum_age: int, now: datetime) -> str | None:
    today = now.astimezone(ZoneInfo(profile.time_zone)).date()
    if is_younger_than(minimum_age, profile.birthday, today):
        return "too_young"
    return contact.why_unwelcome(topic, now)
