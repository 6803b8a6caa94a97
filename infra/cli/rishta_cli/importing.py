"""`rishta import orders`."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engagement.events.orders import OrderPaid
from engagement.plan import engagement_plan
from rishta_cli.local_state import remembering_cloud
from rishta_cli.orders_csv import BadLine, read_orders
from rishta_cli.points import open_ledger, point_differences

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

_PUT_EVENTS_MAX = 10
_MAX_FAULTS_SHOWN = 20
_console = Console(soft_wrap=True, highlight=False, emoji=False)


def import_into_aws(file: Path, bus: str) -> int:
    """Publishes to a bus in AWS, with the account and region of the usual places. The exit code."""
    orders, bad = _read(file)
    client = boto3.client("events")
    for batch in _with_progress(list(batched(orders, _PUT_EVENTS_MAX, strict=False)), "Publishing"):
        entries = [_entry(order, bus) for order in batch]
        while entries:  # what the bus refused (it throttles) is offered again
            answer = client.put_events(Entries=entries)
            entries = [
                entry for entry, told in zip(entries, answer["Entries"], strict=True) if "ErrorCode" in told
            ]
    _console.print(f"{len(orders)} orders published to {bus}; their points follow.")
    return _report_bad(bad)


def import_into_local_cloud(file: Path, *, fresh: bool) -> int:
    """Publishes in the local cloud, waits for the points and compares them with a recomputation. The exit code."""
    orders, bad = _read(file)
    with remembering_cloud(datetime.now(UTC), fresh=fresh) as (cloud, endpoint):
        for batch in _with_progress(list(batched(orders, _PUT_EVENTS_MAX, strict=False)), "Booking"):
            cloud.publish_many((type(order).__name__, order.model_dump(mode="json")) for order in batch)
            cloud.settle()
        dead = sum(len(bodies) for bodies in cloud.dead_letters().values())
        _console.print(f"{len(orders)} orders imported, {len(cloud.mails)} mails sent, {dead} dead letters.")
        ledger = open_ledger(boto3.client("dynamodb", endpoint_url=endpoint), cloud.resources["LoyaltyTable"])
        earning = engagement_plan().campaign("loyalty").settings["earning"]
        of_customers: defaultdict[str, list[OrderPaid]] = defaultdict(list)
        for order in orders:
            of_customers[order.customer_id].append(order)
        checks = _with_progress(list(of_customers.items()), "Checking")
        found = {
            customer: list(point_differences(ledger, customer, own, earning)) for customer, own in checks
        }
    differences = [difference for of_one in found.values() for difference in of_one]
    for difference in differences[:_MAX_FAULTS_SHOWN]:
        _console.print(difference, style="red", markup=False)
    agreeing = sum(not of_one for of_one in found.values())
    _console.print(f"{agreeing} of {len(found)} balances equal a plain recomputation from the file.")
    return _report_bad(bad) or (1 if differences or dead else 0)


def _read(file: Path) -> tuple[list[OrderPaid], list[BadLine]]:
    lines = list(read_orders(file, engagement_plan().shop.zone))
    return [line for line in lines if isinstance(line, OrderPaid)], [
        line for line in lines if isinstance(line, BadLine)
    ]


def _with_progress[T](batches: Sequence[T], what: str) -> Iterator[T]:
    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=_console) as progress:
        yield from progress.track(batches)


def _entry(order: OrderPaid, bus: str) -> "PutEventsRequestEntryTypeDef":
    return {
        "EventBusName": bus,
        "Source": "shop",
        "DetailType": type(order).__name__,
        "Detail": order.model_dump_json(),
    }


def _report_bad(bad: Sequence[BadLine]) -> int:
    for line in bad[:_MAX_FAULTS_SHOWN]:
        _console.print(f"line {line.number}: {line.fault}", style="red", markup=False)
    if bad:
        _console.print(f"{len(bad)} lines were left out; mend them and import the file again.", style="red")
    return 1 if bad else 0
