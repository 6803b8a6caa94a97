"""Which topics a customer leaves or joins, and how long a pause is."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engagement.clock import from_text, local_instant, to_text

_DECEMBER = 12


def topics_to_leave(topic: str, also: frozenset[str], known: Iterable[str]) -> tuple[str, ...]:
    """The link's own topic, always; of those ticked besides, the ones that the plan knows."""
    return (topic, *(each for each in known if each in also and each != topic))


def other_topics(topic: str, decisions: Mapping[str, bool], known: Iterable[str]) -> tuple[str, ...]:
    """What else the customer agreed to, and could leave on the same page."""
    return tuple(each for each in known if decisions.get(each, False) and each != topic)


@dataclass(frozen=True)
class TopicsChanged:
    joined: tuple[str, ...]
    left: tuple[str, ...]


def topics_changed(
    ticked: frozenset[str], seen: frozenset[str], known: Iterable[str], *, leaves_all: bool
) -> TopicsChanged:
    """What the customer ticked, or unticked, against what they saw. What they left as they saw it is no decision: a
    page that was open all the while must not take back what they decided elsewhere since.
    """
    topics = tuple(known)
    if leaves_all:
        return TopicsChanged(joined=(), left=topics)
    return TopicsChanged(
        joined=tuple(each for each in topics if each in ticked - seen),
        left=tuple(each for each in topics if each in seen - ticked),
    )


def joined_at(shown_at: str, now: datetime) -> datetime | None:
    """When a customer decided to join: when the page was shown, by what its form says (as `to_text` writes it).

    Not when they clicked: a form that is sent again, or late, must not bring back what they left since. Never later
    than now. None for a page that does not say it, or is older than last year: nobody joins by that.
    """
    try:
        instant = from_text(shown_at)
        written = to_text(instant)
    except (ValueError, OverflowError):
        return None
    if written != shown_at or instant.year < now.year - 1:
        return None
    return min(instant, now)


def pause_end(now: datetime, zone: ZoneInfo) -> datetime:
    """A pause lasts until the same day of the next month begins for the customer, or that month's last day."""
    today = now.astimezone(zone).date()
    year, month = (today.year + 1, 1) if today.month == _DECEMBER else (today.year, today.month + 1)
    day = min(today.day, monthrange(year, month)[1])
    return local_instant(date(year, month, day), 0, zone)


def later_than(now: datetime, told_at: datetime) -> datetime:
    """When the customer's word was given: now, or, where the shop's clock is ahead of ours, after all it told yet."""
    return max(now, told_at + datetime.resolution)
