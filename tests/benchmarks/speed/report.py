"""What was measured, held against what we promise: a table on the terminal, and `infra/speed.yaml`."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import yaml
from rich.console import Console
from rich.table import Table

from tests.benchmarks.speed.stacks import REPOSITORY

FILE = REPOSITORY / "infra" / "speed.yaml"
_HEAD = """\
# How fast Rishta is, as ratios: measured in pairs, A/B/A/B, medians. Written by `make bench`, as infra/speed.svg is.
# `usual` is the same held against the same where everything is left as it comes, for comparison.
"""


@dataclass(frozen=True)
class Row:
    """One line. `ours` and `usual` (None: not measured) in `unit`; `target` is how many it may be at most, or must be
    at least; None where nothing is promised.
    """

    part: str
    what: str
    ours: float
    unit: str
    usual: float | None = None
    target: float | None = None
    bound: Literal["at most", "at least"] = "at most"

    @property
    def missed(self) -> bool:
        if self.target is None:
            return False
        return self.ours > self.target if self.bound == "at most" else self.ours < self.target


def as_data(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What is not there is left out."""
    data = []
    for row in rows:
        target = {} if row.target is None else {"target": row.target, "bound": row.bound}
        usual = {} if row.usual is None else {"usual": _rounded(row.usual)}
        data.append(
            {
                "part": row.part,
                "what": row.what,
                "ours": _rounded(row.ours),
                **usual,
                **target,
                "unit": row.unit,
            }
        )
    return data


def from_data(data: Sequence[dict[str, Any]]) -> list[Row]:
    return [Row(**each) for each in data]


def write(rows: Sequence[Row], now: datetime, path: Path = FILE) -> list[Row]:
    """Rows of parts that were not measured this time stay as they are. All rows that are there now."""
    known = from_data(yaml.safe_load(path.read_text(encoding="utf-8"))["rows"]) if path.exists() else []
    parts = {row.part for row in rows}
    kept = [row for row in known if row.part not in parts]
    merged = sorted([*kept, *rows], key=lambda row: PARTS.index(row.part))
    data = {
        "measured": f"{now.astimezone(UTC):%Y-%m-%d}",
        "machine": machine(),
        "rows": as_data(merged),
    }
    text = yaml.safe_dump(data, sort_keys=False, default_flow_style=None, width=110, allow_unicode=True)
    path.write_text(_HEAD + text, encoding="utf-8")
    return merged


PARTS = ("cold", "first", "paths", "calls", "mails", "rate", "selection")


def machine() -> str:
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()},"
        f" botocore {version('botocore')}"
    )


def show(rows: Sequence[Row], console: Console) -> None:
    table = Table(title="Speed, in pairs, medians")
    for heading, justify in (
        ("", "left"),
        ("ours", "right"),
        ("as usual", "right"),
        ("target", "right"),
        ("", "left"),
    ):
        table.add_column(heading, justify="left" if justify == "left" else "right")
    part = ""
    for row in rows:
        if part and row.part != part:
            table.add_section()
        part = row.part
        usual = "" if row.usual is None else figure(row.usual)
        target = "" if row.target is None else f"{row.bound} {figure(row.target)}"
        style = "bold red" if row.missed else ""
        mark = " missed" if row.missed else ""
        table.add_row(row.what, figure(row.ours), usual, target, row.unit + mark, style=style)
    console.print(table)


def readme_table(rows: Sequence[Row]) -> str:
    """Markdown, a line for each row that has a target."""
    lines = ["| | Rishta | as usual | target |", "|---|---|---|---|"]
    for row in rows:
        if row.target is not None:
            usual = "" if row.usual is None else figure(row.usual)
            promise = f"{row.bound} {figure(row.target)}"
            lines.append(f"| {row.what}, {row.unit} | {figure(row.ours)} | {usual} | {promise} |")
    return "\n".join(lines) + "\n"


def figure(number: float) -> str:
    """Two digits that mean something, no more."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 2 else f"{number:.2f}"


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")
