"""What carts cost: the writes of a million updates, and a sweep among 10,000 open carts, 100,000 and a million."""

import os

import pytest
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from carts_at_scale import TABLES, UPDATES, Cost, a_sweep, due_table, follow_carts
from carts_at_scale import with_an_index_on_the_time as indexed
from day_of_occasions import client_of
from dynamodb_local import DynamoDBLocal
from engine_meter import Meter
from tests.conftest import table_definition

DUE = 400
TOTALS = tuple(int(each) for each in os.environ.get("CARTS", "10000 100000 1000000").split())
FOLLOWED = 1000
A_MILLION = 1_000_000
# AWS's list prices in us-east-1, in dollars for a million: DynamoDB on demand, EventBridge Scheduler, Lambda's requests
# and its time (128 MB on arm64 for 100 ms, which is little for a function that reads a cart and decides).
WRITE, READ, INVOCATION, REQUEST, LAMBDA_TIME = 0.625, 0.125, 1.00, 0.20, 0.17


def test_what_a_million_updates_write(capsys: pytest.CaptureFixture[str]) -> None:
    ours, index = Meter(), Meter()
    with capsys.disabled(), DynamoDBLocal() as engine, Progress() as progress:
        task = progress.add_task("updates", total=FOLLOWED * UPDATES)
        client, other = client_of(engine.endpoint), client_of(engine.endpoint)
        for name in TABLES:
            client.create_table(TableName=name, **table_definition(name))
        client.create_table(TableName="DueTable", **due_table())
        ours.watch(client)
        follow_carts(client, FOLLOWED, lambda so_far: progress.update(task, completed=so_far))
        index.watch(other)
        indexed(other, FOLLOWED)
    with capsys.disabled():
        _show_writes(ours, index)
    timers = ours.half_writes["CartTimersTable"]
    moves = index.half_writes["DueTable"] - 2 * FOLLOWED * (UPDATES + 2)
    assert timers < moves / 2


def test_a_sweep_costs_what_is_due(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        costs = [_measured(total) for total in TOTALS]
        _show_sweeps(costs)
    assert len({tuple(sorted(cost.meter.requests.items())) for cost in costs}) == 1
    assert len({tuple(sorted(cost.meter.half_reads.items())) for cost in costs}) == 1
    assert all(cost.mails == DUE for cost in costs)


def _measured(open_carts: int) -> Cost:
    with DynamoDBLocal(heap_megabytes=6000) as engine, Progress() as progress:
        client = client_of(engine.endpoint)
        for name in TABLES:
            client.create_table(TableName=name, **table_definition(name))
        task = progress.add_task(f"{open_carts:,} open carts", total=open_carts)
        return a_sweep(
            engine.endpoint, open_carts, DUE, lambda so_far: progress.update(task, completed=so_far)
        )


def _show_writes(ours: Meter, index: Meter) -> None:
    """Scaled to a million updates; each cart has UPDATES of them, and is followed until its first step."""
    scale = A_MILLION / (FOLLOWED * UPDATES)
    carts = A_MILLION / UPDATES
    table = Table(title=f"A million updates of {carts:,.0f} carts, each followed to its first step")
    for heading in ("form", "cart's own writes", "for the time", "read units", "dollars"):
        table.add_column(heading, justify="left" if heading == "form" else "right")
    own = ours.half_writes["CartsTable"] / 2 * scale
    timers, reads = ours.half_writes["CartTimersTable"] / 2 * scale, ours.half_reads.total() / 2 * scale
    settled = own - A_MILLION - carts  # beyond an update each, and the customer's index once
    _row(table, "timer rows, armed lazily", own - settled, timers + settled, reads)
    moved = index.half_writes["DueTable"] / 2 * scale - A_MILLION
    _row(table, "an index on the due time", own - settled, moved, reads)
    # Moved with each update it fires once; armed lazily, as our rows are, it fires too early once and is set again.
    for form, fires in (("a schedule for each cart, moved each time", 1), ("the same, armed lazily", 2)):
        spent = (own - settled) * WRITE + carts * fires * (INVOCATION + REQUEST + LAMBDA_TIME)
        each = f"{carts * fires:,.0f} invocations"
        table.add_row(form, f"{own - settled:,.0f}", each, "", f"{spent / A_MILLION:.2f}")
    Console(width=120).print(table)


def _row(table: Table, form: str, own: float, for_the_time: float, reads: float) -> None:
    dollars = ((own + for_the_time) * WRITE + reads * READ) / A_MILLION
    table.add_row(form, f"{own:,.0f}", f"{for_the_time:,.0f}", f"{reads:,.0f}", f"{dollars:.2f}")


def _show_sweeps(costs: list[Cost]) -> None:
    table = Table(title=f"A sweep of which {DUE} carts are due: requests and units")
    names = sorted({name for cost in costs for name in cost.meter.requests})
    for heading in ("open carts", "mails", "read units", "per due", "write units", "per due", *names):
        table.add_column(heading, justify="right")
    for cost in costs:
        reads, writes = cost.meter.half_reads.total() / 2, cost.meter.half_writes.total() / 2
        figures = (f"{reads:.1f}", f"{reads / DUE:.2f}", f"{writes:.1f}", f"{writes / DUE:.2f}")
        requests = (str(cost.meter.requests[name]) for name in names)
        table.add_row(f"{cost.open_carts:,}", str(cost.mails), *figures, *requests)
    Console(width=150).print(table)
