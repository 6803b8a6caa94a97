"""Carts from the shop's facts to the mailbox, in memory: tracking, sweep and mail path as they are, on one engine, with
a clock of their own. Every AWS call of the sweep can be watched.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.products_table import Products
from cart_nudges.carts.rules import Cart, of_customer
from cart_nudges.carts.shoppers_table import Shopper, Shoppers
from cart_nudges.carts.timers import CartTimers
from cart_nudges.carts.tracking import CartTracking
from cart_nudges.steps.sweeping import CartSweep
from cart_nudges.steps.wiring import Tables, cart_sweep
from dynamodb_engine import DynamoDBEngine
from engagement.addresses import address_hash
from engagement.bus import Bus
from engagement.clock import from_text
from engagement.events.base import Event
from engagement.events.products import ProductChanged
from engagement.items import from_item, to_item
from engagement.mail_log import Entry, MailLog
from engagement.mail_orders import CancelMail, MailOrder, SendMail, SkipMail
from engagement.plan import EngagementPlan, engagement_plan
from engagement.profiles import Profiles
from engagement.queues import MessageQueue
from engagement.reading import read_one
from mail_house import TABLES as MAIL_TABLES
from mail_house import House
from shop_facts import NOW, a_profile
from tests.conftest import table_definition

type Moment = Literal["before", "after"]
type Order = SendMail | CancelMail | SkipMail

HASH_KEY = b"k" * 32
_CART_TABLES = ("CartsTable", "CartShoppersTable", "CartTimersTable", "ProductsTable", "OffersTable")
_NAMES = {
    "carts_table": "CartsTable",
    "cart_shoppers_table": "CartShoppersTable",
    "cart_timers_table": "CartTimersTable",
    "contacts_table": "ContactsTable",
    "customers_table": "CustomersTable",
    "mail_log_table": "MailLogTable",
    "offers_table": "OffersTable",
    "products_table": "ProductsTable",
}
_definition = cache(table_definition)
_TICK = timedelta(minutes=5)
_A_WHILE = timedelta(minutes=15)


class Killed(BaseException):
    """The worker is gone: no code of ours can handle that."""


class Death:
    """Comes before or after the call of this number. `calls`: what was begun."""

    def __init__(self, at: int = 0, moment: Moment = "before") -> None:
        self._at, self._moment = at, moment
        self.calls: list[str] = []

    def __call__(self, moment: Moment, call: str) -> None:
        if moment == "before":
            self.calls.append(call)
        if (len(self.calls), moment) == (self._at, self._moment):
            raise Killed


class _Watched:
    """A client; the house's watcher of the day is told before and after each of its calls."""

    def __init__(self, client: Any, house: "CartHouse") -> None:
        self._client, self._house = client, house

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name == "exceptions":
            return attribute

        def call(**request: Any) -> Any:
            self._house.watch("before", name)
            try:
                return attribute(**request)
            finally:
                self._house.watch("after", name)

        return call


class _Post:
    """SQS and EventBridge, as far as a sweep uses them."""

    def __init__(self) -> None:
        self.mails: list[Order] = []
        self.facts: list[dict[str, Any]] = []

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        self.mails += [MailOrder.model_validate_json(entry["MessageBody"]).root for entry in Entries]
        return {}

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.facts += Entries
        return {"FailedEntryCount": 0}


