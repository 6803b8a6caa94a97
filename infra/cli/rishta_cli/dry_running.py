"""A dry run: what a day's run of an occasion would do, asked of the same code that runs, and nothing is written.

The rooms' modules are found once `rishta_cli.project.reach` has put the rooms on the path.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engagement.campaign_states import CampaignStates
from engagement.contacts import Contacts
from engagement.events.benefits import Benefit
from engagement.mail_log import MailLog
from engagement.mail_orders import SendMail
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
from engagement.suppression import Suppression
from mail_delivery.circumstances import Lookup
from mail_delivery.rules import Hold, Skip, decide
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.choosing import PAGE_SIZE, Choosing, Chosen
from occasion_offers.dates import OccasionDate
from occasion_offers.dates_table import Dates, day_group, refused_group
from occasion_offers.rules import MailingDay, dates_kept_on, occasion_day, offer_key
from occasion_offers.zones import Zones

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLES = (
    "CampaignStatesTable",
    "ContactsTable",
    "CustomersTable",
    "MailLogTable",
    "OccasionsTable",
    "SuppressionTable",
    "TimeZonesTable",
)
_READS = {"Query", "GetItem", "BatchGetItem"}
_UNUSED = "https://dry.run.invalid/"


class WritesNothing(Exception):  # noqa: N818 - it reads as what it holds
    """A dry run was about to write. It never does; this is what sees to it."""


@dataclass(frozen=True)
class Verdict:
    """On one customer whose day it is: the mail leaves at `leaves_at` (UTC) with `benefit`, or `why_not` says why not,
    in one word. `waits_for` is why it would leave later than it could.
    """

    customer_id: str
    campaign: str
    time_zone: str
    leaves_at: datetime | None = None
    benefit: Benefit | None = None
    waits_for: str | None = None
    why_not: str | None = None


@dataclass(frozen=True)
class DryRun:
    """`tables` are the physical names of TABLES, by their logical ones."""

    client: "DynamoDBClient"
    tables: dict[str, str]
    hash_key: bytes
    plan: EngagementPlan

    def __post_init__(self) -> None:
        self.client.meta.events.register("before-call.dynamodb", _refuse_writes)

    def campaigns(self, occasion: str) -> dict[str, OccasionOfferSettings]:
        """Those for the occasion; without regard to whether they are switched on, which is a reason like others."""
        every = self.plan.all_settings(OccasionOfferSettings)
        return {name: settings for name, settings in every.items() if settings.occasion == occasion}

    def verdicts(self, occasion: str, mailing_day: date) -> Iterator[Verdict]:
        """On everyone who has that date: zone by zone, for mails that leave on `mailing_day`; by what is known now."""
        zones = Zones(self.client, self.tables["TimeZonesTable"]).inhabited()
        for campaign, settings in self.campaigns(occasion).items():
            for time_zone, shards in zones.items():
                celebrated = occasion_day(mailing_day, settings)
                mailing = MailingDay(settings, ZoneInfo(time_zone), mailing_day, celebrated)
                for month_day in dates_kept_on(celebrated, settings.leap_day_observed_on):
                    for shard in range(shards):
                        place = (occasion, month_day, time_zone, shard)
                        for group in (day_group(*place), refused_group(*place)):
                            yield from self._of_group(group, campaign, mailing)

    def _of_group(self, group: str, campaign: str, mailing: MailingDay) -> Iterator[Verdict]:
        for dates in self._pages(group):
            choice = self._choosing.choose(dates, campaign, mailing, mailing.begins)
            for customer_id, reason in choice.passed_over.items():
                yield Verdict(customer_id, campaign, mailing.zone.key, why_not=reason)
            for chosen in choice.chosen:
                yield self._of_mail_path(chosen, campaign, mailing)

    def _pages(self, group: str) -> Iterator[tuple[OccasionDate, ...]]:
        cursor: str | None = None
        while True:
            page = self._choosing.dates.on_day(group, limit=PAGE_SIZE, cursor=cursor)
            yield page.dates
            cursor = page.cursor
            if cursor is None:
                return

    def _of_mail_path(self, chosen: Chosen, campaign: str, mailing: MailingDay) -> Verdict:
        """What the mail path, which looks last, would say."""
        order = self._order(chosen, campaign, mailing)
        _, known = self._lookup.look_up(order)
        decision = decide(order, known, self.plan.delivery, mailing.begins)
        verdict = Verdict(chosen.profile.customer_id, campaign, mailing.zone.key)
        if isinstance(decision, Skip):
            return replace(verdict, why_not=decision.reason)
        if self._lookup.is_suppressed(chosen.profile.email, mailing.begins):
            return replace(verdict, why_not="suppressed")
        benefit = mailing.settings.offer.benefit_for(chosen.date.tier)
        if isinstance(decision, Hold):
            return replace(verdict, benefit=benefit, leaves_at=decision.until, waits_for=decision.reason)
        return replace(verdict, benefit=benefit, leaves_at=mailing.begins)

    @cached_property
    def _choosing(self) -> Choosing:
        lookup = self._lookup
        dates = Dates(self.client, self.tables["OccasionsTable"])
        return Choosing(self.client, dates, lookup.profiles, lookup.contacts, lookup.log, self.plan)

    @cached_property
    def _lookup(self) -> Lookup:
        names = self.tables
        return Lookup(
            client=self.client,
            log=MailLog(self.client, names["MailLogTable"]),
            profiles=Profiles(self.client, names["CustomersTable"]),
            contacts=Contacts(self.client, names["ContactsTable"]),
            campaigns=CampaignStates(self.client, names["CampaignStatesTable"]),
            suppression=Suppression(self.client, names["SuppressionTable"], self.hash_key),
            plan=self.plan,
        )

    def _order(self, chosen: Chosen, campaign: str, mailing: MailingDay) -> SendMail:
        """The mail's order, as far as anything is decided by it: what the mail says is not."""
        entry = self.plan.campaign(campaign)
        return SendMail(
            send_key=offer_key(campaign, chosen.profile.customer_id, mailing.occasion_day),
            campaign=campaign,
            topic=str(entry.topic),
            kind=entry.kind,
            customer_id=chosen.profile.customer_id,
            locale=chosen.profile.locale,
            subject="-",
            html="-",
            text="-",
            unsubscribe_url=_UNUSED,
            useful_until=mailing.ends,
        )


def _refuse_writes(model: Any, **_: Any) -> None:
    if model.name not in _READS:
        raise WritesNothing(f"a dry run does not {model.name}")
