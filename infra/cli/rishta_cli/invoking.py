"""`rishta invoke`: one function, one event, in a local cloud that remembers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from local_cloud.cloud import Invocation, LocalCloud
from rishta_cli.local_state import remembering_cloud

_console = Console(soft_wrap=True, highlight=False, emoji=False)


def run_invoke(function: str, event_file: Path, *, fresh: bool) -> int:
    """Prints the result, the log and the mails of the function and of all that followed. The exit code."""
    try:
        event = json.loads(event_file.read_text(encoding="utf-8"))
    except ValueError as error:
        _console.print(f"{event_file} is not JSON: {error}", style="red", markup=False)
        return 2
    with remembering_cloud(moment_of(event), fresh=fresh) as (cloud, _):
        if function not in cloud.functions:
            _console.print(f"There is no function {function}; there are {', '.join(sorted(cloud.functions))}")
            return 2
        invocation = cloud.invoke(function, event)
        cloud.settle()
        _show(invocation, cloud)
    return 0 if invocation.ok else 1


def moment_of(event: Any) -> datetime:
    """The latest instant that the event speaks of, so that a sample finds the clock of its own time; else that at which
    its last message was sent; else now.
    """
    return max(_instants(event), default=max(_sent(event), default=datetime.now(UTC)))


def _sent(event: Any) -> Iterator[datetime]:
    """When each message of an SQS event was put on its queue."""
    records = event.get("Records", []) if isinstance(event, dict) else []
    for record in records if isinstance(records, list) else []:
        sent = record.get("attributes", {}).get("SentTimestamp", "") if isinstance(record, dict) else ""
        if str(sent).isdecimal():
            yield datetime.fromtimestamp(int(sent) // 1000, UTC)


def _instants(value: Any) -> Iterator[datetime]:
    """The `time`, `scheduled_at` and `occurred_at` of an event, also of those inside an SQS record's body."""
    if isinstance(value, list):
        for each in value:
            yield from _instants(each)
    if not isinstance(value, dict):
        return
    for name, each in value.items():
        if name in ("time", "scheduled_at", "occurred_at") and isinstance(each, str):
            yield from _parsed(each)
        elif name == "body" and isinstance(each, str):
            yield from _instants(_content(each))
        else:
            yield from _instants(each)


def _parsed(text: str) -> Iterator[datetime]:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return
    if instant.tzinfo is not None:
        yield instant


def _content(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _show(invocation: Invocation, cloud: LocalCloud) -> None:
    for line in invocation.logs:
        _console.print(line, style="dim", markup=False)
    if invocation.ok:
        _console.print_json(json.dumps(invocation.result, ensure_ascii=False))
    else:
        _console.print(invocation.trace, style="red", markup=False)
    _console.print(f"Mails: {len(cloud.mails)}")
    for mail in cloud.mails:
        _console.print(f"\nTo: {', '.join(mail.to)}\nSubject: {mail.subject}\n\n{mail.text}", markup=False)
