"""Choosing: of the customers whose day it is, who is celebrated, and why each of the others is not. Only reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engagement.contacts import Contact, Contacts
from engagement.mail_log import Entry, MailLog
from engagement.plan import EngagementPlan
from engagement.profiles import Profile, Profiles
from engagement.reading import read_together
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.dates import OccasionDate
from occasion_offers.dates_table import Dates, DatesPage, day_group
from occasion_offers.pages import CelebratePage
from occasion_offers.rules import MailingDay, offer_key, why_not_by_customer, why_not_by_date

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# A second or two of work, well inside the door's timeout.
PAGE_SIZE = 100
# A profile, a contact and an entry of the mail log each make the 100 keys of one BatchGetItem.
_CUSTOMERS_A_CALL = 33


@dataclass(frozen=True)
class Chosen:
    """A customer to celebrate with; `date` is what brought them here."""

    date: OccasionDate
    profile: Profile


@dataclass(frozen=True)
class Choice:
    """Who was chosen, and of everyone else, by customer id, why not (one word)."""

    chosen: tuple[Chosen, ...] = ()
    passed_over: Mapping[str, str] = field(default_factory=dict)

    def all_passed_over(self, reason: str) -> "Choice":
        """Those who were chosen are not, after all."""
        others = {chosen.profile.customer_id: reason for chosen in self.chosen}
        return Choice(passed_over={**self.passed_over, **others})


def mailing_day(page: CelebratePage, settings: OccasionOfferSettings) -> MailingDay:
    """The day that a page belongs to."""
    return MailingDay(settings, ZoneInfo(page.time_zone), page.local_date, page.occasion_day)


@dataclass(frozen=True)
class Choosing:
    client: "DynamoDBClient"
    dates: Dates
    profiles: Profiles
    contacts: Contacts
    log: MailLog
    plan: EngagementPlan

    def dates_of(self, page: CelebratePage, settings: OccasionOfferSettings) -> DatesPage:
        """The dates of one page, and where the next begins."""
        if page.customer_id:
            return self.dates.of_customer(page.customer_id, settings.occasion, page.month_day, page.time_zone)
        group = day_group(settings.occasion, page.month_day, page.time_zone, page.shard)
        return self.dates.on_day(group, limit=PAGE_SIZE, cursor=page.cursor)

    def choose(
        self, dates: Iterable[OccasionDate], campaign: str, mailing: MailingDay, now: datetime
    ) -> Choice:
        """Reads customers only where the date does not decide; what was told of them a second ago may be missing, and
        the mail path looks once more.
        """
        passed_over: dict[str, str] = {}
        left: list[OccasionDate] = []
        for each in dates:
            if reason := why_not_by_date(each, mailing):
                passed_over[each.customer_id] = reason
            else:
                left.append(each)
        chosen: list[Chosen] = []
        topic = str(self.plan.campaign(campaign).topic)
        for each, profile, contact, entry in self._customers(left, campaign, mailing):
            reason = why_not_by_customer(
                profile,
                contact,
                mailing,
                decided=entry is not None,
                topic=topic,
                minimum_age=self.plan.delivery.minimum_age,
                now=now,
            )
            if reason or profile is None:  # the reason says so, too
                passed_over[each.customer_id] = str(reason)
            else:
                chosen.append(Chosen(each, profile))
        return Choice(tuple(chosen), passed_over)

    def _customers(
        self, dates: Sequence[OccasionDate], campaign: str, mailing: MailingDay
    ) -> Iterable[tuple[OccasionDate, Profile | None, Contact, Entry | None]]:
        for some in batched(dates, _CUSTOMERS_A_CALL, strict=False):
            ids = [each.customer_id for each in some]
            keys = [offer_key(campaign, customer_id, mailing.occasion_day) for customer_id in ids]
            found = read_together(
                self.client,
                *map(self.profiles.reading, ids),
                *map(self.contacts.reading, ids),
                *map(self.log.reading, keys),
                consistent=False,
            )
            yield from zip(some, *batched(found, len(some), strict=True), strict=True)
