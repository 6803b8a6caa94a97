"""A hot account: a thousand paid orders of one customer, one after the other, and as many at once as the queue has.

The floor, in the same run: as many reads and transactions of items as large, of a customer each, with none of our code.
"""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from rich.console import Console
from rich.progress import track
from rich.table import Table

from engagement.errors import RetryLaterError
from engagement.items import to_item
from engagement.races import pause_a_while
from ledger_house import ASHA, TABLE, LedgerHouse
from loyalty.ledger_items import values_of
from loyalty_facts import paid_line
from shop_facts import NOW, hours, order_paid, rupees

if TYPE_CHECKING:
    from dynamodb_local import DynamoDBLocal

# As the queue's trigger has it: MaximumConcurrency.
EVENTS, WORKERS = 1000, 5


@dataclass
class Run:
    seconds: float = 0.0
    calls: int = 0
    redelivered: int = 0
    account_bytes: int = 0
    pauses: list[float] = field(default_factory=list)


def test_a_hot_account(dynamodb_engine: "DynamoDBLocal", dynamodb_table: Callable[[str], str]) -> None:
    config = Config(max_pool_connections=WORKERS, parameter_validation=False, user_agent="rishta")
    client = boto3.client("dynamodb", endpoint_url=dynamodb_engine.endpoint, config=config)
    runs = {
        "floor, one after the other": _floor(client, dynamodb_table(TABLE), 1),
        "one customer, one after the other": _booked(client, dynamodb_table(TABLE), 1),
        f"floor, {WORKERS} at once": _floor(client, dynamodb_table(TABLE), WORKERS),
        f"one customer, {WORKERS} at once": _booked(client, dynamodb_table(TABLE), WORKERS),
    }
    _show(runs)
    client.close()


def _booked(client: Any, table: str, workers: int) -> Run:
    run = Run()
    with _counted(client, run):
        house = LedgerHouse(client, table, pause=lambda seconds: _pause(run, seconds))

        def tell(number: int) -> None:
            lines = (paid_line("assam-tea", 900), paid_line("chai-glass", 600, quantity=2))
            at = NOW + hours(number)
            fact = order_paid(f"order-{number}", amount=rupees(1500), lines=lines, occurred_at=at)
            while True:
                try:
                    house.told(fact, now=NOW + hours(EVENTS))
                except RetryLaterError:
                    run.redelivered += 1
                    continue
                return

        _timed(run, tell, workers)
    account = house.account()
    assert account.balance + account.pending_points == sum(house.points().values())
    assert len(house.points()) - sum(entry.kind.is_a_tiers for entry in house.entries()) == EVENTS
    run.account_bytes = len(json.dumps(values_of(account)))
    return run


def _floor(client: Any, table: str, workers: int) -> Run:
    """As many bare calls, on items of the size that an order, an entry and a young account have."""
    run = Run()
    entry = {"record_id": "entry#1", "what": "x" * 700}
    order = {"record_id": "order#1", "what": "x" * 500}
    account = {"record_id": "account", "what": "x" * 600}

    def transact(number: int) -> None:
        customer: dict[str, Any] = {"customer_id": f"{ASHA}-{number}"}
        keys = [to_item(customer | {"record_id": each["record_id"]}) for each in (entry, order, account)]
        client.batch_get_item(RequestItems={table: {"Keys": keys, "ConsistentRead": True}})
        puts = [
            {"Put": {"TableName": table, "Item": to_item(customer | each)}}
            for each in (entry, order, account)
        ]
        client.transact_write_items(TransactItems=puts)

    with _counted(client, run):
        _timed(run, transact, workers)
    return run


def _timed(run: Run, act: Callable[[int], None], workers: int) -> None:
    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        for _ in track(pool.map(act, range(EVENTS)), total=EVENTS, description=f"{workers} at once"):
            pass
    run.seconds = time.perf_counter() - began


def _pause(run: Run, seconds: float) -> None:
    run.pauses.append(seconds)
    pause_a_while(seconds)


@contextmanager
def _counted(client: Any, run: Run) -> Iterator[None]:
    def count(**_: Any) -> None:
        run.calls += 1

    client.meta.events.register("before-call.dynamodb", count)
    yield
    client.meta.events.unregister("before-call.dynamodb", count)


def _show(runs: dict[str, Run]) -> None:
    table = Table(title=f"{EVENTS:,} paid orders")
    for column in ("", "seconds", "of the floor", "calls each", "lost races", "redelivered", "account"):
        table.add_column(column, justify="right" if column else "left")
    floor = 1.0
    for name, run in runs.items():
        floor = run.seconds if name.startswith("floor") else floor
        kilobytes = f"{run.account_bytes / 1000:.1f} kB" if run.account_bytes else ""
        cells = f"{run.seconds:.1f}", f"{run.seconds / floor:.2f}", f"{run.calls / EVENTS:.2f}"
        table.add_row(name, *cells, str(len(run.pauses)), str(run.redelivered), kilobytes)
    Console().print(table)
