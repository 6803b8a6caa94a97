"""`rishta demo`: tell the story, show how it ended."""

import json
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from local_cloud.cloud import LocalCloud
from rishta_cli.demo.customers import END, START
from rishta_cli.demo.ending import Outcome, outcomes, report
from rishta_cli.demo.inbox import inbox_page
from rishta_cli.demo.story import play
from rishta_cli.project import LOCAL_PARAMETERS

_console = Console()


def run_demo(directory: Path) -> int:
    """Writes report.json and inbox.html into `directory`. The exit code: 1 when the story ended otherwise."""
    with LocalCloud(now=START, parameters=LOCAL_PARAMETERS) as cloud:
        _tell(cloud)
        ending = report(cloud)
        threads = outcomes(ending, cloud)
        page = inbox_page(cloud.mails)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "report.json").write_text(
        json.dumps(ending, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (directory / "inbox.html").write_text(page, encoding="utf-8")
    _show(threads)
    _console.print(
        f"The mails, as they look: {directory / 'inbox.html'}; the figures: {directory / 'report.json'}"
    )
    wrong = [thread for thread in threads if not thread.as_told]
    if wrong:
        _console.print(
            f"The story ended otherwise in {len(wrong)} of {len(threads)} threads.", style="bold red"
        )
    else:
        _console.print(f"All {len(threads)} threads of the story ended as they should.", style="bold green")
    return 1 if wrong else 0


def _tell(cloud: LocalCloud) -> None:
    columns = (
        TextColumn("{task.description:<66.66}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=_console) as progress:
        task = progress.add_task("", total=(END - START).total_seconds())

        def show(what: str) -> None:
            moment = f"{cloud.now:%a %d %b %H:%M} UTC"
            progress.update(
                task, completed=(cloud.now - START).total_seconds(), description=f"{moment}  {what}"
            )

        play(cloud, on_step=show)


def _show(threads: list[Outcome]) -> None:
    table = Table(title="What happened to whom, and why not to others")
    for heading in ("who", "story", "should", "did", ""):
        table.add_column(heading)
    for thread in threads:
        mark = "[green]✓[/green]" if thread.as_told else "[bold red]✗[/bold red]"
        table.add_row(thread.who, thread.story, thread.expected, thread.found, mark)
    _console.print(table)
