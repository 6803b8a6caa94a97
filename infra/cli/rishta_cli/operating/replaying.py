"""`rishta replay --from … --to …`: tell the shop's facts of a span again, out of the bus's archive."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

from rishta_cli.operating.rules import UnknownRuleError, wanted_rules
from rishta_cli.saying import counted, say, shown
from rishta_cli.stacks import Stack, answered, reached

_ENDED = ("COMPLETED", "CANCELLED", "FAILED")
# EventBridge promises no sooner that a fact is in the archive.
_ARCHIVED_WITHIN = timedelta(minutes=10)
_LOOK_EVERY = 5.0  # seconds
_LATE = (
    "Every capability takes a fact twice as once, so nothing is doubled; of what was told, the newest still counts. "
    "What a fact was late for stays undone: a nudge whose hour is past."
)


@dataclass(frozen=True)
class Replaying:
    """The span (UTC, both ends included), and whom to tell: these rules, and all of these capabilities'; none: all."""

    since: datetime
    until: datetime
    rules: Sequence[str] = ()
    capabilities: Sequence[str] = ()
    go: bool = False


@answered
def run_replay(stack: str | None, wanted: Replaying) -> int:
    """Prints what will be told to whom, and with `go` tells it; the exit code."""
    # On a laptop it is as late as one says.
    with reached(stack, now=wanted.until) as found:
        return replay(found, wanted)


def replay(stack: Stack, wanted: Replaying, *, sleep: Callable[[float], None] = time.sleep) -> int:
    """0: told, or only looked; 1: it failed or was cancelled; 2: a span or a rule that there is not."""
    now, client = datetime.now(UTC), stack.client("events")
    name = stack.outputs["Archive"].rpartition("/")[2]
    archive = client.describe_archive(ArchiveName=name)
    try:
        rules = wanted_rules(stack, wanted.rules, wanted.capabilities)
    except UnknownRuleError as error:
        say(str(error), style="red")
        return 2
    if fault := span_fault(wanted, archive, now):
        say(fault, style="red")
        return 2
    whom = ", ".join(rules) if rules else "all rules"
    say(
        f"What was told from {_shown(wanted.since)} to {_shown(wanted.until)}, once more to {whom} of {stack.name}."
    )
    size = f"{counted(archive['EventCount'], 'fact')} ({archive['SizeBytes'] // 1_000_000} MB)"
    say(f"The archive holds {size} of {archive['RetentionDays'] or 'all'} days. {_LATE}")
    if now - wanted.until < _ARCHIVED_WITHIN:
        say("Of the last ten minutes not everything may be in the archive yet.")
    if not wanted.go:
        say("Nothing was told: add --go.")
        return 0
    return _tell(client, archive, wanted, list(rules.values()), sleep)


def span_fault(wanted: Replaying, archive: dict[str, Any], now: datetime) -> str | None:
    """Why the archive cannot tell of that span; None: it can."""
    since, days = archive["CreationTime"].astimezone(UTC), archive["RetentionDays"]
    if days:
        since = max(since, now - timedelta(days=days))
    if wanted.until <= wanted.since:
        return "The span ends before it begins: --to must be after --from."
    if wanted.until > now:
        return f"The span ends in the future: it is {_shown(now)}."
    if wanted.since < since:
        return f"The archive begins at {_shown(since)}; of what was before nothing is kept."
    return None


def _tell(
    client: Any,
    archive: dict[str, Any],
    wanted: Replaying,
    rules: list[str],
    sleep: Callable[[float], None],
) -> int:
    # The same span in the same second is the same replay: AWS refuses the second one.
    name = f"{archive['ArchiveName'][:40]}-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    destination: dict[str, Any] = {"Arn": archive["EventSourceArn"]}
    if rules:
        destination["FilterArns"] = rules
    client.start_replay(
        ReplayName=name,
        EventSourceArn=archive["ArchiveArn"],
        EventStartTime=wanted.since,
        EventEndTime=wanted.until,
        Destination=destination,
    )
    say(f"Replay {name} has begun; it goes on without this command. Ctrl-C cancels it.")
    try:
        state, reason = _wait(client, name, wanted, sleep)
    except KeyboardInterrupt:
        _cancel(client, name)
        return 1
    if state == "COMPLETED":
        say("Told. `rishta status` shows when the queues are empty.", style="green")
        return 0
    say(f"The replay is {state}: {reason}", style="red")
    return 1


def _wait(client: Any, name: str, wanted: Replaying, sleep: Callable[[float], None]) -> tuple[str, str]:
    columns = TextColumn("Telling"), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    whole = (wanted.until - wanted.since).total_seconds()
    with shown(*columns) as progress:
        task = progress.add_task("", total=whole)
        while True:
            found = client.describe_replay(ReplayName=name)
            if found["State"] in _ENDED:
                return found["State"], found.get("StateReason", "")
            if reached_at := found.get("EventLastReplayedTime"):
                done = (reached_at - wanted.since).total_seconds()
                progress.update(task, completed=done, description=_shown(reached_at))
            sleep(_LOOK_EVERY)


def _cancel(client: Any, name: str) -> None:
    try:
        client.cancel_replay(ReplayName=name)
    except ClientError as error:
        say(f"It could not be cancelled: {error}", style="red")
    else:
        say("The replay is cancelled; what was told until now stays told.")


def _shown(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
