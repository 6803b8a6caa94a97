"""`rishta experiment cart_nudges`: the figures, and a picture of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import boto3
from rich.console import Console

from engagement.plan import engagement_plan
from rishta_cli.experiments.page import experiments_page
from rishta_cli.experiments.report import Report, reports
from rishta_cli.experiments.tables import report_tables
from rishta_cli.local_state import remembering_cloud
from rishta_cli.plans.published import followed_plan
from rishta_cli.project import import_from_room
from rishta_cli.stacks import answered, physical_name

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

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
    with _of_stack(stack) if stack else _of_local_cloud() as counted:
        found = reports(followed_plan(stack) if stack else engagement_plan(), counted)
    shown = [each for each in found if name in (_ALL, each.name)]
    if not shown:
        known = ", ".join(dict.fromkeys([_ALL, *(each.name for each in found)]))
        _say(f"There is no experiment {name!r}; there are {known}.", style="red")
        return 1
    for report in shown:
        _show(report)
    path = into / f"{name}.html"
    into.mkdir(parents=True, exist_ok=True)
    path.write_text(experiments_page(shown, NOTES), encoding="utf-8")
    _say(NOTES, style="dim")
    _say(f"As a picture: {path}")
    return 0


def _show(report: Report) -> None:
    if not any(arm.customers for arm in report.arms):
        _say(f"{report.title}: no nudge was counted yet.\n")
        return
    for table in report_tables(report, wide=_width() >= _WIDE):
        _console().print(table)
    _say(report.counted, style="dim")
    if report.too_few_paid:
        _say(report.too_few_paid, style="dim")
    if report.split:
        _say(report.split, style="bold red" if report.is_mismatch else None)
    _say("")


@contextmanager
def _of_stack(stack: str) -> Iterator[Mapping[Any, Mapping[str, int]]]:
    yield _counted(boto3.client("dynamodb"), physical_name(stack, _TABLE))


@contextmanager
def _of_local_cloud() -> Iterator[Mapping[Any, Mapping[str, int]]]:
    """What `rishta invoke` left there."""
    with remembering_cloud(datetime.now(UTC)) as (cloud, endpoint):
        yield _counted(boto3.client("dynamodb", endpoint_url=endpoint), cloud.resources[_TABLE])


def _counted(client: "DynamoDBClient", table: str) -> Mapping[Any, Mapping[str, int]]:
    room = import_from_room("cart_recovery", "counters_table")
    assert room, "the room cart_recovery has its counters"
    groups: Mapping[Any, Mapping[str, int]] = room.ExperimentCounters(client, table).groups()
    return groups


def _say(text: str, *, style: str | None = None) -> None:
    _console().print(text, style=style, markup=False)


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, emoji=False, width=_width())


def _width() -> int:
    """The terminal's, in columns; what is no terminal is wide."""
    return get_terminal_size((_WIDE, 24)).columns
