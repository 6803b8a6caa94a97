"""`make bench`: how fast Rishta is, in ratios that bear a machine which has other things to do.

make bench                  all of it: a table, infra/speed.yaml and infra/speed.svg
make bench ONLY=cold        a part: cold, first, paths, calls, mails, rate, selection
make bench ROUNDS=3         fewer pairs
"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
_ROOMS = sorted((REPOSITORY / "functions").glob("*/"))
# The import roots that pytest gives to tests; also for the processes that a pool starts anew.
sys.path[:0] = [
    str(root)
    for root in (REPOSITORY, REPOSITORY / "tests/support", REPOSITORY / "layers/engagement", *_ROOMS)
]

from typing import Annotated  # noqa: E402

import typer  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: E402

import tests.conftest  # noqa: E402, F401 - AWS's settings, and nobody's own
from tests.benchmarks.speed import parts, picture, report  # noqa: E402


def bench(
    only: Annotated[str, typer.Option(help=f"A part: {', '.join(report.PARTS)}.")] = "",
    rounds: Annotated[int, typer.Option(help="Pairs of each.")] = 5,
) -> None:
    """Measure, show, and write infra/speed.yaml and infra/speed.svg. 1: a target was missed; 2: no such part."""
    console = Console()
    chosen = tuple(each for each in only.replace(",", " ").split()) or report.PARTS
    if unknown := set(chosen) - set(report.PARTS):
        console.print(f"No such part: {', '.join(sorted(unknown))}. There are {', '.join(report.PARTS)}.")
        raise typer.Exit(2)
    columns = (TextColumn("{task.description:34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:

        def steps(what: str, total: int) -> Callable[[], None]:
            task = progress.add_task(what, total=total)
            return lambda: progress.advance(task)

        rows = parts.measure(chosen, rounds, steps)
    now = datetime.now(UTC)
    merged = report.write(rows, now)
    picture.write(merged, f"{now:%Y-%m-%d}")
    report.show(rows, console)
    missed = [row for row in rows if row.missed]
    for row in missed:
        console.print(f"Missed: {row.what}: {report.figure(row.ours)} {row.unit}, {row.bound} {row.target}")
    raise typer.Exit(1 if missed else 0)


if __name__ == "__main__":
    os.chdir(REPOSITORY)
    typer.run(bench)
