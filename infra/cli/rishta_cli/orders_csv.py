"""A shop's past orders, as a CSV file."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from engagement.bus import faults
from engagement.clock import local_instant
from engagement.events.orders import OrderPaid

COLUMNS = ("order_id", "customer_id", "ordered_on", "amount_minor", "currency")


@dataclass(frozen=True)
class BadLine:
    """A line, counted from 1 with the header, and what is wrong with it."""

    number: int
    fault: str


def read_orders(file: Path, shop_zone: ZoneInfo) -> Iterator[OrderPaid | BadLine]:
    """Each line as a paid order of the past, or what is wrong with it. An order counts from the start of its day.

    The same order on a second line is a bad line, whether or not the two agree.
    """
    first_seen: dict[str, int] = {}
    with file.open(newline="", encoding="utf-8-sig", errors="replace") as text:
        rows = csv.DictReader(text, strict=True)
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        if missing:
            yield BadLine(1, f"the header lacks {', '.join(missing)}")
            return
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield BadLine(rows.line_num, str(error))
                continue
            yield _order(row, rows.line_num, first_seen, shop_zone)


def _order(
    row: dict[str, str], number: int, first_seen: dict[str, int], shop_zone: ZoneInfo
) -> OrderPaid | BadLine:
    if None in row or None in row.values():
        return BadLine(number, "it has more or fewer fields than the header")
    order_id = row["order_id"].strip()
    earlier = first_seen.setdefault(order_id, number)
    if earlier != number:
        return BadLine(number, f"order_id: {order_id[:100]!r} is on line {earlier} already")
    try:
        ordered_on = date.fromisoformat(row["ordered_on"].strip())
    except ValueError:
        return BadLine(number, "ordered_on: write the date as YYYY-MM-DD")
    if not row["amount_minor"].strip().isascii() or not row["amount_minor"].strip().isdigit():
        return BadLine(number, "amount_minor: write whole minor units (1999 for 19.99), nothing else")
    try:
        return OrderPaid.model_validate(
            {
                "event_id": f"import-{order_id}",
                "occurred_at": local_instant(ordered_on, 0, shop_zone),
                "order_id": order_id,
                "customer_id": row["customer_id"].strip(),
                "amount": {"amount_minor": int(row["amount_minor"]), "currency": row["currency"].strip()},
                "imported": True,
            }
        )
    except ValidationError as error:
        return BadLine(number, faults(error))
