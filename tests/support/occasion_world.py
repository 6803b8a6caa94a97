"""A run with everything that it touches: the tables, the queues and the bus. Every AWS call of it can be watched."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from engagement.bus import Bus, parse_message
from engagement.contacts import Contacts
from engagement.items import to_item
from engagement.mail_composer import MailComposer
from engagement.mail_log import MailLog
from engagement.mail_orders import SendMail
from engagement.offers import Offers
from engagement.plan import EngagementPlan
from engagement.profiles import Profile, Profiles, profile_attributes
from engagement.queues import MessageQueue
from mail_facts import a_mail
from occasion_house import birthdays_alone
from occasion_offers.celebrating import Celebration
from occasion_offers.choosing import Choosing
from occasion_offers.dates import KnownDates, OccasionDate, Told
from occasion_offers.dates_table import Dates, shard_of
from occasion_offers.mailing import OccasionMails
from occasion_offers.pages import CelebratePage
from occasion_offers.running import OccasionRun
from occasion_offers.runs_table import OccasionRuns
from occasion_offers.zones import Zones
from shop_facts import a_profile, days
from watched_client import Moment, Watched

KEY = b"a key of the tests, 32 bytes long"
# The tables of a run, and their keys.
TABLES = {
    "OccasionsTable": ("customer_id", "occasion"),
    "TimeZonesTable": ("inhabitants", "time_zone"),
    "OccasionRunsTable": ("campaign", "time_zone"),
    "OffersTable": ("code",),
    "CustomersTable": ("customer_id",),
    "ContactsTable": ("customer_id",),
    "MailLogTable": ("send_key",),
}


class Killed(BaseException):
    """The worker is gone: no code of ours can handle that."""


@dataclass
class Posted:
    """What lies on the queues and went over the bus, as JSON."""

    pages: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    def copy(self) -> "Posted":
        return Posted([*self.pages], [*self.mails], [*self.facts])


class _Post:
    """SQS and EventBridge; a queue's URL is its name in `Posted`."""

    def __init__(self, world: "OccasionWorld") -> None:
        self._world = world

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        assert len(Entries) <= 10
        getattr(self._world.posted, QueueUrl).extend(entry["MessageBody"] for entry in Entries)
        return {}

    def put_events(self, *, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        assert len(Entries) <= 10
        self._world.posted.facts.extend(entry["Detail"] for entry in Entries)
        return {"FailedEntryCount": 0}


class ShortMails(OccasionMails):
    """Mails that say nothing but their code: composing is looked at elsewhere. The same again for the same facts."""

    _made: dict[tuple[str, str], SendMail] = {}  # noqa: RUF012 - shared by all of them on purpose

    def occasion(self, profile: Profile, offer: Any, **facts: Any) -> SendMail:
        made = (facts["send_key"], offer.code)
        if made not in self._made:
            self._made[made] = a_mail(
                facts["send_key"],
                campaign=facts["campaign"],
                topic="offers",
                customer_id=profile.customer_id,
                text=offer.code,
                useful_until=facts["useful_until"],
            )
        return self._made[made]


class OccasionWorld:
    """`client` is a real one or DynamoDBInMemory, `tables` the physical names of TABLES."""

    def __init__(self, client: Any, tables: dict[str, str], plan: EngagementPlan | None = None) -> None:
        self.client, self.tables = client, tables
        self.plan = plan or birthdays_alone()
        self.posted = Posted()
        self.watch: Callable[[Moment, str], None] = lambda _moment, _call: None
        self._aws: Any = Watched(client, self)
        self._post: Any = Watched(_Post(self), self)
        self.mails: OccasionMails = ShortMails(
            MailComposer("occasion_offers", self.plan, (KEY,), "https://pages.example.com"), self.plan
        )

    def welcome(
        self,
        customer_id: str,
        told: str,
        *,
        now: datetime,
        shards: int = 1,
        topics: tuple[str, ...] = ("offers",),
        profile: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """A customer who agreed long ago to offers, and whose date has been known as long; `more` is the date's."""
        who = a_profile(customer_id, **{"birthday": told, **(profile or {})})
        self._put("CustomersTable", profile_attributes(who))
        agreed = {f"topic:{topic}": {"granted": True} for topic in topics}
        self._put("ContactsTable", {"customer_id": customer_id, "version": 1, **agreed})
        row = OccasionDate(
            **{
                "customer_id": customer_id,
                "occasion": "birthday",
                "date": told,
                "since": now - days(365),
                "time_zone": who.time_zone,
                **more,
            }
        )
        Zones(self.client, self.tables["TimeZonesTable"]).note(row.time_zone, shards)
        dates = Dates(self.client, self.tables["OccasionsTable"])
        known = dates.known(customer_id)
        after = KnownDates(
            Told(customer_id, version=known.told.version + 1, told_at=row.since), {row.occasion: row}
        )
        assert dates.keep(known, after, shards)

    def crowd(self, number: int, *, now: datetime, zones: tuple[str, ...], shards: int, told: str) -> None:
        """So many customers of one date, as many in each shard of each zone."""
        for zone in zones:
            room = [number // len(zones) // shards] * shards
            ids = (f"{zone.rpartition('/')[2].lower()}-{each}" for each in count())
            while any(room):
                shard = shard_of(customer_id := next(ids), shards)
                if room[shard]:
                    room[shard] -= 1
                    self.welcome(customer_id, told, now=now, shards=shards, profile={"time_zone": zone})

    def tick(self, now: datetime) -> int:
        """By an execution environment that is new, as after a kill."""
        return self.new_run().run(now)

    def new_run(self) -> OccasionRun:
        """Kept, it is an execution environment that stays warm."""
        return OccasionRun(
            OccasionRuns(self._aws, self.tables["OccasionRunsTable"]),
            MessageQueue(self._post, "pages"),
            Zones(self._aws, self.tables["TimeZonesTable"]),
            self.plan,
        )

    def celebrate_next(self, now: datetime, by: Celebration | None = None) -> None:
        """The page that has waited longest, `by` an execution environment that is warm, or by a new one. It leaves its
        queue only when all is done.
        """
        page = parse_message(self.posted.pages[0], CelebratePage)
        (by or self.celebration()).celebrate(page, now)
        self.posted.pages.pop(0)

    def celebrate_all(self, now: datetime, by: Celebration | None = None) -> int:
        """Page by page, until none is left; returns how many there were."""
        pages = 0
        while self.posted.pages:
            self.celebrate_next(now, by)
            pages += 1
        return pages

    def celebration(self) -> Celebration:
        return Celebration(
            choosing=Choosing(
                client=self._aws,
                dates=Dates(self._aws, self.tables["OccasionsTable"]),
                profiles=Profiles(self._aws, self.tables["CustomersTable"]),
                contacts=Contacts(self._aws, self.tables["ContactsTable"]),
                log=MailLog(self._aws, self.tables["MailLogTable"]),
                plan=self.plan,
            ),
            offers=Offers(self._aws, self.tables["OffersTable"], KEY, self.plan.offers),
            mails=self.mails,
            bus=Bus(self._post, "shop"),
            mail_queue=MessageQueue(self._post, "mails"),
            pages_queue=MessageQueue(self._post, "pages"),
            plan=self.plan,
        )

    def _put(self, table: str, item: dict[str, Any]) -> None:
        self.client.put_item(TableName=self.tables[table], Item=to_item(item))
