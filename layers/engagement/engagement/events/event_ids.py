"""Ids of the facts that we tell: made from what a fact is about, so that told again it has the same one."""

from hashlib import sha256

_LONGEST = 100  # of events.base.Identifier


def event_id(subject: str, subject_id: str, what: str, *, digits: int = 64) -> str:
    """`order-77-recovered`. The shop's id may be as long as an event's, and then stands for itself by so many of its
    digest's hexadecimal digits.
    """
    readable = f"{subject}-{subject_id}-{what}"
    if len(readable) <= _LONGEST:
        return readable
    return f"{subject}-{sha256(subject_id.encode()).hexdigest()[:digits]}-{what}"