class CartHouse:
    """`plan` is the sweep's and the tracking's; the mail path has the deployed one."""

    def __init__(self, plan: EngagementPlan | None = None) -> None:
        tables = (*_CART_TABLES, *MAIL_TABLES)
        engine: Any = DynamoDBEngine({name: _definition(name) for name in tables})
        self.client = engine
        self.plan = plan or engagement_plan()
        self.settings = self.plan.settings(CartNudgeSettings)
        self.now = NOW
        self.watch: Callable[[Moment, str], None] = lambda _moment, _call: None
        self.mail_path = House(self.client, {name: name for name in MAIL_TABLES})
        self._post = _Post()
        # What the mail path lets wait, and until when.
        self._held: list[tuple[datetime, Order]] = []
        # All orders that the mail path was ever handed.
        self.orders: list[Order] = []
        self.mailed: list[SendMail] = []

    def copy(self) -> "CartHouse":
        """Another house in which all is as it is here."""
        other = CartHouse(self.plan)
        other.now = self.now
        # Items are written anew, never changed.
        other.client.tables = {name: {**items} for name, items in self.client.tables.items()}
        other._post.mails, other._post.facts = [*self._post.mails], [*self._post.facts]
        other._held, other.orders, other.mailed = [*self._held], [*self.orders], [*self.mailed]
        return other

    def welcome(self, customer_id: str = "cust-asha", *topics: str, **profile: Any) -> None:
        """A customer who agreed to reminders, if to nothing else; and their address is known again."""
        self.mail_path.welcome(customer_id, *topics, **profile)
        email = a_profile(customer_id, **profile).email
        item = self.client.tables["CustomersTable"][customer_id,]
        self.client.put_item(
            TableName="CustomersTable",
            Item=item | to_item({"address_hash": address_hash(HASH_KEY, email)}),
        )

    def tell(self, *facts: Event) -> None:
        for fact in facts:
            if isinstance(fact, ProductChanged):
                Products(self.client, "ProductsTable").keep(fact)
            else:
                self._tracking().apply(fact)  # type: ignore[arg-type]

    def sweep(self) -> int:
        """By an execution environment that is new, as after a kill."""
        return self.new_sweep().sweep(self.now, lambda: _A_WHILE)

    def new_sweep(self) -> CartSweep:
        post: Any = _Watched(self._post, self)
        client: Any = _Watched(self.client, self)
        return cart_sweep(
            client,
            Tables.model_validate(_NAMES),
            plan=self.plan,
            signing_keys=(HASH_KEY,),
            hash_key=HASH_KEY,
            bus=Bus(post, "shop"),
            mail_queue=MessageQueue(post, "mails"),
            pages_url="https://pages.example.com",
        )

    def deliver(self) -> None:
        """The mail path takes what is on its queue, and what has waited long enough."""
        due = [order for until, order in self._held if until <= self.now]
        self._held = [(until, order) for until, order in self._held if until > self.now]
        orders, self._post.mails[:] = [*due, *self._post.mails], []
        for order in sorted(orders, key=lambda order: not isinstance(order, CancelMail)):
            sent = len(self.mail_path.ses.accepted)
            self.mail_path.carry_out(order, self.now)
            if isinstance(order, SendMail) and len(self.mail_path.ses.accepted) > sent:
                self.mailed.append(order)
            later, self.mail_path.queue.later = self.mail_path.queue.later, []
            self._held += [(self.now + min(after, _A_WHILE), held) for held, after in later]  # type: ignore[misc]
        self.orders += orders

    def pass_time(self, by: timedelta, *, every: timedelta = _TICK) -> None:
        """Time passes; the sweep runs `every` so long, and the mail path all the time."""
        until = self.now + by
        while self.now < until:
            self.now = min(self.now + every, until)
            self.sweep()
            self.deliver()

    def cart(self, cart_id: str = "cart-9") -> Cart:
        cart = read_one(self.client, Carts(self.client, "CartsTable").reading(cart_id))
        assert cart is not None
        return cart

    def entry(self, send_key: str) -> Entry | None:
        return MailLog(self.client, "MailLogTable").get(send_key)

    def reasons(self) -> dict[str, str]:
        """Why what was not sent was not, by send key."""
        items = [from_item(item) for item in self.client.tables["MailLogTable"].values()]
        return {
            item["send_key"]: item.get("reason", item.get("cancelled_because", ""))
            for item in items
            if item["mail_status"] in ("skipped", "cancelled")
        }

    def timers(self) -> list[tuple[str, datetime]]:
        """All timers there are: of which cart, and when (UTC)."""
        rows = (fires_at.partition("#") for _, fires_at in self.client.tables["CartTimersTable"])
        return sorted((cart_id, from_text(at)) for at, _, cart_id in rows)

    @property
    def steps(self) -> list[str]:
        """The send keys of what was mailed, in order."""
        return [mail.send_key for mail in self.mailed]

    @property
    def waiting(self) -> list[Order]:
        """What lies on the mail queue and was looked at by nobody yet."""
        return self._post.mails

    def told(self, kind: type[Event]) -> list[Any]:
        """The facts of this kind that went over the bus, in order."""
        return [
            kind.model_validate_json(entry["Detail"])
            for entry in self._post.facts
            if entry["DetailType"] == kind.__name__
        ]

    def shopper(self, customer_id: str = "cust-asha") -> Shopper:
        return read_one(self.client, self._shoppers.reading(of_customer(customer_id)))

    @property
    def _shoppers(self) -> Shoppers:
        return Shoppers(self.client, "CartShoppersTable")

    def _tracking(self) -> CartTracking:
        return CartTracking(
            carts=Carts(self.client, "CartsTable"),
            timers=CartTimers(self.client, "CartTimersTable"),
            shoppers=self._shoppers,
            profiles=Profiles(self.client, "CustomersTable"),
            mail_queue=MessageQueue(self._post, "mails"),  # type: ignore[arg-type]
            settings=self.settings,
            hash_key=HASH_KEY,
        )
