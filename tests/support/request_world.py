"""Review requests from the shop's fact to SES: the tracking, the sweep and the mail path, over tables in memory, with a
clock that passes when somebody says so. Every call of AWS can be watched, and so be the last one of a worker.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal, cast

from customer_profiles.keeping import ProfileKeeping
from customer_profiles.table import Customers
from dynamodb_engine import DynamoDBEngine
from engagement.bus import Bus, parse_message
from engagement.clock import from_text
from engagement.contacts import Contacts
from engagement.errors import RetryLaterError
from engagement.events.base import Event
from engagement.events.customers import CustomerErased, CustomerRegistered
from engagement.items import from_item
from engagement.mail_orders import MailOrder, SendMail, send_key_of
from engagement.plan import engagement_plan
from engagement.queues import MessageQueue
from mail_delivery.ses import Ses
from mail_delivery.ways import Way
from mail_delivery.wiring import Tables as MailTables
from mail_delivery.wiring import mail_delivery
from preferences.recording import ConsentRecording
from review_requests.campaign import ReviewRequestSettings
from review_requests.table import ReviewRequests
from review_requests.tracking import RequestTracking
from review_requests.wiring import Tables as SweepTables
from review_requests.wiring import request_sweep
from tests.conftest import table_definition
from watched_client import Moment, Watched

KEY = b"a key of the tests, 32 bytes long"
PLAN = engagement_plan()
SETTINGS = PLAN.settings(ReviewRequestSettings)
TABLES = (
    *("ReviewRequestsTable", "CustomersTable", "ContactsTable", "SuppressionTable", "CampaignStatesTable"),
    *("MailLogTable", "MailPagesTable", "SendingPaceTable"),
)
SWEEP_EVERY = timedelta(minutes=15)
_NAMES = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): name for name in TABLES}
# After that the queue hands out what a worker neither finished nor gave back.
_VISIBILITY = timedelta(minutes=6)
_EPOCH = datetime(2027, 1, 1, tzinfo=UTC)
type Happening = Callable[[Moment, str], None]
type Refusing = Callable[[Literal["bus", "mails"]], bool]


class Killed(BaseException):
    """The worker is gone: no code of ours can handle that."""


@cache
def _definitions() -> dict[str, dict[str, Any]]:
    return {name: table_definition(name) for name in TABLES}


@dataclass(frozen=True)
class Handed:
    """A mail that was put on the mail queue, at the world's time, by a sweep that knew at least so many facts,
    and at `most` so many. `version`: the send key, and what the mail was written upon; with another one it was decided
    anew.
    """

    send_key: str
    version: str
    text: str
    useful_until: datetime
    at: datetime
    known: int
    most: int


@dataclass(frozen=True)
class Accepted:
    """A mail that SES took, at the world's time."""

    send_key: str
    address: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Refused:
    """A send key that our sweep let be, or called off, knowing at least so many facts."""

    send_key: str
    reason: str
    at: datetime
    known: int


