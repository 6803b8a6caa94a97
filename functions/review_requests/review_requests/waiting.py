"""Waiting for what becomes of a mail that was handed over. All instants are UTC."""

from datetime import datetime, timedelta

from engagement.due_work import LEASE
from review_requests.customers import Handed

# What the mail path has not decided so long after it was of no more use is lost.
_LOST_AFTER = timedelta(hours=1)


def waiting_look(handed: Handed, now: datetime) -> datetime:
    """When to look again at what was handed over: when it is lost, at the latest."""
    later = ever_later_look(handed.at, now)
    return later if is_lost(handed, now) else min(later, _lost_at(handed))


def ever_later_look(since: datetime, now: datetime) -> datetime:
    """When to look again at what may never come: each wait is as long as all before."""
    return now + max(now - since, LEASE)


def is_lost(handed: Handed, now: datetime) -> bool:
    """Whether the mail path had all the time that there was, and more."""
    return now >= _lost_at(handed)


def _lost_at(handed: Handed) -> datetime:
    return max(handed.useful_until, handed.at) + _LOST_AFTER
