"""`rishta experiment cart_nudges`: the figures, and a picture of them."""

from collections.abc import Mapping
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

from rich.console import Console

from rishta_cli.experiments.page import experiments_page
from rishta_cli.experiments.report import Report, reports
from rishta_cli.experiments.tables import report_tables
from rishta_cli.plans.followed import followed_plan
from rishta_cli.project import import_from_room
from rishta_cli.saying import say
from rishta_cli.stacks import Stack, answered, reached

_ALL = "cart_nudges"
_TABLE = "ExperimentCountersTable"
# Columns in which an interval stands on one line with its estimate.
_WIDE = 120
NOTES = (
    "A customer counts once in each variant, and is recovered by a paid order that followed a nudge in time, net of"
    " refunds; orders still follow the nudges of the last days. Intervals are of 95 %, each for one look: who looks"
    " every day and stops at the first difference finds some where there is none."
)


@answered
def show_experiments(name: str, stack: str | None, into: Path) -> int:
    """Prints the figures of all experiments about cart nudges, or of one, and writes their picture; the exit code."""
    with reached(stack, whole=False) as opened:
        found = reports(followed_plan(opened.name).plan, _counted(opened))
    shown = [each for each in found if name in (_ALL, each.name)]
    if not shown:
        known = ", ".join(dict.fromkeys([_ALL, *(each.name for each in found)]))
        say(f"There is no experiment {name!r}; there are {known}.", style="red")
        return 1
    for report in shown:
        _show(report)
    path = into / f"{name}.html"
    into.mkdir(parents=True, exist_ok=True)
    path.write_text(experiments_page(shown, NOTES), encoding="utf-8")
    say(NOTES, style="dim")
    say(f"As a picture: {path}")
    return 0


def _show(report: Report) -> None:
    if not any(arm.customers for arm in report.arms):
        say(f"{report.title}: no nudge was counted yet.\n")
        return
    for table in report_tables(report, wide=_width() >= _WIDE):
        _console().print(table)
    say(report.counted, style="dim")
    if report.too_few_paid:
        say(report.too_few_paid, style="dim")
    if report.split:
        say(report.split, style="bold red" if report.is_mismatch else None)
    say("")


def _counted(stack: Stack) -> Mapping[Any, Mapping[str, int]]:
    room = import_from_room("cart_recovery", "counters_table")
    assert room, "the room cart_recovery has its counters"
    groups: Mapping[Any, Mapping[str, int]] = room.ExperimentCounters(
        stack.client("dynamodb"), stack.physical_id(_TABLE)
    ).groups()
    return groups


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, emoji=False, width=_width())


def _width() -> int:
    """The terminal's, in columns; what is no terminal is wide."""
    return get_terminal_size((_WIDE, 24)).columns
