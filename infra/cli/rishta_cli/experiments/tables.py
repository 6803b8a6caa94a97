"""The figures, as tables for a terminal: one of customers, and one of money for each currency, so that none is wide."""

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table

from rishta_cli.experiments.figures import Arm, currencies, difference
from rishta_cli.experiments.report import Report
from rishta_cli.experiments.words import Shown, amount, money, percent, points, share


def report_tables(report: Report, *, wide: bool) -> Iterator[Table]:
    """`wide`: an interval stands beside its estimate, and not below it."""
    base = report.base
    headings = ["variant", "customers", "recovered", "rate"]
    headings += (
        [f"against {base.variant}", "orders"] if base else ["nudged carts", "orders", "of nudged carts"]
    )
    rows = [
        [arm.variant, *_of_customers(arm), *(_against(arm, base) if base else _of_carts(arm))]
        for arm in report.arms
    ]
    yield _table(report.title, headings, rows, wide=wide)
    for currency in currencies(report.arms):
        headings = ["variant", "payers", f"{currency} a customer", "in all", "refunded"]
        yield _table(
            None, headings, [[arm.variant, *_of_money(arm, currency)] for arm in report.arms], wide=wide
        )


def _of_customers(arm: Arm) -> Iterator[str | Shown]:
    yield str(arm.customers)
    yield str(arm.recovered)
    yield percent(arm.rate)


def _against(arm: Arm, base: Arm) -> Iterator[str | Shown]:
    yield "" if arm is base else points(difference(arm, base))
    yield str(arm.number("orders"))


def _of_carts(arm: Arm) -> Iterator[str | Shown]:
    yield str(arm.number("exposures"))
    yield str(arm.number("orders"))
    yield share(arm.bought)


def _of_money(arm: Arm, currency: str) -> Iterator[str | Shown]:
    yield str(arm.number(f"payers_{currency}"))
    yield money(arm.revenue(currency), currency)
    yield amount(arm.number(f"revenue_{currency}"), currency)
    yield amount(arm.number(f"refunded_{currency}"), currency)


def _table(
    title: str | None, headings: Sequence[str], rows: Sequence[Sequence[str | Shown]], *, wide: bool
) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    cells = [[_cell(each, wide=wide) for each in row] for row in rows]
    for place, heading in enumerate(headings):
        shown = heading if wide else "\n".join(heading.rsplit(" ", 1))
        lines = [line for text in (shown, *(row[place] for row in cells)) for line in text.splitlines()]
        # What has no room is folded, names first: what is cut off may be the figure that matters.
        table.add_column(
            shown,
            justify="right" if place else "left",
            width=max(map(cell_len, lines)) if place else None,
            overflow="fold",
        )
    for row in cells:
        table.add_row(*row)
    return table


def _cell(shown: str | Shown, *, wide: bool) -> str:
    if isinstance(shown, str) or wide or not shown.between:
        return str(shown)
    return f"{shown.estimate}\n({shown.between})"
