"""What a change may cost: the figures that `tests/budgets/budgets.yaml` has, and those measured now, compared."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

BUDGETS = Path(__file__).resolve().parents[1] / "budgets" / "budgets.yaml"
ADVICE = (
    "-> What rose is paid at every cold start, call or deployment: can the change do without? If it cannot, or if a "
    "figure fell (it stays as low only where it is written down), accept the new ones: make budgets"
)
# So many lines that say the same are one.
_MANY = 3
_HEAD = """\
# What our functions may take; each figure is as measured, and a change of one is a decision. Written by `make budgets`;
# tests/budgets/ fails where a figure is another, be it more or less.
#
# cold_starts  importing a function's handler: modules of each package, and files opened (Python's own not counted)
# clients      the first use of each client of engagement.aws, one after the other: modules, and files opened
# sizes        what is shipped: files, and kilobytes rounded up; bytecode and compiled libraries not weighed
# work         what each thing that happens makes each function ask AWS: calls by operation, halves of read units, write
#              units (a transaction's by AWS's rule: twice as many)
# sweeps       the same of a scheduled function that finds nothing due
"""

# Names all the way down to whole numbers.
type Figures = Mapping[str, "Figures | int"]


def budget(part: str, path: Path = BUDGETS) -> Figures:
    """One part of what is written down; empty if nothing is yet."""
    figures: Figures = budgets(path).get(part, {})  # type: ignore[assignment]
    return figures


def budgets(path: Path = BUDGETS) -> Figures:
    if not path.is_file():
        return {}
    figures: Figures = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return figures


def write_budgets(figures: Figures, path: Path = BUDGETS) -> None:
    text = yaml.safe_dump(figures, sort_keys=False, default_flow_style=None, width=100)
    path.write_text(_HEAD + text, encoding="utf-8")


def differences(budget: Figures, measured: Figures) -> list[str]:
    """A line for each figure that is another now: what rose, most of all first, then what fell.

    What is the same everywhere (a module more in a package that all import) is told of once.
    """
    old, new = dict(_flat(budget)), dict(_flat(measured))
    alike: dict[tuple[object, ...], list[tuple[str, ...]]] = {}
    for name in sorted(old | new):
        change = new.get(name, 0) - old.get(name, 0)
        if old.get(name) != new.get(name):
            alike.setdefault((-change, name in old, name in new, name[1:]), []).append(name)
    found = []
    for _, names in sorted(alike.items()):
        one, *others = (_line(name, old.get(name), new.get(name)) for name in names)
        found += [one, *others] if len(others) < _MANY else [f"{one}; and {len(others)} more by as much"]
    return found


def assert_within(budget: Figures, measured: Figures) -> None:
    """Raises AssertionError with what, the old figure and the new one, and the command that accepts it."""
    found = differences(budget, measured)
    assert not found, "\n".join(["", *found, ADVICE])


def _line(name: tuple[str, ...], old: int | None, new: int | None) -> str:
    what = ", ".join(name).replace("_", " ")
    if old is None:
        return f"{what}: not in the budget, now {new}"
    if new is None:
        return f"{what}: {old} in the budget, now gone"
    return f"{what}: {'ROSE' if new > old else 'fell'} from {old} to {new}"


def _flat(figures: Figures, *above: str) -> Iterator[tuple[tuple[str, ...], int]]:
    for name, value in figures.items():
        if isinstance(value, int):
            yield (*above, name), value
        else:
            yield from _flat(value, *above, name)
