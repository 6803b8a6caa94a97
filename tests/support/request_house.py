"""Review requests from the shop's fact to the mail queue, on any tables, with a mail log that the tests write."""

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from dynamodb_engine import DynamoDBEngine
from engagement.events.reviews import ReviewInvited
from engagement.items import to_item
from engagement.mail_log import About, MailLog
from engagement.mail_orders import CancelMail, SendMail, SkipMail
from engagement.plan import EngagementPlan, engagement_plan
from engagement.profiles import Profile, profile_attributes
from recording_bus import RecordingBus
from recording_queue import RecordingQueue
from review_requests.campaign import ReviewRequestSettings
from review_requests.customers import Customer
from review_requests.table import ReviewRequests
from review_requests.tracking import RequestFact, RequestTracking
from review_requests.wiring import Tables, request_sweep
from shop_facts import NOW, a_line, a_profile, days, hours, order_delivered
from tests.conftest import table_definition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SETTINGS = engagement_plan().settings(ReviewRequestSettings)
TABLES = ("ReviewRequestsTable", "CustomersTable", "MailLogTable")
ASHA = "cust-asha"
FIRST, REMINDER = "review_request:order-77:first", "review_request:order-77:reminder"
# Of an order that came NOW: a week later, and at five in the afternoon in Kolkata after that.
DUE = NOW + days(7)
FIVE = datetime(2027, 3, 9, 11, 30, tzinfo=UTC)
REMINDED = FIVE + days(7)


class RequestHouse:
    """`names`: the tables' own, by what the template calls them. Asha is a customer."""

    def __init__(
        self,
        client: "DynamoDBClient",
        names: dict[str, str] | None = None,
        plan: EngagementPlan | None = None,
    ) -> None:
        names = names or {name: name for name in TABLES}
        self.client, self.table, self.customers = (
            client,
            names["ReviewRequestsTable"],
            names["CustomersTable"],
        )
        self.bus, self.mail_queue = RecordingBus(), RecordingQueue()
        self.requests = ReviewRequests(client, self.table)
        self.log = MailLog(client, names["MailLogTable"])
        self.tracking = RequestTracking(self.requests, SETTINGS, pause=lambda _: None)
        self.request_sweep = request_sweep(
            client,
            Tables(
                customers_table=self.customers,
                mail_log_table=names["MailLogTable"],
                review_requests_table=self.table,
            ),
            plan=plan or engagement_plan(),
            signing_keys=(b"k" * 32,),
            bus=self.bus,
            mail_queue=self.mail_queue,
            pages_url="https://pages.example.com",
        )
        self.knows(a_profile())

    def knows(self, profile: Profile) -> None:
        self.client.put_item(TableName=self.customers, Item=to_item(profile_attributes(profile)))

    def told(self, *facts: RequestFact, at: datetime = NOW) -> "RequestHouse":
        for fact in facts:
            self.tracking.apply(fact, at)
        return self

    def sweep(self, now: datetime) -> int:
        return self.request_sweep.sweep(now)

    def asked(self, now: datetime) -> list[str]:
        """Sweep as often as something is due at once; the send keys of the mails that were handed over."""
        before = len(self.mails)
        for _ in range(3):
            self.sweep(now)
        return [mail.send_key for mail in self.mails[before:]]

    def customer(self) -> Customer:
        return self.requests.read(ASHA)

    def sent(self, send_key: str, at: datetime) -> None:
        """The mail path sent it."""
        self.log.claim(self._about(send_key, at), claim_id="claim", now=at, lease=hours(1))
        self.log.record_sent(send_key, "message-1", at)

    def skipped(self, send_key: str, reason: str, at: datetime) -> None:
        """The mail path let it be."""
        self.log.skip(self._about(send_key, at), reason, at)

    @property
    def mails(self) -> list[SendMail]:
        return [each for each in self.mail_queue.messages if isinstance(each, SendMail)]

    @property
    def let_be(self) -> list[tuple[str, str]]:
        put: list[Any] = [
            each for each in self.mail_queue.messages if isinstance(each, SkipMail | CancelMail)
        ]
        return [(each.send_key, each.reason) for each in put]

    @property
    def invited(self) -> list[list[str]]:
        facts = [fact for fact in self.bus.told if isinstance(fact, ReviewInvited)]
        return [[product.product_id for product in fact.products] for fact in facts]

    @staticmethod
    def _about(send_key: str, at: datetime) -> About:
        return About(send_key, "review_request", "standard", "ref", at + days(400))


@cache
def _definitions() -> dict[str, Any]:
    return {name: table_definition(name) for name in TABLES}


def house_in_memory(plan: EngagementPlan | None = None) -> RequestHouse:
    return RequestHouse(cast("Any", DynamoDBEngine(_definitions())), plan=plan)


def asked_about(house: RequestHouse, *names: str) -> RequestHouse:
    """Asha has been asked about these products of one order."""
    house.told(order_delivered(lines=tuple(a_line(name) for name in names or ("Assam tea",))))
    assert house.asked(FIVE) == [FIRST]
    house.sent(FIRST, FIVE)
    house.sweep(FIVE + hours(1))
    return house
