"""What choosing costs as the shop grows, and how much of SES's rate all workers together use."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from day_of_occasions import SHARDS, TABLES, ZONES, Counting, Crowd, _item, a_days_run, client_of, measure
from dynamodb_local import DynamoDBLocal
from mail_house import TABLES as MAIL_TABLES
from mail_house import House
from occasion_offers.zones import Zones
from tests.benchmarks.sending_rate import SECONDS, WORKERS, an_account, workers
from tests.conftest import table_definition
from tests.simulation.quick_engine import QuickEngine

type Step = Callable[[], None]
_YEAR = 365
_REQUESTS = {
    "get_item": "GetItem",
    "batch_get_item": "BatchGetItem",
    "query": "Query",
    "put_item": "PutItem",
    "update_item": "UpdateItem",
    "transact_write_items": "TransactWriteItems",
}


def day_of(total: int) -> Crowd:
    """Birthdays are spread over the year."""
    return Crowd(total, due=max(1, total // _YEAR))


def requests_on_the_engine(total: int) -> Counter[str]:
    """DynamoDB's requests of a day's run, by operation, on DynamoDB Local with every customer in it."""
    with DynamoDBLocal(heap_megabytes=2000) as engine:
        client = client_of(engine.endpoint)
        for name in TABLES:
            client.create_table(TableName=name, **table_definition(name))
        return measure(engine.endpoint, day_of(total), {name: name for name in TABLES}).requests


def requests_simulated(total: int) -> Counter[str]:
    """The same in memory. A query reads one partition, of one day: those whose day it is not are left out, for nothing
    would look at them.
    """
    crowd = day_of(total)
    engine = _Counted({name: table_definition(name) for name in TABLES})
    for zone in ZONES:
        Zones(engine, "TimeZonesTable").note(zone, SHARDS)  # type: ignore[arg-type]
    for table in ("OccasionsTable", "CustomersTable", "ContactsTable"):
        for number in range(crowd.due):
            engine.put_item(TableName=table, Item=_item(table, number, crowd))
    engine.requests.clear()
    a_days_run(engine, {name: name for name in TABLES}, Counting())
    return engine.requests


class _Counted(QuickEngine):
    """Counts requests as they go over the wire: a transaction is one."""

    def __init__(self, definitions: Any) -> None:
        super().__init__(definitions)
        self.requests: Counter[str] = Counter()

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in _REQUESTS:
            return found

        def counted(**request: Any) -> Any:
            before = self.requests.copy()
            try:
                return found(**request)
            finally:
                # Without those that the engine makes of one by itself.
                self.requests = before + Counter({_REQUESTS[name]: 1})

        return counted


def rate_used(rate: int = 100, how: str = "pace and SES") -> float:
    """The share, from 0 to 1, of the account's `rate` (mails a second) that four workers use. Some seconds."""
    with DynamoDBLocal() as engine, an_account(rate) as account:
        client = client_of(engine.endpoint)
        for name in MAIL_TABLES:
            client.create_table(TableName=name, **table_definition(name))
        House(client, {name: name for name in MAIL_TABLES})
        work = {
            "seconds": SECONDS,
            "mails": rate * SECONDS // 2,
            "rate": rate,
            "how": how,
            "tables": {name: name for name in MAIL_TABLES},
            "dynamodb": engine.endpoint,
            "ses": account.url,
        }
        with workers([work | {"number": number} for number in range(WORKERS)]) as started:
            failed = [each.wait() for each in started if each.wait()]
        if failed:
            raise RuntimeError(f"{len(failed)} of {WORKERS} workers failed")
        seen = account.seen()
    return seen["rate"] / rate
