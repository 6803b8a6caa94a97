"""In which language a page speaks, which topics a customer leaves or joins, and how long a pause is."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engagement.clock import from_text, local_instant, to_text

# A language range of Accept-Language with its weight (RFC 9110, 12.5.4): `hi-IN;q=0.8`.
_RANGE = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z0-9-]+)?(?:\s*;\s*q=([01](?:\.\d{0,3})?))?")
_DECEMBER = 12


def choose_language(wanted: str, accept_language: str, *, spoken: frozenset[str], fallback: str) -> str:
    """The mail's own language, else the browser's best, else the shop's: the first of them that we have pages in.

    English, should there be none.
    """
    candidates = [wanted, *_by_weight(accept_language), fallback]
    languages = (candidate.partition("-")[0].lower() for candidate in candidates)
    return next((language for language in languages if language in spoken), "en")


def _by_weight(accept_language: str) -> list[str]:
    matches = (_RANGE.fullmatch(part.strip()) for part in accept_language.split(","))
    weighted = [(float(match[2] or 1), match[1]) for match in matches if match]
    return [language for weight, language in sorted(weighted, key=lambda each: -each[0]) if weight > 0]


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
