"""The room's mails: what each is told about the occasion, and about the offer that it brings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from engagement.clock import local_instant
from engagement.events.benefits import Benefit, Gift
from engagement.mail_composer import MailComposer
from engagement.mail_orders import Premise, SendMail
from engagement.money import Money
from engagement.plan import EngagementPlan
from engagement.profiles import Profile
from engagement.wording import Counted, Percent, Reduction, Translated
from occasion_offers.campaign import OccasionOfferSettings

FOLLOW_UP = "follow_up"
# Whatever ends at midnight ends with the day before.
_A_MOMENT = timedelta(seconds=1)


class PromisedOffer(Protocol):
    """What a mail tells of an offer: an `Offer`, or a fact about one."""

    @property
    def code(self) -> str: ...
    @property
    def benefit(self) -> Benefit: ...
    @property
    def expires_at(self) -> datetime: ...


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
            premise=premise,
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


def offer_facts(offer: PromisedOffer, time_zone: str, shops_language: str) -> dict[str, Any]:
    """What every mail with an offer says of it.

    The last day is the last on which it is good until midnight where the customer is now: whoever has moved since it
    was issued is promised no hour too many.
    """
    zone = ZoneInfo(time_zone)
    last_day = offer.expires_at.astimezone(zone).date() - timedelta(days=1)
    return {
        "benefit": offer.benefit.kind,
        "worth": _worth(offer.benefit, shops_language),
        "code": offer.code,
        "last_moment": local_instant(last_day, 24, zone) - _A_MOMENT,
    }


def _worth(benefit: Benefit, shops_language: str) -> Reduction | Counted | Translated:
    match benefit:
        case Benefit(percent=int(percent)):
            return Reduction(Percent(percent))
        case Benefit(amount=Money() as amount):
            return Reduction(amount)
        case Benefit(gift=Gift() as gift):
            return Translated(gift.name, otherwise=shops_language)
        case Benefit(points=int(points)):
            return Counted("points", points)
        case _:
            raise ValueError("a benefit of a kind that no mail tells")