class RequestWorld:
    """`on_mail` hears of each mail as SES takes it, `on_refusal` of each one that our sweep says is not to be sent, and
    `watch` of each call that a worker makes.
    """

    def __init__(
        self, now: datetime, on_mail: Callable[[Accepted], None], on_refusal: Callable[[Refused], None]
    ) -> None:
        self.now = now
        self.engine = DynamoDBEngine(_definitions())
        # What the shop told us, in the order in which we learned it.
        self.facts: list[Event] = []
        self.accepted: list[Accepted] = []
        self.handed: list[Handed] = []
        # The facts that we told, as (kind, JSON), whether new or told again.
        self.told: list[tuple[str, str]] = []
        # When a sweep was broken off, which knew so many facts: its worker died, or the bus or the mail queue did not
        # take what it had.
        self.broken_off: dict[datetime, int] = {}
        self.refuses: Refusing = lambda _what: False
        # What lies on the mail queue, and when it is handed out.
        self.queue: list[tuple[datetime, str]] = []
        self.watch: Happening = lambda _moment, _call: None
        self._known = 0
        self._on_mail, self._on_refusal = on_mail, on_refusal
        self._aws = cast("Any", Watched(self.engine, self))
        self._post = cast("Any", Watched(_Post(self), self))
        mails = MessageQueue(self._post, "mails")
        self._tracking = RequestTracking(
            requests=ReviewRequests(self._aws, "ReviewRequestsTable"), settings=SETTINGS, pause=lambda _: None
        )
        self._profiles = ProfileKeeping(Customers(cast("Any", self.engine), "CustomersTable", KEY), PLAN.shop)
        contacts = Contacts(cast("Any", self.engine), "ContactsTable")
        self._consents = ConsentRecording(contacts, PLAN.topics)
        self._sweep = request_sweep(
            self._aws,
            SweepTables.model_validate(_NAMES),
            plan=PLAN,
            signing_keys=(KEY,),
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

    def tell(self, fact: Event) -> bool:
        """The shop's fact reaches the doors that it is for. False: a worker died over it, and it comes again."""
        try:
            match fact:
                case CustomerRegistered():
                    self._profiles.apply(fact)
                    self._consents.apply(fact)
                case CustomerErased():
                    self._profiles.apply(fact)
                    self._consents.apply(fact)
                    self._tracking.apply(fact, self.now)
                case _:
                    self._tracking.apply(cast("Any", fact), self.now)
        except (Killed, RetryLaterError):
            return False
        self.facts.append(fact)
        return True

    def sweep(self) -> None:
        self._known = len(self.facts)
        try:
            self._sweep.sweep(self.now)
        except (RetryLaterError, Killed):
            self.broken_off[self.now] = self._known

    def deliver(self) -> None:
        """Whatever the mail queue hands out by now; what the worker cannot settle comes again."""
        ready = [body for at, body in self.queue if at <= self.now]
        self.queue = [(at, body) for at, body in self.queue if at > self.now]
        way = Way(MessageQueue(self._post, "mails"), bulk=False, deadline=self.now + timedelta(seconds=40))
        for body in ready:
            try:
                self._delivery.carry_out(parse_message(body, MailOrder).root, way, self.now)
            except (RetryLaterError, Killed):
                self.queue.append((self.now + _VISIBILITY, body))

    def next_sweep(self) -> datetime | None:
        """When the schedule sweeps next with something to do: in between it finds nothing due."""
        items = self.engine.tables["ReviewRequestsTable"].values()
        due = min((item["due_at"]["S"] for item in items if "due_at" in item), default=None)
        if due is None:
            return None
        ticks = -(-max(from_text(due) - _EPOCH, self.now - _EPOCH) // SWEEP_EVERY)
        tick = _EPOCH + ticks * SWEEP_EVERY
        return tick if tick > self.now else tick + SWEEP_EVERY

    def next_delivery(self) -> datetime | None:
        return max(self.now, min(at for at, _ in self.queue)) if self.queue else None

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

    def hand_over(self, bodies: list[str]) -> None:
        for body in bodies:
            order = parse_message(body, MailOrder).root
            if isinstance(order, SendMail):
                version = f"{order.send_key} {order.premises}"
                mail = (order.send_key, version, order.text, order.useful_until)
                self.handed.append(Handed(*mail, at=self.now, known=self._known, most=len(self.facts)))
            else:
                self._on_refusal(Refused(order.send_key, order.reason, self.now, self._known))
            self.queue.append((self.now, body))


class _Post:
    """SQS, EventBridge and SES, as far as they take what they are given."""

    def __init__(self, world: RequestWorld) -> None:
        self._world = world

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == "mails"
        if self._world.refuses("mails"):
            return {"Failed": [{"Id": entry["Id"]} for entry in Entries]}
        self._world.hand_over([entry["MessageBody"] for entry in Entries])
        return {}

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == "mails"
        self._world.queue.append((self._world.now + timedelta(seconds=DelaySeconds), MessageBody))
        return {}

    def put_events(self, *, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        if self._world.refuses("bus"):
            return {"FailedEntryCount": len(Entries)}
        self._world.told += [(entry["DetailType"], entry["Detail"]) for entry in Entries]
        return {"FailedEntryCount": 0}

    def send_email(self, **request: Any) -> dict[str, str]:
        self._world.take(request)
        return {"MessageId": f"0107-{len(self._world.accepted)}"}
