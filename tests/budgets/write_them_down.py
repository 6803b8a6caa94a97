"""Measures what every function takes, and writes it down: `make budgets`, which accepts what a change has changed."""

from typing import TYPE_CHECKING

from budget_meter import write_budgets
from budget_meter_sizes import sizes
from budget_meter_starts import clients, cold_starts, functions_of_template
from budget_meter_work import measured_work, working_shop

if TYPE_CHECKING:
    from dynamodb_local import DynamoDBLocal


def test_the_budgets_are_written_anew(dynamodb_engine: "DynamoDBLocal") -> None:
    functions = functions_of_template()
    with working_shop(dynamodb_engine.endpoint) as shop:
        work = measured_work(shop).figures()
    write_budgets(
        {
            "cold_starts": cold_starts(functions),
            "clients": clients(),
            "sizes": sizes(folder for folder, _ in functions.values()),
            **work,
        }
    )
