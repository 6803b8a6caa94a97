"""The picture: every variant's interval on one scale, experiment by experiment."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rishta_cli.experiments.figures import Arm, Interval, currencies
from rishta_cli.experiments.report import Report
from rishta_cli.experiments.words import Shown, money, percent, share

# Room at the ends of a scale for half a dot, in per cent of its width.
_MARGIN = 2.0


def experiments_page(reports: Sequence[Report], notes: str) -> str:
    """One self-contained HTML page, without a script, for a phone and a desktop, light and dark."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    shown = [{"report": report, "charts": list(_charts(report))} for report in reports]
    return environment.get_template("page.html").render(shown=shown, notes=notes)


def _charts(report: Report) -> Iterator[dict[str, Any]]:
    if not any(arm.customers for arm in report.arms):
        return
    yield _chart(
        "Customers recovered",
        report,
        [(arm, arm.rate, percent(arm.rate)) for arm in report.arms],
    )
    for currency in currencies(report.arms):
        intervals = [(arm, arm.revenue(currency)) for arm in report.arms]
        yield _chart(
            f"Revenue a customer, {currency}",
            report,
            [(arm, interval, money(interval, currency)) for arm, interval in intervals],
        )


def _chart(title: str, report: Report, rows: list[tuple[Arm, Interval | None, Shown]]) -> dict[str, Any]:
    """Places in per cent of the scale's width, from zero to the highest end of all intervals."""
    top = max((interval.high for _, interval, _ in rows if interval), default=0.0) or 1.0

    def place(value: float) -> str:
        return f"{_MARGIN + (100 - 2 * _MARGIN) * value / top:.2f}%"

    compared = report.base if len(rows) > 1 else None
    base = next((interval for arm, interval, _ in rows if arm is compared), None)
    return {
        "title": title,
        "against": compared.variant if compared else None,
        "base": place(base.estimate) if base else None,
        "zero": place(0),
        "rows": [
            {
                "variant": arm.variant,
                "counted": _counted(arm, report),
                "is_base": arm is compared,
                "shown": shown,
                "places": [place(each) for each in (interval.low, interval.estimate, interval.high)]
                if interval
                else None,
            }
            for arm, interval, shown in rows
        ],
    }


def _counted(arm: Arm, report: Report) -> str:
    customers = f"{arm.customers:,} customers"
    if report.is_experiment:
        return customers
    return f"{customers}; of {arm.number('exposures'):,} nudged carts {share(arm.bought)} bought"
