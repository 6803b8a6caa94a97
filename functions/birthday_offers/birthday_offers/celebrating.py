"""Celebrating: an offer and a mail for each customer of a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from birthday_offers.campaign import BirthdayOfferSettings
from birthday_offers.pages import CelebratePage
from birthday_offers.rules import offer_expires_at, send_key, useful_until
from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.observability import customer_ref, explanation, logger
from engagement.offers import Offers
from engagement.plan import EngagementPlan
from engagement.profiles import Profile, Profiles
from engagement.queues import MessageQueue
from engagement.wording import Percent

# A second or two of work, well inside the door's timeout.
PAGE_SIZE = 100


@dataclass(frozen=True)
class Celebration:
    profiles: Profiles
    offers: Offers
    composer: MailComposer
    mail_queue: MessageQueue
    pages_queue: MessageQueue
    plan: EngagementPlan
    settings: BirthdayOfferSettings

    def celebrate(self, page: CelebratePage, now: datetime) -> None:
        """Order the next page, then hand over the mails of this one.

        In this order, because a page that cannot be handed over must not keep the pages behind it waiting. Done twice,
        or killed anywhere and done again, it issues the same offers and hands over mails with the same send keys.
        Whether a mail may leave, and is not too late, the mail path decides.
        """
        if not self.plan.campaign(self.settings.campaign).enabled:
            return
        found = self.profiles.born_on(page.month_days[0], page.time_zone, limit=PAGE_SIZE, cursor=page.cursor)
        next_page = page.next_page(found.cursor)
        if next_page:
            self.pages_queue.put([next_page])
        self.mail_queue.put(self._mails(found.profiles, page, now))

    def _mails(self, profiles: Iterable[Profile], page: CelebratePage, now: datetime) -> Iterator[SendMail]:
        for profile in profiles:
            try:
                yield self._mail_for(profile, page, now)
            except ValueError as error:
                # One customer's profile that no mail can be made of is not the others' loss.
                who = customer_ref(profile.customer_id)
                logger().error("no birthday mail", extra={"customer_ref": who, **explanation(error)})

    def _mail_for(self, profile: Profile, page: CelebratePage, now: datetime) -> SendMail:
        zone = ZoneInfo(page.time_zone)
        key = send_key(profile.customer_id, page.local_date)
        expires_at = offer_expires_at(page.local_date, zone, self.settings)
        # What was issued first counts, even if the plan has changed since: the mail must not promise anything else.
        offer = self.offers.issue(
            key, profile.customer_id, self.settings.offer, expires_at=expires_at, now=now
        )
        return self.composer.compose(
            "birthday_offer",
            profile,
            send_key=key,
            campaign=self.settings.campaign,
            useful_until=useful_until(page.local_date, zone, self.settings.latest_local_hour),
            code=offer.code,
            percent=Percent(offer.value),
            # It expires at midnight, which is the next day's already.
            last_moment=offer.expires_at - timedelta(seconds=1),
        )
