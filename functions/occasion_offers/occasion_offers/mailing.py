"""The room's mails: what each is told about the occasion, and about the offer that it brings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from engagement.mail_composer import MailComposer
from engagement.mail_orders import Handling, Premise, SendMail
from engagement.offer_wording import PromisedOffer, offer_facts
from engagement.plan import EngagementPlan
from engagement.profiles import Profile
from engagement.wording import Counted
from occasion_offers.campaign import OccasionOfferSettings

FOLLOW_UP = "follow_up"
# Whatever ends at midnight ends with the day before.
_A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class OccasionMails:
    composer: MailComposer
    plan: EngagementPlan

    def occasion(
        self,
        profile: Profile,
        offer: PromisedOffer,
        *,
        campaign: str,
        settings: OccasionOfferSettings,
        years: int | None,
        send_key: str,
        useful_until: datetime,
    ) -> SendMail:
        """The mail for an occasion that returns for the `years`th time; None: the date's own year is unknown.

        Raises KeyError for a mail that tells the years of a date without one.
        """
        return self.composer.compose(
            settings.mail,
            profile,
            send_key=send_key,
            campaign=campaign,
            useful_until=useful_until,
            day=occasion_lies(profile, settings, useful_until),
            years=None if years is None else Counted("years", years),
            **offer_facts(offer, profile.time_zone, self.plan.shop.language),
        )

    def follow_up(
        self, profile: Profile, offer: PromisedOffer, *, campaign: str, send_key: str, premise: Premise
    ) -> SendMail:
        """The reminder of an offer that was not used; of no use once the offer has ended."""
        return self.composer.compose(
            "offer_follow_up",
            profile,
            send_key=send_key,
            campaign=campaign,
            useful_until=offer.expires_at,
            variant=FOLLOW_UP,
            handling=Handling(premises=(premise,)),
            **offer_facts(offer, profile.time_zone, self.plan.shop.language),
        )


def occasion_lies(
    profile: Profile, settings: OccasionOfferSettings, useful_until: datetime
) -> Literal["ahead", "today", "around"]:
    """Where the occasion lies on the customer's calendar, whenever the mail leaves while it is useful.

    A mail that may leave on the day or on the next says neither "today" nor "soon".
    """
    zone = ZoneInfo(profile.time_zone)
    first_day = (useful_until - settings.at_most_late).astimezone(zone).date()
    last_day = (useful_until - _A_MOMENT).astimezone(zone).date()
    occasion = first_day + timedelta(days=settings.days_before)
    if last_day < occasion:
        return "ahead"
    return "today" if first_day == last_day else "around"
