"""The local cloud that remembers: its tables, its dead letters and its archive stay from one command to the next."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from dynamodb_local import DynamoDBLocal
from local_cloud import moto_kept
from local_cloud.cloud import LocalCloud
from rishta_cli.project import LOCAL_PARAMETERS, LOCAL_STATE
from rishta_cli.stacks import Stack

# Of the archive so many facts, the newest: an import can tell hundreds of thousands.
_FACTS_KEPT = 10_000


@contextmanager
def remembering_cloud(now: datetime, *, fresh: bool = False) -> Iterator[tuple[LocalCloud, str]]:
    """The cloud at that instant, and the endpoint of its DynamoDB; `fresh` forgets what earlier commands left.

    A message that failed is a dead letter when the command ends: nobody waits a quarter of an hour for its other tries.
    """
    if fresh and LOCAL_STATE.exists():
        shutil.rmtree(LOCAL_STATE)
    LOCAL_STATE.mkdir(parents=True, exist_ok=True)
    with (
        DynamoDBLocal(LOCAL_STATE) as engine,
        LocalCloud(now=now, dynamodb_endpoint=engine.endpoint, parameters=LOCAL_PARAMETERS) as cloud,
    ):
        _remember(cloud)
        try:
            yield cloud, engine.endpoint
        finally:
            _keep(cloud)


def latest() -> datetime:
    """The present time (UTC); or that of the newest thing kept, where a sample was of a later one."""
    kept = _read()
    letters = (letter["sent_ms"] / 1000 for found in kept["letters"].values() for letter in found)
    newest = max([*letters, *(float(fact["time"]) for fact in kept["facts"])], default=0.0)
    return max(datetime.now(UTC), datetime.fromtimestamp(newest, UTC))


def _remember(cloud: LocalCloud) -> None:
    kept = _read()
    moto_kept.archive_facts(kept["facts"])
    # One that left the template took its letters along.
    for name, queue in Stack.of(cloud).queues().items():
        moto_kept.lay_letters(queue.dead_letters_url, kept["letters"].get(name, []))


def _read() -> dict[str, Any]:
    path = LOCAL_STATE / "kept.json"
    if not path.exists():
        return {"letters": {}, "facts": []}
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _keep(cloud: LocalCloud) -> None:
    letters = {
        name: failed
        for name, queue in Stack.of(cloud).queues().items()
        if (failed := moto_kept.failed_letters(queue.url, queue.dead_letters_url))
    }
    facts = moto_kept.archived_facts()[-_FACTS_KEPT:]
    kept = json.dumps({"letters": letters, "facts": facts}, ensure_ascii=False, default=str)
    (LOCAL_STATE / "kept.json").write_text(kept + "\n", encoding="utf-8")
