"""`infra/speed.svg`: for each promise a bar for ours, one for the usual, and a mark where the target is."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from tests.benchmarks.speed.report import Row, figure
from tests.benchmarks.speed.stacks import REPOSITORY

FILE = REPOSITORY / "infra" / "speed.svg"
_WIDTH, _LEFT, _RIGHT, _BAR, _ROW = 860, 330, 90, 13, 52
_TOP = 64
# Readable on white and on black: the reader's own setting decides.
_STYLE = """
text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
.small { font-size: 12px; fill: #59636e }
.title { font-size: 17px; font-weight: 600 }
.ours { fill: #1a7f5a } .missed { fill: #c4432b } .usual { fill: #b6bec7 } .mark { stroke: #1f2328; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9aa4af } .ours { fill: #3fb98a } .missed { fill: #f0775c }
  .usual { fill: #57606a } .mark { stroke: #e6edf3 }
}
"""


def draw(rows: Sequence[Row], measured: str) -> str:
    """Each row has a scale of its own: its longest bar is as long as there is room."""
    shown = [row for row in rows if row.target is not None]
    height = _TOP + _ROW * len(shown) + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="t">',
        f'<title id="t">Speed of Rishta against its targets, measured {measured}</title><style>{_STYLE}</style>',
        '<text class="title" x="16" y="26">Speed: ours, as usual, and the target</text>',
        _legend(missed=any(row.missed for row in shown)),
    ]
    parts += [_row(row, _TOP + _ROW * number) for number, row in enumerate(shown)]
    note = f"Measured {measured} in pairs, medians; ratios. make bench measures anew."
    parts += [f'<text class="small" x="16" y="{height - 12}">{escape(note)}</text>', "</svg>"]
    return "\n".join(parts) + "\n"


def write(rows: Sequence[Row], measured: str, path: Path = FILE) -> None:
    path.write_text(draw(rows, measured), encoding="utf-8")


def _legend(*, missed: bool) -> str:
    shown = [(560, "ours", "ours"), (622, "usual", "as usual")]
    if missed:
        shown.append((440, "missed", "ours, missed"))
    boxes = [
        f'<rect class="{kind}" x="{x}" y="12" width="12" height="12"/>'
        f'<text class="small" x="{x + 18}" y="22">{told}</text>'
        for x, kind, told in shown
    ]
    mark = '<line class="mark" x1="716" x2="716" y1="11" y2="25"/><text class="small" x="724" y="22">target</text>'
    return "".join([*boxes, mark])


def _row(row: Row, y: int) -> str:
    target = row.target or 0.0
    longest = max(row.ours, row.usual or 0.0, target)
    room = _WIDTH - _LEFT - _RIGHT

    def x(number: float) -> float:
        return round(room * number / longest, 1)

    bars = [_bar("missed" if row.missed else "ours", x(row.ours), y, figure(row.ours))]
    if row.usual is not None:
        bars.append(_bar("usual", x(row.usual), y + _BAR + 3, figure(row.usual)))
    mark = _LEFT + x(target)
    promise = f"{row.unit}, {row.bound} {figure(target)}"
    return (
        f'<text x="16" y="{y + 11}">{escape(row.what)}</text>'
        f'<text class="small" x="16" y="{y + 28}">{escape(promise)}</text>'
        + "".join(bars)
        + f'<line class="mark" x1="{mark}" x2="{mark}" y1="{y - 4}" y2="{y + 2 * _BAR + 7}"/>'
    )


def _bar(kind: str, width: float, y: int, told: str) -> str:
    return (
        f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{width}" height="{_BAR}" rx="2"/>'
        f'<text class="small" x="{_LEFT + width + 8}" y="{y + 11}">{told}</text>'
    )
