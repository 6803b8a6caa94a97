"""The feedback on the real engine: its tables, and everything that can be told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from engagement.bus import parse_fact, parse_message
from engagement.campaign_states import CampaignStates
from engagement.delivery_facts import DeliveryFacts
from engagement.events.customers import Unsubscribed
from engagement.items import from_item, to_item
from engagement.mail_log import About, MailLog
from engagement.plan import engagement_plan
from engagement.plan_sections import Fuse, SoftBounces
from engagement.suppression import Suppression
from mail_facts import SEND_KEY
from mail_feedback.counting import Counting
from mail_feedback.events import SesEnvelope, by_source
from mail_feedback.feedback import MailFeedback
from mail_feedback.fuse import CampaignFuse
from mail_feedback.table import MailCounters
from shop_facts import NOW, days, hours

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLES = ("MailLogTable", "SuppressionTable", "MailCountersTable", "CampaignStatesTable")
TODAY = NOW.date()
SOFT = SoftBounces(mails=3, within="30d", suppress_for="90d")  # type: ignore[arg-type]


def count_many(
    client: "DynamoDBClient",
    table: str,
    number: int,
    *facts: str,
    day: date = TODAY,
    variant: str = "standard",
    shard: int = 0,
) -> None:
    """So many mails of the cart nudges', counted by one write."""
    write = MailCounters(client, table).write(shard, "cart_nudge", day, variant, facts, 4_000_000_000)
    change: Any = write["Update"]
    change["ExpressionAttributeValues"][":one"] = {"N": str(number)}
    client.update_item(**change)


@dataclass
class Office:
    """`client` is what the feedback itself calls by: a test may put one that fails in its place."""

    dynamodb: "DynamoDBClient"
    tables: dict[str, str]
    fuse: Fuse = field(default_factory=lambda: engagement_plan().delivery.fuse)
    client: Any = None
    # Fewer than there are, except where everybody counts at once: each is read anew at every look.
    shards: int = 2

    @property
    def log(self) -> MailLog:
        return MailLog(self.dynamodb, self.tables["MailLogTable"])

    @property
    def suppression(self) -> Suppression:
        return Suppression(self.client or self.dynamodb, self.tables["SuppressionTable"], b"k" * 32)

    @property
    def states(self) -> CampaignStates:
        return CampaignStates(self.client or self.dynamodb, self.tables["CampaignStatesTable"])

    def worker(self, pause: Callable[[float], None] = lambda _: None) -> MailFeedback:
        """One function of many, with a way of counting of its own."""
        client = self.client or self.dynamodb
        counters = MailCounters(client, self.tables["MailCountersTable"], shards=self.shards)
        facts = DeliveryFacts(client, self.tables["MailLogTable"])
        return MailFeedback(
            counting=Counting(client, facts, counters, keep_for=days(400), pause=pause),
            suppression=self.suppression,
            fuse=CampaignFuse(counters, self.states, self.fuse),
            soft_bounces=SOFT,
        )

    def claim(
        self, *send_keys: str, campaign: str = "cart_nudge", variant: str = "standard", now: datetime = NOW
    ) -> None:
        for send_key in send_keys or (SEND_KEY,):
            about = About(send_key, campaign, variant, "ref", now + days(400))
            self.log.claim(about, claim_id=send_key, now=now, lease=hours(1))

    def tell(self, *bodies: str, now: datetime = NOW, by: MailFeedback | None = None) -> None:
        worker = by or self.worker()
        for body in bodies:
            by_source(
                body,
                from_ses=lambda it: worker.take_in(parse_message(it, SesEnvelope).detail, now),
                from_the_shop=lambda it: worker.unsubscribed(
                    parse_fact(it, Unsubscribed, now=now + timedelta(days=1)), now
                ),
            )

    def entry(self, send_key: str = SEND_KEY) -> dict[str, Any]:
        key = to_item({"send_key": send_key})
        answer = self.dynamodb.get_item(TableName=self.tables["MailLogTable"], Key=key)
        return from_item(answer.get("Item", {}))

    def status(self, send_key: str = SEND_KEY) -> str | None:
        return self.entry(send_key).get("mail_status")

    def counted(
        self, campaign: str = "cart_nudge", day: date = TODAY, variant: str = "standard"
    ) -> dict[str, int]:
        """What was counted of the mails of that day and variant."""
        counters = MailCounters(self.dynamodb, self.tables["MailCountersTable"], shards=self.shards)
        found = [each for each in counters.days(campaign, day) if (each.day, each.variant) == (day, variant)]
        return dict(found[0].counts) if found else {}
