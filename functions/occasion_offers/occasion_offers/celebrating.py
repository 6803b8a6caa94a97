"""Celebrating: an offer and a mail for each customer of a page who is to have them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from jinja2 import TemplateError

from engagement.bus import Bus
from engagement.errors import RetryLaterError
from engagement.mail_orders import SendMail, SkipMail
from engagement.metrics import count
from engagement.observability import customer_ref, explanation, logger
from engagement.offers import Offer, Offers, offer_issued
from engagement.plan import EngagementPlan
from engagement.queues import MessageQueue
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.choosing import Choice, Choosing, Chosen, mailing_day
from occasion_offers.mailing import OccasionMails
from occasion_offers.pages import CelebratePage
from occasion_offers.rules import ALREADY_DECIDED, MailingDay, offer_key, years_since

# What one customer's own facts can make go wrong. AWS's errors are none of these: they let the whole page come again.
_NO_MAIL_OF_THEM = (LookupError, RuntimeError, TemplateError, TypeError, ValueError)
# Nobody would ask why these got no mail, or the mail log says it already.
_NOT_TO_BE_NOTED = {"not_this_year", "no_profile", ALREADY_DECIDED}


@dataclass(frozen=True)
class Celebration:
    choosing: Choosing
    offers: Offers
    mails: OccasionMails
    bus: Bus
    mail_queue: MessageQueue
    pages_queue: MessageQueue
    plan: EngagementPlan

    def celebrate(self, page: CelebratePage, now: datetime) -> None:
        """Issue the offers of this page, tell of them and hand over the mails; then order the next page.

        In this order: were the next page ordered first, each time that this one comes again would begin the rest of the
        chain once more. Done twice, or killed anywhere and done again, a page issues the same offers and hands over
        mails with the same send keys. Whether a mail may leave just then, the mail path decides.
        """
        settings = self._campaigns.get(page.campaign)
        if settings is None:
            logger().warning("a page of a campaign that left the plan", campaign=page.campaign)
            return
        if not self.plan.campaign(page.campaign).enabled:
            return
        found = self.choosing.dates_of(page, settings)
        mailing = mailing_day(page, settings)
        if now < mailing.begins:
            raise RetryLaterError("a page whose hour has not come", after=mailing.begins - now)
        choice = self.choosing.choose(found.dates, page.campaign, mailing, now)
        if now >= mailing.ends:
            # Too late for them this year: no offer.
            if choice.chosen:
                count("OccasionMissed", len(choice.chosen), campaign=page.campaign)
            choice = choice.all_passed_over("too_late")
        else:
            self._give(choice, page, mailing, now)
        self._note(choice.passed_over, page)
        next_page = page.next_page(found.cursor)
        if next_page:
            self.pages_queue.put([next_page])

    @cached_property
    def _campaigns(self) -> dict[str, OccasionOfferSettings]:
        # Once in the life of an execution environment, not for every page.
        return self.plan.all_settings(OccasionOfferSettings)

    def _give(self, choice: Choice, page: CelebratePage, mailing: MailingDay, now: datetime) -> None:
        ready = list(self._ready(choice, page, mailing, now))
        self.bus.publish(offer_issued(offer) for offer, _ in ready)
        self.mail_queue.put(mail for _, mail in ready)

    def _ready(
        self, choice: Choice, page: CelebratePage, mailing: MailingDay, now: datetime
    ) -> Iterator[tuple[Offer, SendMail]]:
        for chosen in choice.chosen:
            try:
                yield self._offer_and_mail(chosen, page.campaign, mailing, now)
            except _NO_MAIL_OF_THEM as error:
                if page.customer_id:
                    raise
                # One customer of whom no mail can be made is not the others' loss: they get a page of their own, which
                # comes again until it is mended, or too late.
                customer_id = chosen.profile.customer_id
                known = {"campaign": page.campaign, "customer_ref": customer_ref(customer_id)}
                logger().error("no mail", extra={**known, **explanation(error)})
                self.pages_queue.put([page.of_one(customer_id)])

    def _offer_and_mail(
        self, chosen: Chosen, campaign: str, mailing: MailingDay, now: datetime
    ) -> tuple[Offer, SendMail]:
        settings, kept = mailing.settings, chosen.date
        key = offer_key(campaign, kept.customer_id, mailing.occasion_day)
        # What was issued first counts, even if the plan has changed since: the mail must not promise anything else.
        offer = self.offers.issue(
            key,
            campaign=campaign,
            customer_id=kept.customer_id,
            benefit=settings.offer.benefit_for(kept.tier),
            expires_at=mailing.offer_expires_at,
            now=now,
            remind_at=mailing.remind_at,
        )
        mail = self.mails.occasion(
            chosen.profile,
            offer,
            campaign=campaign,
            settings=settings,
            years=years_since(kept, mailing.occasion_day),
            send_key=key,
            useful_until=mailing.ends,
        )
        return offer, mail

    def _note(self, passed_over: Mapping[str, str], page: CelebratePage) -> None:
        """The mail log says of each why there was no mail; our own log how many there were of each reason."""
        if not passed_over:
            return
        self.mail_queue.put(
            SkipMail(
                send_key=offer_key(page.campaign, customer_id, page.occasion_day),
                campaign=page.campaign,
                customer_id=customer_id,
                reason=reason,
            )
            for customer_id, reason in passed_over.items()
            if reason not in _NOT_TO_BE_NOTED
        )
        reasons = dict(Counter(passed_over.values()))
        day = page.local_date.isoformat()
        logger().info("passed over", campaign=page.campaign, day=day, reasons=reasons)
