"""The mail path on the real engine, with a fake SES, and trouble where a test wants it."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

from botocore.exceptions import ClientError, ReadTimeoutError

from engagement.bus import parse_message
from engagement.campaign_states import CampaignStates
from engagement.contacts import Contacts
from engagement.delivery_facts import DeliveryFacts
from engagement.items import from_item, to_item
from engagement.mail_orders import CancelMail, Premise, SendMail, SkipMail
from engagement.plan import engagement_plan
from engagement.profiles import profile_attributes
from engagement.suppression import Suppression
from mail_delivery.delivery import MailDelivery
from mail_delivery.ses import Ses
from mail_delivery.ways import Way
from mail_delivery.wiring import Tables, mail_delivery
from mail_feedback.counting import Counting
from mail_feedback.events import SesEnvelope
from mail_feedback.feedback import MailFeedback
from mail_feedback.fuse import CampaignFuse
from mail_feedback.table import MailCounters
from recording_queue import RecordingQueue
from shop_facts import NOW, a_profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLES = (
    *("MailLogTable", "MailPagesTable", "CustomersTable", "ContactsTable", "SuppressionTable"),
    *("CampaignStatesTable", "MailCountersTable", "SendingPaceTable"),
)


class Kill(BaseException):
    """The worker is gone."""


def throttled() -> Exception:
    answer: Any = {
        "Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"},
        "ResponseMetadata": {"HTTPStatusCode": 429},
    }
    return ClientError(answer, "Any")


def broken() -> Exception:
    answer: Any = {"Error": {"Code": "InternalFailure"}, "ResponseMetadata": {"HTTPStatusCode": 500}}
    return ClientError(answer, "Any")


def unanswered() -> Exception:
    return ReadTimeoutError(endpoint_url="https://aws.example.com")


@dataclass
class Trouble:
    """Strikes at the call of this number, before it has its effect or after; `lasting`: and at every later one."""

    at: int = 0
    moment: Literal["before", "after"] = "before"
    error: Callable[[], BaseException] = throttled
    lasting: bool = False
    calls: list[str] = field(default_factory=list)
    struck: bool = False

    def meet(self, name: str, call: Callable[..., Any], parameters: dict[str, Any]) -> Any:
        self.calls.append(name)
        number = len(self.calls)
        struck = number == self.at or (self.lasting and 0 < self.at < number)
        self.struck = self.struck or struck
        if struck and (self.moment == "before" or number > self.at):
            raise self.error()
        answer = call(**parameters)
        if struck:
            raise self.error()
        return answer


class Meanwhile(Trouble):
    """Something happens just before the call of the number `then`; `trouble` may come on top of it."""

    def __init__(self, then: int, happens: Callable[[], object], **trouble: Any) -> None:
        super().__init__(**trouble)
        self._then, self._happens = then, happens

    def meet(self, name: str, call: Callable[..., Any], parameters: dict[str, Any]) -> Any:
        if len(self.calls) + 1 == self._then:
            self._happens()
        return super().meet(name, call, parameters)


class FakeSes:
    """Accepts everything, and counts."""

    def __init__(self) -> None:
        self.accepted: list[str] = []

    def send_email(self, **request: Any) -> dict[str, str]:
        self.accepted.append(request["EmailTags"][0]["Value"])
        return {"MessageId": f"0107-{len(self.accepted)}"}


class Troubled:
    """A client whose calls meet trouble."""

    def __init__(self, client: Any, trouble: Trouble) -> None:
        self._client, self._trouble = client, trouble

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name == "exceptions":
            return attribute
        return lambda **parameters: self._trouble.meet(name, attribute, parameters)


@dataclass
class House:
    dynamodb: "DynamoDBClient"
    tables: dict[str, str]
    ses: FakeSes = field(default_factory=FakeSes)
    # What has to wait goes round its queue; here it stays, and the test hands it out again.
    queue: RecordingQueue = field(default_factory=RecordingQueue)

    def welcome(self, customer_id: str = "cust-asha", *topics: str, **profile: Any) -> None:
        """A customer who agreed to reminders, if to nothing else."""
        item = to_item(profile_attributes(a_profile(customer_id, **profile)))
        self.dynamodb.put_item(TableName=self.tables["CustomersTable"], Item=item)
        agreed = topics or ("reminders",)
        long_ago = NOW - timedelta(minutes=1)
        self.contacts.record(customer_id, agreed, granted=True, changed_at=long_ago)

    def cart(self, cart_id: str = "cart-9", **now: str) -> Premise:
        """A cart as it stands now, in a house that has CartsTable; what a mail about it is written upon."""
        still: dict[str, str | None] = {"cart_status": "open", "activity_at": "2027-03-01T11:00:00Z", **now}
        item = to_item({"cart_id": cart_id, **still})
        self.dynamodb.put_item(TableName=self.tables["CartsTable"], Item=item)
        return Premise(table=self.tables["CartsTable"], key={"cart_id": cart_id}, still=still)

    @property
    def contacts(self) -> Contacts:
        return Contacts(self.dynamodb, self.tables["ContactsTable"])

    def worker(self, trouble: Trouble | None = None, *, rate: int = 1_000_000) -> MailDelivery:
        """`rate`: mails a second."""
        client = cast("DynamoDBClient", Troubled(self.dynamodb, trouble or Trouble()))
        ses: Any = Troubled(self.ses, trouble or Trouble())
        names = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): table for name, table in self.tables.items()}
        return mail_delivery(
            client,
            Tables.model_validate(names),
            plan=engagement_plan(),
            hash_key=b"k" * 32,
            interval=lambda _: 1_000_000 // rate,
            ses=Ses(ses, "Chai", "hello@shop.example.com", "rishta-mail"),
        )

    def carry_out(
        self,
        order: SendMail | CancelMail | SkipMail,
        now: datetime,
        trouble: Trouble | None = None,
        *,
        bulk: bool = False,
    ) -> None:
        """One delivery of the order's message, by a worker of its own that lives for a minute."""
        way = Way(cast("Any", self.queue), bulk=bulk, deadline=now + timedelta(minutes=1))
        self.worker(trouble).carry_out(order, way, now)

    def deliver(
        self,
        order: SendMail,
        trouble: Trouble,
        receives: list[datetime],
        *,
        troubled: int = 1,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> bool:
        """As the queue does, until the message is done with; `troubled`: how many deliveries meet the trouble;
        `meanwhile` happens after each.
        """
        for number, now in enumerate(receives):
            trouble.calls.clear()
            self.queue.later.clear()
            with suppress(Exception, Kill):
                self.carry_out(order, now, trouble if number < troubled else None)
                if not self.queue.later:
                    return True
            meanwhile()
        return False

    def forget_stops(self) -> None:
        """SES is well, and nobody remembers that it was not."""
        key = to_item({"account": "ses"})
        self.dynamodb.delete_item(TableName=self.tables["SendingPaceTable"], Key=key)

    def tell(self, body: str) -> None:
        """SES tells something about a mail."""
        plan, counters = (
            engagement_plan().delivery,
            MailCounters(self.dynamodb, self.tables["MailCountersTable"]),
        )
        facts = DeliveryFacts(self.dynamodb, self.tables["MailLogTable"])
        feedback = MailFeedback(
            counting=Counting(
                self.dynamodb, facts, counters, keep_for=plan.keep_log_for, pause=lambda _: None
            ),
            suppression=Suppression(self.dynamodb, self.tables["SuppressionTable"], b"k" * 32),
            fuse=CampaignFuse(
                counters, CampaignStates(self.dynamodb, self.tables["CampaignStatesTable"]), plan.fuse
            ),
            soft_bounces=plan.soft_bounces,
        )
        feedback.take_in(parse_message(body, SesEnvelope).detail, NOW)

    def status(self, order: SendMail) -> str | None:
        return self.entry(order).get("mail_status")

    def entry(self, order: SendMail) -> dict[str, Any]:
        key = to_item({"send_key": order.send_key})
        answer = self.dynamodb.get_item(TableName=self.tables["MailLogTable"], Key=key)
        return from_item(answer.get("Item", {}))
