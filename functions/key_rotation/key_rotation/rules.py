"""When a signing key is renewed, and how many are kept."""

from datetime import datetime, timedelta


def is_due(renewed_at: datetime, renewed_after: timedelta, now: datetime) -> bool:
    """Whether the newest signing key, from `renewed_at`, has served its time."""
    return now - renewed_at >= renewed_after


def with_new_key(keys: str, new: str, *, kept: int) -> str:
    """The signing keys, the newest first with commas between, after `new` came in front; `kept` of them stay."""
    older = [key for key in keys.split(",") if key]
    return ",".join([new, *older][:kept])
