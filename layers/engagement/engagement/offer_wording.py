"""What mails say of an offer."""

from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from engagement.clock import local_instant
from engagement.events.benefits import Benefit, Gift
from engagement.money import Money
from engagement.wording import Counted, Percent, Reduction, Translated

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
