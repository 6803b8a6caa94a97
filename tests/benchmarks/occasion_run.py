"""What a day's run costs: of 1,000 customers, of 100,000 and of a million, on the real engine."""

import os

import pytest
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from day_of_occasions import SHARDS, TABLES, ZONES, Cost, Crowd, client_of, measure
from dynamodb_local import DynamoDBLocal
from tests.conftest import table_definition

DUE = 400
TOTALS = tuple(int(each) for each in os.environ.get("CUSTOMERS", "1000 100000 1000000").split())


def test_a_days_run_costs_what_those_cost_whose_day_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        costs = [_measured(Crowd(total, DUE)) for total in TOTALS]
        _show(costs)
    assert len({tuple(sorted(cost.requests.items())) for cost in costs}) == 1
    assert len({tuple(sorted(cost.half_units.items())) for cost in costs}) == 1
    assert all(cost.others["mails"] == DUE for cost in costs)


def _measured(crowd: Crowd) -> Cost:
    with DynamoDBLocal(heap_megabytes=8000) as engine, Progress() as progress:
        client = client_of(engine.endpoint)
        for name in TABLES:
            client.create_table(TableName=name, **table_definition(name))
        task = progress.add_task(f"{crowd.total:,} customers", total=crowd.total)
        return measure(
            engine.endpoint,
            crowd,
            {name: name for name in TABLES},
            lambda so_far: progress.update(task, completed=so_far),
        )


def _show(costs: list[Cost]) -> None:
    names = sorted({name for cost in costs for name in cost.requests})
    headings = ("customers", "due", "requests", "per due", "read units", "per due", *names)
    table = Table(
        title=f"A day's run, {len(ZONES)} zones, {SHARDS} shards: DynamoDB's requests and read units"
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    for cost in costs:
        requests, units = cost.requests.total(), cost.half_units.total() / 2
        figures = (str(requests), f"{requests / DUE:.2f}", f"{units:.1f}", f"{units / DUE:.2f}")
        table.add_row(
            f"{cost.crowd.total:,}", str(DUE), *figures, *(str(cost.requests[name]) for name in names)
        )
    Console(width=150).print(table)
