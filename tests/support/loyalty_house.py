"""The loyalty ledger from the shop's fact to the mail queues, on any tables, with every call watched."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from dynamodb_engine import DynamoDBEngine
from engagement.events.base import Event
from engagement.events.loyalty import TierChanged
from engagement.items import to_item
from engagement.mail_orders import SendMail
from engagement.plan import EngagementPlan, engagement_plan
from engagement.profiles import Profile, profile_attributes
from loyalty.booking import PointsBooking
from loyalty.drafts import Draft
from loyalty.entries import Entry
from loyalty.facts import LedgerFact
from loyalty.outbox import Outbox, look_at
from loyalty.records import Account
from loyalty.table import Ledger
from loyalty.terms import Terms
from loyalty.wiring import Tables, loyalty_sweep
from recording_bus import RecordingBus
from recording_queue import RecordingQueue
from shop_facts import NOW, a_profile
from tests.conftest import table_definition
from watched_client import Moment, Watched, Watcher

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLES = ("LoyaltyTable", "CustomersTable")
ASHA = "cust-asha"


class _WatchedBus(RecordingBus):
    def __init__(self, owner: Watcher) -> None:
        super().__init__()
        self._owner = owner

    def publish(self, facts: Iterable[Event]) -> None:
        self._owner.watch("before", "publish")
        super().publish(facts)
        self._owner.watch("after", "publish")


class _WatchedQueue(RecordingQueue):
    def __init__(self, owner: Watcher) -> None:
        super().__init__()
        self._owner = owner

    def put(self, messages: Iterable[BaseModel]) -> None:
        self._owner.watch("before", "put")
        super().put(messages)
        self._owner.watch("after", "put")


class LoyaltyHouse:
    """`names`: the tables' own, by what the template calls them. Asha is a customer. `calls` of DynamoDB (by their
    names in boto3), the bus and the queues are those since the last sweep began; `on_each_call` hears of each.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        names: dict[str, str] | None = None,
        plan: EngagementPlan | None = None,
    ) -> None:
        names = names or {name: name for name in TABLES}
        plan = plan or engagement_plan()
        self.client, self.customers = client, names["CustomersTable"]
        self.watch: Callable[[Moment, str], None] = self._hear
        self.bus = _WatchedBus(self)
        self.mail_queue, self.bulk = _WatchedQueue(self), _WatchedQueue(self)
        self.terms = Terms.of(plan)
        self.calls: list[str] = []
        self.on_each_call: Callable[[Moment, str], None] = lambda _moment, _call: None
        watched = cast("DynamoDBClient", Watched(client, self))
        self.ledger = Ledger(watched, names["LoyaltyTable"])
        outbox = Outbox(self.ledger, self.bus, None, self.terms)
        self.booking = PointsBooking(
            self.ledger, self.bus, terms=self.terms, outbox=outbox, pause=lambda _: None
        )
        self.loyalty_sweep = loyalty_sweep(
            watched,
            Tables(customers_table=self.customers, loyalty_table=names["LoyaltyTable"]),
            plan=plan,
            signing_keys=(b"k" * 32,),
            bus=self.bus,
            mail_queue=self.mail_queue,
            bulk_mail_queue=self.bulk,
            pages_url="https://pages.example.com",
        )
        self.knows(a_profile())

    def _hear(self, moment: Moment, call: str) -> None:
        if moment == "before":
            self.calls.append(call)
        self.on_each_call(moment, call)

    def knows(self, profile: Profile) -> None:
        self.client.put_item(TableName=self.customers, Item=to_item(profile_attributes(profile)))

    def told(self, *facts: LedgerFact, at: datetime = NOW) -> "LoyaltyHouse":
        for fact in facts:
            self.booking.apply(fact, at)
        return self

    def decided(self, decide: Callable[[Draft], Draft], at: datetime) -> "LoyaltyHouse":
        """Written as whoever decides so writes it."""
        draft = decide(Draft.of(self.account))
        assert self.ledger.write(draft, due_at=look_at(draft.account, at, self.terms))
        return self

    def sweep(self, now: datetime) -> int:
        self.calls.clear()
        return self.loyalty_sweep.sweep(now)

    @property
    def account(self) -> Account:
        return self.ledger.account(ASHA)

    @property
    def entries(self) -> list[Entry]:
        """Hers, as they were booked."""
        return sorted(self.ledger.records(ASHA).entries, key=lambda entry: entry.sequence)

    @property
    def mails(self) -> list[SendMail]:
        return cast("list[SendMail]", self.mail_queue.messages + self.bulk.messages)

    @property
    def mailed(self) -> list[str]:
        """The mails' send keys, without her id."""
        return [mail.send_key.replace(f":{ASHA}", "") for mail in self.mails]

    def heard(self, kind: type[Event]) -> list[Any]:
        """The facts of this kind that were told, each once."""
        return list({fact.event_id: fact for fact in self.bus.told if isinstance(fact, kind)}.values())

    @property
    def tiers(self) -> list[str]:
        return [fact.tier for fact in self.heard(TierChanged)]


@cache
def _definitions() -> dict[str, Any]:
    return {name: table_definition(name) for name in TABLES}


def house_in_memory(plan: EngagementPlan | None = None) -> LoyaltyHouse:
    return LoyaltyHouse(cast("Any", DynamoDBEngine(_definitions())), plan=plan)
