"""`rishta redrive QUEUE`: look at a queue's dead letters, then put back those that may pass."""

import json
import os
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from rishta_cli.operating.dead_letter_queue import DeadLetter, DeadLetterQueue
from rishta_cli.operating.letters import Heap, heaps
from rishta_cli.saying import ago, console, say, shown
from rishta_cli.stacks import Stack, answered, reached


@dataclass(frozen=True)
class Redrive:
    """What to do with what lies there. `per_second`: letters put back a second, so that a queue is not flooded.

    `set_aside`: a file to which letters that can never pass are written, a JSON line each, and then deleted.
    """

    go: bool = False
    per_second: int = 10
    at_most: int = 10_000
    set_aside: Path | None = None


@answered
def run_redrive(stack: str | None, queue: str, wanted: Redrive) -> int:
    """Prints what lies there and what became of it; the exit code."""
    with reached(stack) as found:
        return redrive(found, queue, wanted)


def redrive(stack: Stack, name: str, wanted: Redrive, *, sleep: Callable[[float], None] = time.sleep) -> int:
    """0: nothing is left that this command could do something about; 1: letters that cannot pass lie there still; 2:
    there is no such queue."""
    queues = stack.queues()
    if name not in queues:
        say(f"There is no queue {name!r} in {stack.name}; there are {', '.join(queues)}.", style="red")
        return 2
    dead = DeadLetterQueue(stack, queues[name])
    now = datetime.now(UTC)
    try:
        if not wanted.go:
            return _look(dead, name, wanted, now)
        return _move(dead, name, wanted, now, sleep)
    finally:
        dead.release()


def _look(dead: DeadLetterQueue, name: str, wanted: Redrive, now: datetime) -> int:
    found = heaps((each.letter, each.sent_at) for each in dead.receive(now, at_most=wanted.at_most))
    if not found:
        if held := dead.count():
            say(f"{name} has about {held}, and somebody else looks at them: try again in five minutes.")
            return 1
        say(f"{name} has no dead letters.")
        return 0
    _show(name, found, now)
    movable = sum(heap.number for heap in found if heap.unreadable is None)
    rest = sum(heap.number for heap in found) - movable
    if movable:
        say(f"{movable} may pass now. Nothing was moved: once the cause is gone, add --go.")
    if rest:
        say(f"{rest} can never pass as they are; --go leaves them, and --set-aside FILE takes them out.")
    return 1 if rest else 0


def _move(
    dead: DeadLetterQueue, name: str, wanted: Redrive, now: datetime, sleep: Callable[[float], None]
) -> int:
    done: Counter[str] = Counter()
    columns = TextColumn("Moving"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    # Ctrl-C leaves every letter where it is or where it belongs: the same command goes on.
    with suppress(KeyboardInterrupt), shown(*columns) as progress:
        task = progress.add_task("", total=dead.count())
        with closing(_Aside(wanted.set_aside)) as aside:
            for letter in dead.receive(now, at_most=wanted.at_most):
                done[_settle(dead, letter, aside)] += 1
                progress.advance(task)
                if done["moved"] % wanted.per_second == 0 and letter.letter.may_pass:
                    sleep(1)
    say(f"{name}: {done['moved']} put back, {done['aside']} set aside, {done['left']} left where they are.")
    still = dead.count()
    if still > done["left"]:
        say(f"About {still - done['left']} are still to be done: run the same command again.")
    if done["left"]:
        say("What is left can never pass as it is. `--set-aside FILE` takes it out, for the shop to look at.")
    return 1 if done["left"] or still > done["left"] else 0


def _settle(dead: DeadLetterQueue, letter: DeadLetter, aside: "_Aside") -> str:
    if letter.letter.may_pass:
        dead.move(letter)
        return "moved"
    if aside.keep(letter):
        dead.delete(letter)
        return "aside"
    return "left"


class _Aside:
    """The file for what can never pass. It holds what people told the shop: only its owner may read it."""

    def __init__(self, path: Path | None) -> None:
        self._file = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a")

    def keep(self, letter: DeadLetter) -> bool:
        """Whether it is on the disk, and may be deleted where it lay."""
        if self._file is None:
            return False
        line = {"sent_at": letter.sent_at.isoformat(), "why": letter.letter.unreadable, "body": letter.body}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        return True

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _show(name: str, found: list[Heap], now: datetime) -> None:
    table = Table(
        "mark", "kind", "letters", "oldest", "newest", "can it pass?", title=f"Dead letters of {name}"
    )
    for heap in found:
        verdict = "never, as it is" if heap.unreadable else "it reads well: what it met may be gone"
        table.add_row(
            heap.mark, heap.kind, str(heap.number), ago(heap.oldest, now), ago(heap.newest, now), verdict
        )
    console().print(table)
    for heap in found:
        if heap.unreadable:
            say(f"{heap.mark}: {heap.unreadable}")
