"""Carts from the shop's fact to SES: the tracking, the sweep and the mail path, over tables in memory."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.products_table import Products
from cart_nudges.carts.shoppers_table import Shoppers
from cart_nudges.carts.timers import CartTimers
from cart_nudges.carts.tracking import CartTracking
from cart_nudges.steps.wiring import Tables as SweepTables
from cart_nudges.steps.wiring import cart_sweep
from customer_profiles.keeping import ProfileKeeping
from customer_profiles.table import Customers
from dynamodb_engine import DynamoDBEngine
from engagement.bus import Bus, parse_message
from engagement.contacts import Contacts
from engagement.errors import RetryLaterError
from engagement.events.base import Event
from engagement.events.customers import CustomerRegistered
from engagement.events.products import ProductChanged
from engagement.items import from_item
from engagement.mail_orders import MailOrder, send_key_of
from engagement.plan import engagement_plan
from engagement.profiles import Profiles
from engagement.queues import MessageQueue
from mail_delivery.ses import Ses
from mail_delivery.ways import Way
from mail_delivery.wiring import Tables as MailTables
from mail_delivery.wiring import mail_delivery
from tests.conftest import table_definition
from watched_client import Moment, Watched

KEY = b"a key of the tests, 32 bytes long"
PLAN = engagement_plan()
TABLES = (
    *("CartsTable", "CartTimersTable", "CartShoppersTable", "ProductsTable", "OffersTable"),
    *("CustomersTable", "ContactsTable", "SuppressionTable", "CampaignStatesTable"),
    *("MailLogTable", "MailPagesTable", "SendingPaceTable"),
)
_NAMES = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): name for name in TABLES}
_A_WORKERS_TIME = timedelta(minutes=4)


@cache
def _definitions() -> dict[str, dict[str, Any]]:
    return {name: table_definition(name) for name in TABLES}


@dataclass(frozen=True)
class Accepted:
    """A mail that SES took, at the world's time."""

    send_key: str
    address: str
    text: str
    at: datetime


class CartWorld:
    """`now` is its time; it passes when somebody says so. `on_mail` hears of each mail as SES takes it."""

    def __init__(self, now: datetime, on_mail: Callable[[Accepted], None] = lambda _: None) -> None:
        self.now = now
        self.engine = DynamoDBEngine(_definitions())
        self.accepted: list[Accepted] = []
        self.told: list[str] = []
        # What lies on the mail queue, and when it is handed out.
        self.queue: list[tuple[datetime, str]] = []
        self.watch: Callable[[Moment, str], None] = lambda _moment, _call: None
        self._on_mail = on_mail
        self._aws: Any = Watched(self.engine, self)
        self._post: Any = Watched(_Post(self), self)
        self._build()

    def _build(self) -> None:
        settings = PLAN.settings(CartNudgeSettings)
        mails = MessageQueue(self._post, "mails")
        carts, timers = Carts(self._aws, "CartsTable"), CartTimers(self._aws, "CartTimersTable")
        self._tracking = CartTracking(
            carts=carts,
            timers=timers,
            shoppers=Shoppers(self._aws, "CartShoppersTable"),
            profiles=Profiles(self._aws, "CustomersTable"),
            mail_queue=mails,
            settings=settings,
            hash_key=KEY,
        )
        self._products = Products(self._aws, "ProductsTable")
        self._profiles = ProfileKeeping(Customers(cast("Any", self.engine), "CustomersTable", KEY), PLAN.shop)
        self._sweep = cart_sweep(
            self._aws,
            SweepTables.model_validate(_NAMES),
            plan=PLAN,
            signing_keys=(KEY,),
            hash_key=KEY,
            bus=Bus(self._post, "shop"),
            mail_queue=mails,
            pages_url="https://pages.example.com",
        )
        self._delivery = mail_delivery(
            self._aws,
            MailTables.model_validate(_NAMES),
            plan=PLAN,
            hash_key=KEY,
            interval=lambda _: 1,
            ses=Ses(self._post, PLAN.shop.name, "hello@shop.example.com", "rishta-mail"),
        )

    def tell(self, fact: Event) -> None:
        """The shop's fact reaches the door that it is for."""
        match fact:
            case CustomerRegistered():
                self._profiles.apply(fact)
                contacts = Contacts(cast("Any", self.engine), "ContactsTable")
                contacts.record(fact.customer_id, fact.consents, granted=True, changed_at=fact.occurred_at)
            case ProductChanged():
                self._products.keep(fact)
            case _:
                self._tracking.apply(cast("Any", fact))

    def sweep(self) -> None:
        with suppress(RetryLaterError):
            self._sweep.sweep(self.now, lambda: _A_WORKERS_TIME)

    def deliver(self) -> None:
        """Whatever the mail queue hands out by now; what the worker cannot settle comes again in five minutes."""
        ready = [body for at, body in self.queue if at <= self.now]
        self.queue = [(at, body) for at, body in self.queue if at > self.now]
        way = Way(MessageQueue(self._post, "mails"), bulk=False, deadline=self.now + timedelta(seconds=40))
        for body in ready:
            try:
                self._delivery.carry_out(parse_message(body, MailOrder).root, way, self.now)
            except RetryLaterError:
                self.queue.append((self.now + timedelta(minutes=5), body))

    def log(self) -> dict[str, dict[str, Any]]:
        """The mail log, by send key."""
        items = map(from_item, self.engine.tables["MailLogTable"].values())
        return {item["send_key"]: item for item in items}

    def take(self, request: dict[str, Any]) -> None:
        tags = {tag["Name"]: tag["Value"] for tag in request["EmailTags"]}
        mail = Accepted(
            send_key=send_key_of(tags["SendKey"]),
            address=request["Destination"]["ToAddresses"][0],
            text=request["Content"]["Simple"]["Body"]["Text"]["Data"],
            at=self.now,
        )
        self._on_mail(mail)
        self.accepted.append(mail)


class _Post:
    """SQS, EventBridge and SES, as far as they take what they are given."""

    def __init__(self, world: CartWorld) -> None:
        self._world = world

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == "mails"
        self._world.queue += [(self._world.now, entry["MessageBody"]) for entry in Entries]
        return {}

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == "mails"
        self._world.queue.append((self._world.now + timedelta(seconds=DelaySeconds), MessageBody))
        return {}

    def put_events(self, *, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        self._world.told += [f"{entry['DetailType']} {entry['Detail']}" for entry in Entries]
        return {"FailedEntryCount": 0}

    def send_email(self, **request: Any) -> dict[str, str]:
        self._world.take(request)
        return {"MessageId": f"0107-{len(self._world.accepted)}"}
