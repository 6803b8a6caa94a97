"""What a day's run costs depends on those whose day it is, and on nobody else; and the room's README says how much."""

from collections.abc import Callable

from day_of_occasions import TABLES, Cost, Crowd, measure
from dynamodb_local import DynamoDBLocal
from rishta_cli.project import FUNCTIONS

DUE = 100
READ_BY_KEY = ("ContactsTable", "CustomersTable", "MailLogTable")
_README = FUNCTIONS / "occasion_offers" / "README.md"


def test_five_times_as_many_customers_cost_the_same_requests_and_the_same_read_units(
    dynamodb_engine: DynamoDBLocal, dynamodb_table: Callable[[str], str]
) -> None:
    def cost_among(total: int) -> tuple[Cost, dict[str, int]]:
        tables = {name: dynamodb_table(name) for name in TABLES}
        cost = measure(dynamodb_engine.endpoint, Crowd(total, DUE), tables)
        return cost, {name: cost.half_units[tables[name]] for name in TABLES}

    (few, units_of_few), (many, units_of_many) = cost_among(200), cost_among(1000)
    assert few.others["mails"] == many.others["mails"] == DUE
    assert few.requests == many.requests
    assert units_of_few == units_of_many
    assert "Scan" not in many.requests
    each = sum(units_of_many[name] for name in READ_BY_KEY) / 2 / DUE
    assert f"reads {each:.1f} units for each customer" in _README.read_text(encoding="utf-8")
