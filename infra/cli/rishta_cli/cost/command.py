"""`rishta cost`: what a month would cost on AWS, before anybody deploys."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from rishta_cli.cost.calls import call_table
from rishta_cli.cost.prices import Price, UnknownPriceError, month, prices
from rishta_cli.cost.report import Bill, bill, cents
from rishta_cli.cost.shop import SIZES, Assumptions, Shop
from rishta_cli.cost.stack import Stack

_WIDTH = 100
# From here on a count is shown whole.
_MANY = 100
NOTES = (
    "US dollars for thirty days, without tax, without any free tier, and with every message handled alone, as in a"
    " shop that is never busy: a busy one shares runs among up to ten. Calls are counted by tests; times are assumed."
)


def show_cost(
    *,
    size: str | None,
    numbers: Mapping[str, int | None],
    assume: Sequence[str],
    region: str,
    on: str | None,
    as_json: bool,
) -> int:
    """Prints the bill, by this month's prices (UTC) unless `on` (YYYY-MM) says another.

    The exit code is 2 for numbers that cannot be, 1 where there are no prices for them.
    """
    try:
        shop, assumed = _shop(size, numbers), _assumptions(assume)
        on = month(on or f"{datetime.now(UTC):%Y-%m}")
    except (ValidationError, ValueError) as error:
        return _complain(_said(error), 2)
    try:
        priced = prices(region, on)
    except UnknownPriceError as error:
        return _complain(str(error), 1)
    found = bill(shop, assumed, call_table(), Stack.of_template(), priced)
    if as_json:
        print(json.dumps(_as_data(found, shop, assumed, region, on), indent=2))
    else:
        _show(found, shop, assumed, priced, f"{region}, {on}")
    return 0


def _shop(size: str | None, numbers: Mapping[str, int | None]) -> Shop:
    customers = numbers["customers"]
    if customers is None:
        if size is None or size not in SIZES:
            raise ValueError(f"Say --customers, or --size {'|'.join(SIZES)}.")
        customers = SIZES[size]
    return Shop.of_size(
        customers, **{name: numbers[name] for name in ("carts", "orders", "reviews", "mails")}
    )


def _assumptions(assume: Iterable[str]) -> Assumptions:
    """Raises ValueError for what is not `name=number`, ValidationError for a name that there is not."""
    said: dict[str, int] = {}
    for each in assume:
        name, equals, number = each.partition("=")
        if not equals or not number.isascii() or not number.isdigit():
            raise ValueError(f"--assume {each}: write it as name=number, such as opened_percent=40.")
        said[name] = int(number)
    return Assumptions(**said)


def _said(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
    return str(error)


def _show(found: Bill, shop: Shop, assumed: Assumptions, priced: Mapping[str, Price], title: str) -> None:
    console = Console(highlight=False, emoji=False, width=_WIDTH)
    console.print(_bill_table(found, title))
    console.print(f"A month of {', '.join(_numbers(shop))}. What happens in it:")
    console.print(
        _plain_table((_count(_exact(n)), name.replace("_", " ")) for name, n in found.counts.items())
    )
    console.print("Assumed; each can be said otherwise by --assume NAME=NUMBER:")
    fields = Assumptions.model_fields
    console.print(
        _plain_table(
            (f"{getattr(assumed, name):,}", name, field.description or "") for name, field in fields.items()
        )
    )
    unread = sum(price.read is None for price in priced.values())
    console.print(NOTES, style="dim")
    console.print(
        f"Prices: infra/cli/rishta_cli/cost/prices.yaml. {unread} of these {len(priced)} are as known in early 2026 and"
        " were not read again: check them before you rely on them.",
        style="dim",
    )


def _bill_table(found: Bill, title: str) -> Table:
    table = Table(title=f"A month, {title}")
    table.add_column("service")
    table.add_column("units", justify="right")
    table.add_column("")
    table.add_column("USD", justify="right")
    for line in found.lines:
        table.add_row(line.service, _count(line.units), line.what, f"{cents(line.usd):,}")
    table.add_section()
    table.add_row("Rishta", "", "all of the above", f"{cents(found.total):,}", style="bold")
    table.add_row("", "", "of it while nothing happens", f"{cents(found.idle):,}")
    table.add_section()
    for line in found.mails:
        name = f"{line.service}, apart"
        table.add_row(name, _count(line.units), line.what, f"{cents(line.usd):,}", style="bold")
    return table


def _plain_table(rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(box=None, show_header=False)
    table.add_column(justify="right")
    for row in rows:
        table.add_row(*row, style="dim")
    return table


def _numbers(shop: Shop) -> list[str]:
    return [f"{number:,} {name}" for name, number in shop.model_dump(exclude_none=True).items()]


def _count(number: Decimal) -> str:
    """Whole where there are many, with three digits where there are few."""
    return f"{number:,.0f}" if number == number.to_integral() or number >= _MANY else f"{number:,.3g}"


def _exact(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _as_data(found: Bill, shop: Shop, assumed: Assumptions, region: str, on: str) -> dict[str, Any]:
    """Money as text, in dollars and cents."""
    return {
        "region": region,
        "month": on,
        "shop": shop.model_dump(),
        "assumptions": assumed.model_dump(),
        "happenings": {name: round(number) for name, number in found.counts.items()},
        "lines": [
            {
                "service": line.service,
                "what": line.what,
                "units": str(line.units.quantize(Decimal("0.001"))),
                "usd": str(cents(line.usd)),
            }
            for line in (*found.lines, *found.mails)
        ],
        "total_without_mails_usd": str(cents(found.total)),
        "idle_usd": str(cents(found.idle)),
        "mails_usd": str(cents(found.for_mails)),
    }


def _complain(text: str, code: int) -> int:
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, style="red", markup=False)
    return code
