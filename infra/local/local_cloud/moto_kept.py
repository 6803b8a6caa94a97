"""What moto holds in memory alone, taken out and put back: letters that failed, and the bus's archive."""

from __future__ import annotations

from typing import Any

import boto3
from moto.events.models import Archive, events_backends

from local_cloud.aws_environment import ACCOUNT, REGION
from local_cloud.moto_queues import queue_at


def failed_letters(queue_url: str, dead_letters_url: str) -> list[dict[str, Any]]:
    """A queue's dead letters, and those that failed and would be tried again: each its body and when it was sent, in
    milliseconds of the epoch."""
    dead: list[Any] = queue_at(dead_letters_url)._messages
    failed = [each for each in queue_at(queue_url)._messages if each.approximate_receive_count > 0]
    return [{"body": each.body, "sent_ms": int(each.sent_timestamp)} for each in (*dead, *failed)]


def lay_letters(url: str, letters: list[dict[str, Any]]) -> None:
    """Puts such letters into a queue."""
    sqs = boto3.client("sqs")
    for letter in letters:
        sqs.send_message(QueueUrl=url, MessageBody=letter["body"])
        queue_at(url)._messages[-1].sent_timestamp = letter["sent_ms"]


def archived_facts() -> list[dict[str, Any]]:
    """What the archive of the bus holds, oldest first, as EventBridge tells it."""
    return [dict(event) for archive in _archives() for event in archive.events]


def archive_facts(facts: list[dict[str, Any]]) -> None:
    """Puts such facts into the archive, which was there when the oldest of them was told."""
    for archive in _archives():
        archive.events[:0] = facts  # type: ignore[assignment]  # as they were taken out
        archive.creation_time = min([archive.creation_time, *(float(fact["time"]) for fact in facts)])


def _archives() -> list[Archive]:
    return list(events_backends[ACCOUNT][REGION].archives.values())
