"""A day's run over many customers, with every request and read unit counted, on the real engine."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from typing import Any, cast

import boto3
from botocore.config import Config

from engagement.bus import Bus
from engagement.contacts import Contacts
from engagement.items import to_item
from engagement.mail_composer import MailComposer
from engagement.mail_log import MailLog
from engagement.offers import Offers
from engagement.plan import engagement_plan
from engagement.profiles import Profiles, profile_attributes
from engagement.queues import MessageQueue
from engine_meter import Meter
from occasion_offers.celebrating import Celebration
from occasion_offers.choosing import Choosing
from occasion_offers.dates import OccasionDate
from occasion_offers.dates_table import Dates, row_item
from occasion_offers.mailing import OccasionMails
from occasion_offers.pages import CelebratePage
from occasion_offers.running import OccasionRun
from occasion_offers.runs_table import OccasionRuns
from occasion_offers.zones import Zones
from shop_facts import a_profile

KEY = b"a key of the benchmark, 32 bytes and more"
SHARDS = 4
DAY = date(2027, 2, 28)  # a common year: those of the 29th are due as well
ZONES = ("Asia/Kathmandu", "Asia/Kolkata", "Europe/Berlin", "Europe/London", "America/New_York")
SINCE = datetime(2024, 1, 1, tzinfo=UTC)
TABLES = (
    "MailLogTable",
    *("ContactsTable", "CustomersTable", "OccasionRunsTable", "OccasionsTable", "OffersTable"),
    "TimeZonesTable",
)
_BATCH = 25  # BatchWriteItem


def client_of(endpoint: str) -> Any:
    return boto3.client("dynamodb", endpoint_url=endpoint, config=Config(parameter_validation=False))


@dataclass(frozen=True)
class Crowd:
    """`total` customers in the ZONES, `due` of whom have their birthday on DAY."""

    total: int
    due: int

    def birthday(self, number: int) -> str:
        """The first ones are due, the others have any other day."""
        if number < self.due:
            return "1992-02-29" if number % 4 == 0 else "1990-02-28"
        return str(date(1990, 3, 1) + timedelta(days=number % 360))


def seed(endpoint: str, tables: dict[str, str], crowd: Crowd, numbers: range) -> None:
    """Every customer's birthday; profile and contact, which are read by key, for those whose day it is."""
    client = client_of(endpoint)
    for some in batched(numbers, _BATCH, strict=False):
        wanted: dict[str, Sequence[int]] = {"OccasionsTable": some}
        if due := [number for number in some if number < crowd.due]:
            wanted |= {"CustomersTable": due, "ContactsTable": due}
        for table, whose in wanted.items():
            puts = [{"PutRequest": {"Item": _item(table, number, crowd)}} for number in whose]
            client.batch_write_item(RequestItems={tables[table]: puts})


def _item(table: str, number: int, crowd: Crowd) -> dict[str, Any]:
    customer_id, zone, birthday = f"cust-{number:07d}", ZONES[number % 5], crowd.birthday(number)
    if table == "CustomersTable":
        return to_item(profile_attributes(a_profile(customer_id, birthday=birthday, time_zone=zone)))
    if table == "ContactsTable":
        granted = {"granted": True, "changed_at": "2024-01-01T00:00:00.000000Z"}
        return to_item({"customer_id": customer_id, "topic:offers": granted, "version": 1})
    return to_item(row_item(OccasionDate(customer_id, "birthday", birthday, SINCE, zone, shards=SHARDS)))


class Counting:
    """SQS and EventBridge, as far as they take what is put."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.messages: list[str] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        self.calls[f"SendMessageBatch {QueueUrl}"] += 1
        self.messages += [entry["MessageBody"] for entry in Entries] if QueueUrl == "pages" else []
        self.calls["mails"] += len(Entries) if QueueUrl == "mails" else 0
        return {}

    def put_events(self, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
        self.calls["PutEvents"] += 1
        return {"FailedEntryCount": 0}


def a_days_run(client: Any, tables: dict[str, str], others: Counting) -> None:
    """Every tick of the day, and every page that it orders."""
    plan, key = engagement_plan(), KEY
    fake = cast("Any", others)
    pages, mails = MessageQueue(fake, "pages"), MessageQueue(fake, "mails")
    run = OccasionRun(
        OccasionRuns(client, tables["OccasionRunsTable"]),
        pages,
        Zones(client, tables["TimeZonesTable"]),
        plan,
    )
    celebration = Celebration(
        Choosing(
            client,
            Dates(client, tables["OccasionsTable"]),
            Profiles(client, tables["CustomersTable"]),
            Contacts(client, tables["ContactsTable"]),
            MailLog(client, tables["MailLogTable"]),
            plan,
        ),
        Offers(client, tables["OffersTable"], key, plan.offers),
        OccasionMails(MailComposer("occasion_offers", plan, (key,), "https://pages.example.com"), plan),
        Bus(fake, "bus"),
        mails,
        pages,
        plan,
    )
    for tick in range(96):
        now = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(minutes=15 * tick)
        run.run(now)
        while others.messages:
            celebration.celebrate(CelebratePage.model_validate_json(others.messages.pop()), now)


@dataclass(frozen=True)
class Cost:
    """Of one day: DynamoDB's requests and halves of read units by table, and what went to the other services."""

    crowd: Crowd
    requests: Counter[str]
    half_units: Counter[str]
    others: Counter[str]


def measure(
    endpoint: str, crowd: Crowd, tables: dict[str, str], progress: Callable[[int], None] = lambda _: None
) -> Cost:
    """`tables` are fresh ones, by their logical ids. `progress` hears how many customers there are so far."""
    client = client_of(endpoint)
    for zone in ZONES:
        Zones(client, tables["TimeZonesTable"]).note(zone, SHARDS)
    step = max(_BATCH, crowd.total // 40)
    parts = [range(start, min(crowd.total, start + step)) for start in range(0, crowd.total, step)]
    with ProcessPoolExecutor(2) as pool:
        begun = [pool.submit(seed, endpoint, tables, crowd, part) for part in parts]
        for part, seeding in zip(parts, begun, strict=True):
            seeding.result()
            progress(part.stop)
    meter, others = Meter(), Counting()
    meter.watch(client)
    a_days_run(client, tables, others)
    return Cost(crowd, meter.requests, meter.half_reads, others.calls)
