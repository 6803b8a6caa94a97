"""Carts and what is known around them, on the real engine or the one in memory. Every AWS call can be watched."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.products_table import Products
from cart_nudges.carts.rules import Cart
from cart_nudges.carts.shoppers_table import Shopper, Shoppers
from cart_nudges.carts.timers import CartTimers
from cart_nudges.carts.tracking import CartTracking
from dynamodb_engine import DynamoDBEngine
from engagement.addresses import address_hash
from engagement.clock import to_text
from engagement.events.carts import CartDeleted, CartsMerged, CartUpdated
from engagement.events.customers import CustomerErased
from engagement.events.orders import OrderPlaced
from engagement.events.products import ProductChanged
from engagement.items import to_item
from engagement.plan import engagement_plan
from engagement.profiles import Profile, Profiles, profile_attributes
from engagement.reading import read_one
from recording_queue import RecordingQueue
from shop_facts import NOW, days
from tests.conftest import table_definition

type CartFact = CartUpdated | CartDeleted | CartsMerged | OrderPlaced | CustomerErased
type Moment = Literal["before", "after"]
type Watch = Callable[[Moment, str], None]

TABLES = ("CartsTable", "CartTimersTable", "CartShoppersTable", "ProductsTable", "CustomersTable")
HASH_KEY = b"a hash key of the tests' own"


class Killed(BaseException):
    """The worker is gone: no code of ours can handle that."""


class TrackingHouse:
    """`tables`: the physical names of TABLES. `watch` is told of each call, before and after it."""

    def __init__(self, client: Any, tables: Mapping[str, str]) -> None:
        self.client, self.tables = client, tables
        self.watch: Watch = lambda _moment, _call: None
        self.calls: list[str] = []
        self.queue = RecordingQueue()
        self.settings = engagement_plan().settings(CartNudgeSettings)
        self.carts = Carts(client, tables["CartsTable"])
        self.timers = CartTimers(client, tables["CartTimersTable"])
        self.shoppers = Shoppers(client, tables["CartShoppersTable"])
        self.products = Products(client, tables["ProductsTable"])

    @classmethod
    def in_memory(cls) -> "TrackingHouse":
        return cls(DynamoDBEngine(_definitions()), {name: name for name in TABLES})

    def tell(self, *facts: CartFact | ProductChanged) -> None:
        """One delivery of each. `calls` has what the last one called."""
        for fact in facts:
            self.calls = []
            self.deliver(fact, self._watch)

    def deliver(self, fact: CartFact | ProductChanged, watch: Watch) -> None:
        """By a worker of its own, whose calls are watched by `watch`."""
        client: Any = _Watched(self.client, watch)
        if isinstance(fact, ProductChanged):
            Products(client, self.tables["ProductsTable"]).keep(fact)
            return
        CartTracking(
            carts=Carts(client, self.tables["CartsTable"]),
            timers=CartTimers(client, self.tables["CartTimersTable"]),
            shoppers=Shoppers(client, self.tables["CartShoppersTable"]),
            profiles=Profiles(client, self.tables["CustomersTable"]),
            mail_queue=_WatchedQueue(self.queue, watch),
            settings=self.settings,
            hash_key=HASH_KEY,
        ).apply(fact)

    def welcome(self, *profiles: Profile) -> None:
        for profile in profiles:
            known = profile_attributes(profile) | {"told_at": to_text(NOW)}
            self.client.put_item(TableName=self.tables["CustomersTable"], Item=to_item(known))

    def cart(self, cart_id: str = "cart-9") -> Cart:
        found = self.find(cart_id)
        assert found, f"no {cart_id}"
        return found

    def find(self, cart_id: str) -> Cart | None:
        return read_one(self.client, self.carts.reading(cart_id))

    def shopper(self, shopper: str) -> Shopper:
        return read_one(self.client, self.shoppers.reading(shopper))

    def item(self, table: str, **key: str) -> dict[str, Any]:
        """An item as it lies there, in DynamoDB's form."""
        found: dict[str, Any] = self.client.get_item(TableName=self.tables[table], Key=to_item(key))["Item"]
        return found

    def rows(self) -> list[tuple[str, str]]:
        """Every timer's cart and instant, in the order of the instants."""
        due = self.timers.due(NOW + days(3650), 10_000)
        return sorted(((timer.cart_id, to_text(timer.at)) for timer in due), key=lambda row: row[1])

    def _watch(self, moment: Moment, call: str) -> None:
        if moment == "before":
            self.calls.append(call)
        self.watch(moment, call)


class Death:
    """Comes before or after the call of this number."""

    def __init__(self, at: int, moment: Moment) -> None:
        self._at, self._moment = at, moment
        self._calls = 0

    def __call__(self, moment: Moment, call: str) -> None:
        self._calls += moment == "before"
        if (self._calls, moment) == (self._at, self._moment):
            raise Killed


def hashed(email: str) -> str:
    """As the house has an address."""
    return address_hash(HASH_KEY, email)


class _Watched:
    def __init__(self, client: Any, watch: Watch) -> None:
        self._client, self._watch = client, watch

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name == "exceptions":
            return attribute

        def call(**request: Any) -> Any:
            self._watch("before", name)
            try:
                return attribute(**request)
            finally:
                self._watch("after", name)

        return call


class _WatchedQueue(RecordingQueue):
    """Puts on the house's queue."""

    def __init__(self, queue: RecordingQueue, watch: Watch) -> None:
        super().__init__()
        self._queue, self._watch = queue, watch

    def put(self, messages: Iterable[BaseModel]) -> None:
        self._watch("before", "send_message_batch")
        self._queue.put(messages)
        self._watch("after", "send_message_batch")


@cache
def _definitions() -> dict[str, Any]:
    return {name: table_definition(name) for name in TABLES}
