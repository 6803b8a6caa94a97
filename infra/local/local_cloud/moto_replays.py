"""moto's replays, telling of a span alone and to the rules that were named, as EventBridge does."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from moto.core.utils import unix_time
from moto.events.models import Archive, Replay, ReplayState, events_backends


@contextmanager
def faithful_replays() -> Iterator[None]:
    """moto tells everything in the archive to all rules of the bus, whatever was asked."""
    with patch.object(Replay, "replay_events", _replay_events):
        yield


def _replay_events(replay: Any, archive: Archive) -> None:
    backend = events_backends[replay.account_id][replay.region]
    bus = backend.describe_event_bus(replay.destination["Arn"].split("/")[-1])
    wanted = replay.destination.get("FilterArns")
    rules = [rule for rule in bus.rules.values() if not wanted or rule.arn in wanted]
    start, end = _seconds(replay.event_start_time), _seconds(replay.event_end_time)
    # A copy: what functions tell because of it comes into the archive too.
    for event in list(archive.events):
        if start <= _seconds(event["time"]) <= end:
            told: Any = dict(event)
            told |= {
                "id": str(uuid.uuid5(uuid.NAMESPACE_OID, replay.name + event["id"])),
                "replay-name": replay.name,
            }
            for rule in rules:
                rule.send_to_targets(told, transform_input=False)
    replay.state = ReplayState.COMPLETED
    replay.end_time = unix_time()


def _seconds(instant: Any) -> float:
    if isinstance(instant, str):
        return datetime.fromisoformat(instant).astimezone(UTC).timestamp()
    return float(instant)
