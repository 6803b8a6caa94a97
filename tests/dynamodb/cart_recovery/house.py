"""The room on the real engine, with a bus that remembers, and trouble where a test wants it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from cart_recovery.accounts_table import Accounts
from cart_recovery.books import Books
from cart_recovery.buyers import Buyers
from cart_recovery.counters_table import ExperimentCounters
from cart_recovery.orders_table import NudgedOrders
from cart_recovery.recovering import Recovering
from cart_recovery.rules import Group
from engagement.addresses import address_hash
from engagement.items import from_item, to_item
from engagement.profiles import Profiles, profile_attributes
from mail_house import Trouble, Troubled
from recording_bus import RecordingBus
from shop_facts import a_profile
from tests.unit.cart_recovery.house import EXPERIMENT, LATER

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLES = ("CustomersTable", "NudgedOrdersTable", "NudgeExposuresTable", "ExperimentCountersTable")
KEY = b"k" * 32


class House:
    def __init__(self, dynamodb: "DynamoDBClient", tables: dict[str, str]) -> None:
        self.dynamodb = dynamodb
        self.tables = tables
        self.bus = RecordingBus()

    def welcome(self, customer_id: str, email: str) -> None:
        profile = a_profile(customer_id, email=email)
        item = profile_attributes(profile) | {"address_hash": address_hash(KEY, email)}
        self.dynamodb.put_item(TableName=self.tables["CustomersTable"], Item=to_item(item))

    def worker(
        self,
        client: Any = None,
        *,
        pause: Callable[[float], None] = lambda _: None,
    ) -> Recovering:
        """One function of many, with a shard of its own."""
        client = cast("DynamoDBClient", client or self.dynamodb)
        books = Books(
            client,
            NudgedOrders(client, self.tables["NudgedOrdersTable"]),
            Accounts(client, self.tables["NudgeExposuresTable"]),
            ExperimentCounters(client, self.tables["ExperimentCountersTable"]),
        )
        buyers = Buyers(Profiles(client, self.tables["CustomersTable"]), KEY)
        return Recovering(books, buyers, self.bus, pause)

    def hear(self, *facts: Any, trouble: Trouble | None = None, by: Recovering | None = None) -> None:
        worker = by or self.worker(Troubled(self.dynamodb, trouble or Trouble()))
        for fact in facts:
            worker.apply(fact, LATER)

    def groups(self) -> dict[Group, dict[str, int]]:
        """What was counted, without zeros."""
        counters = ExperimentCounters(self.dynamodb, self.tables["ExperimentCountersTable"])
        return {
            group: {name: by for name, by in counted.items() if by}
            for group, counted in counters.groups().items()
        }

    def counted(
        self, variant: str = "question", step: int = 2, *, experiment: str = EXPERIMENT
    ) -> dict[str, int]:
        return self.groups().get(Group(experiment, step, variant), {})

    def items(self, table: str) -> list[dict[str, Any]]:
        return [from_item(item) for item in self.dynamodb.scan(TableName=self.tables[table])["Items"]]
