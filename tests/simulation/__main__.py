"""`make simulate`: years of a shop under faults, one for each seed.

make simulate SEEDS=1000        a thousand years
make simulate SEED=17           one of them again, exactly, and its shortest story if it ends badly
"""

import os
import sys
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

# As tests.simulation.engine has it, which is not imported before it must be: 29 February and New Year lie ahead.
_START = datetime(2027, 7, 1)  # noqa: DTZ001 - typer reads no zone
REPOSITORY = Path(__file__).resolve().parents[2]


def ready() -> None:
    """The import roots that pytest gives to tests."""
    rooms = sorted((REPOSITORY / "functions").glob("*/"))
    roots = [REPOSITORY, REPOSITORY / "tests/support", REPOSITORY / "layers/engagement", *rooms]
    sys.path[:0] = [str(root) for root in roots if str(root) not in sys.path]


def _one(seed: int, customers: int, start: datetime, days: int) -> tuple[int, list[str], dict[str, int]]:
    from tests.simulation.years import play_year

    ending = play_year(seed, customers=customers, start=start, length=timedelta(days=days))
    return seed, [f"{finding.rule}: {finding.what}" for finding in ending.findings], ending.figures


def simulate(
    seeds: Annotated[int, typer.Option(help="So many years, from --first on.")] = 20,
    first: Annotated[int, typer.Option(help="The first seed.")] = 1,
    seed: Annotated[int | None, typer.Option(help="This one alone, with its shortest story.")] = None,
    customers: Annotated[int, typer.Option(help="Customers of the shop.")] = 12,
    days: Annotated[int, typer.Option(help="How long the year is.")] = 366,
    start: Annotated[datetime, typer.Option("--from", help="Its first day, in UTC.")] = _START,
    jobs: Annotated[int, typer.Option(help="Years at the same time.")] = os.cpu_count() or 1,
) -> None:
    """Play a shop's years with faults, and hold what came of them against what must never be."""
    console, start = Console(), start.replace(tzinfo=UTC)
    if seed is not None:
        raise typer.Exit(_tell(console, seed, customers, start, days))
    bad: list[int] = []
    total: dict[str, int] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress, ProcessPoolExecutor(jobs) as pool:
        task = progress.add_task("Years", total=seeds)
        waiting = iter(range(first, first + seeds))
        running: set[Future[tuple[int, list[str], dict[str, int]]]] = {
            pool.submit(_one, each, customers, start, days) for each in islice(waiting, jobs)
        }
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                number, findings, figures = future.result()
                progress.advance(task)
                for name, count in figures.items():
                    total[name] = total.get(name, 0) + count
                if findings:
                    bad.append(number)
                    progress.console.print(f"[red]seed {number}[/red]: {findings[0]}", highlight=False)
                running |= {pool.submit(_one, each, customers, start, days) for each in islice(waiting, 1)}
    console.print(", ".join(f"{count:,} {name}" for name, count in total.items()), highlight=False)
    if bad:
        console.print(f"[red]{len(bad)} of {seeds} years end badly.[/red] Look at one:")
        console.print(_again(bad[0], customers, start, days), highlight=False, soft_wrap=True)
        raise typer.Exit(1)
    console.print(f"[green]{seeds} years, and nothing that must never be.[/green]")


def _again(seed: int, customers: int, start: datetime, days: int) -> str:
    """The command that plays this year once more, with its story."""
    return (
        f".venv/bin/python -m tests.simulation --seed {seed} --customers {customers} "
        f"--days {days} --from {start:%Y-%m-%d}"
    )


def _tell(console: Console, seed: int, customers: int, start: datetime, days: int) -> int:
    from tests.simulation.shortening import told
    from tests.simulation.years import play_year, shortest

    length = timedelta(days=days)
    with console.status(f"The year of seed {seed}") as status:
        ending = play_year(
            seed,
            customers=customers,
            start=start,
            length=length,
            on_day=lambda day: status.update(f"{day:%Y-%m-%d}"),
        )
        if not ending.findings:
            console.print(
                f"[green]The year of seed {seed} ends well.[/green] {ending.figures}", highlight=False
            )
            return 0
        console.print(f"[red]{ending.findings[0].rule}[/red]; what is the shortest story that ends so?")
        ending = shortest(
            ending,
            on_shorter=lambda it: status.update(f"{len(it.happened)} happenings, {len(it.faults)} faults"),
        )
    console.print(f"\nThe shortest story of seed {seed} that ends so:\n")
    for line in told(ending):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    return 1


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Sets of texts are walked in the same order each time, in this process and in its workers.
        again = [sys.executable, "-m", "tests.simulation", *sys.argv[1:]]
        os.execve(sys.executable, again, os.environ | {"PYTHONHASHSEED": "0"})
    ready()
    typer.run(simulate)
