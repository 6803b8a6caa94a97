"""Past orders from a CSV file: good lines become facts, bad ones are named."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engagement.events.orders import OrderPaid
from rishta_cli.orders_csv import BadLine, read_orders

HEADER = "order_id,customer_id,ordered_on,quantity,amount_minor,currency\n"
KOLKATA = ZoneInfo("Asia/Kolkata")


def read(folder: Path, text: str) -> list[OrderPaid | BadLine]:
    file = folder / "orders.csv"
    file.write_text(text, encoding="utf-8")
    return list(read_orders(file, KOLKATA))


def test_a_line_becomes_a_paid_order_of_the_past(tmp_path: Path) -> None:
    (order,) = read(tmp_path, HEADER + "o-1,c-1,1997-01-01,2,2933,USD\n")
    assert isinstance(order, OrderPaid)
    assert order.imported
    assert order.occurred_at == datetime(1996, 12, 31, 18, 30, tzinfo=UTC)
    assert (order.amount.amount_minor, order.amount.currency) == (2933, "USD")


def test_columns_may_come_in_any_order_and_with_a_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeffcurrency,amount_minor,ordered_on,customer_id,order_id\nEUR,0,2024-02-29,c-1,o-1\n"
    assert isinstance(read(tmp_path, text)[0], OrderPaid)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("o-1,c-1,1997-02-29,1,100,USD", "ordered_on"),
        ("o-1,c-1,01/02/1997,1,100,USD", "ordered_on"),
        ("o-1,c-1,1997-01-01,1,19.99,USD", "amount_minor"),
        ("o-1,c-1,1997-01-01,1,-5,USD", "amount_minor"),
        ("o-1,c-1,1997-01-01,1,٣,USD", "amount_minor"),
        ("o-1,c-1,1997-01-01,1,1" + "0" * 30 + ",USD", "amount.amount_minor"),
        ("o-1,c-1,1997-01-01,1,100,dollars", "amount.currency"),
        (",c-1,1997-01-01,1,100,USD", "order_id"),
        ("o-1,c 1,1997-01-01,1,100,USD", "customer_id"),
        ("o-1,c-1,1997-01-01", "more or fewer fields"),
        ("o-1,c-1,1997-01-01,1,100,USD,more", "more or fewer fields"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_its_neighbours_are_read(
    tmp_path: Path, line: str, fault: str
) -> None:
    good = "o-{},c-9,1997-01-01,1,100,USD\n"
    before, bad, after = read(tmp_path, HEADER + good.format("before") + line + "\n" + good.format("after"))
    assert isinstance(before, OrderPaid)
    assert isinstance(after, OrderPaid)
    assert isinstance(bad, BadLine)
    assert bad.number == 3
    assert fault in bad.fault


def test_an_order_that_is_in_the_file_twice_counts_once_and_is_told(tmp_path: Path) -> None:
    line = "o-1,c-1,1997-01-01,1,100,USD\n"
    first, second = read(tmp_path, HEADER + line + line)
    assert isinstance(first, OrderPaid)
    assert second == BadLine(3, "order_id: 'o-1' is on line 2 already")


def test_a_file_without_the_columns_is_refused_by_its_header(tmp_path: Path) -> None:
    assert read(tmp_path, "order,customer\n1,2\n") == [
        BadLine(1, "the header lacks order_id, customer_id, ordered_on, amount_minor, currency")
    ]


def test_an_empty_file_is_refused_by_its_header(tmp_path: Path) -> None:
    (bad,) = read(tmp_path, "")
    assert isinstance(bad, BadLine)
    assert bad.number == 1
