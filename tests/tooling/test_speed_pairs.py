"""What `make bench` makes of what it measured: medians of pairs, rows, a table, a picture."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from tests.benchmarks.speed import picture, report
from tests.benchmarks.speed.pairs import Rounds, in_turn
from tests.benchmarks.speed.report import Row

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
KEPT = Row("cold", "Cold start", 7.5, "× a bare handler", 15.0, 8.0)
MISSED = Row("mails", "Mails a second", 3.9, "× one after the other", 1.0, 4.5, "at least")
UNPROMISED = Row("paths", "CPU: <cart> & co", 9.0, "× the floor", 14.0)


def test_measured_in_turn_and_every_second_round_backwards() -> None:
    order: list[str] = []

    def measure(name: str) -> float:
        order.append(name)
        return float(len(order))

    steps: list[int] = []
    rounds = in_turn({name: partial(measure, name) for name in "AB"}, 3, lambda: steps.append(1))
    assert "".join(order) == "ABBAAB"
    assert rounds.figures == {"A": [1, 4, 5], "B": [2, 3, 6]}
    assert len(steps) == 6


def test_a_slow_moment_that_falls_on_both_changes_no_ratio() -> None:
    rounds = Rounds({"ours": [2.0, 20.0, 2.0, 2.0, 9.0], "bare": [1.0, 10.0, 1.0, 1.0, 1.0]})
    assert rounds.ratio("ours", "bare") == 2.0
    assert rounds.median("ours") == 2.0


@pytest.mark.parametrize(
    ("ours", "bound", "missed"),
    [(8.0, "at most", False), (8.1, "at most", True), (8.0, "at least", False), (7.9, "at least", True)],
)
def test_a_target_that_is_just_met_is_not_missed(ours: float, bound: str, missed: bool) -> None:
    assert Row("cold", "", ours, "", None, 8.0, bound).missed is missed  # type: ignore[arg-type]


def test_what_is_measured_in_part_leaves_the_other_parts_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "speed.yaml"
    report.write([KEPT, MISSED], NOW, file)
    now_better = Row("mails", "Mails a second", 5.0, "× one after the other", 1.0, 4.5, "at least")
    assert report.write([UNPROMISED, now_better], NOW, file) == [KEPT, UNPROMISED, now_better]
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert report.from_data(written["rows"]) == [KEPT, UNPROMISED, now_better]
    assert str(written["measured"]) == "2027-03-01"


def test_the_table_says_what_was_missed() -> None:
    console = Console(width=140, record=True, file=StringIO())
    report.show([KEPT, UNPROMISED, MISSED], console)
    lines = console.export_text().splitlines()
    assert [line for line in lines if "missed" in line] == [line for line in lines if "Mails" in line] != []
    assert any("at most 8.0" in line and "7.5" in line and "15.0" in line for line in lines)


def test_the_readme_has_a_line_for_each_promise() -> None:
    table = report.readme_table([KEPT, UNPROMISED, MISSED]).splitlines()
    assert table[2:] == [
        "| Cold start, × a bare handler | 7.5 | 15.0 | at most 8.0 |",
        "| Mails a second, × one after the other | 3.9 | 1.00 | at least 4.5 |",
    ]


def test_the_picture_has_a_bar_for_ours_one_for_the_usual_and_a_mark_at_the_target() -> None:
    drawn = ET.fromstring(picture.draw([KEPT, UNPROMISED, MISSED], "2027-03-01"))
    kinds = [each.get("class") for each in drawn.iter() if each.tag.endswith(("rect", "line"))]
    legend, kept, missed = (
        ["ours", "usual", "missed", "mark"],
        ["ours", "usual", "mark"],
        ["missed", "usual", "mark"],
    )
    assert kinds == legend + kept + missed
    assert "missed" not in {
        each.get("class") for each in ET.fromstring(picture.draw([KEPT], "2027-03-01")).iter()
    }
