"""What the engagement plan says about birthday offers."""

from datetime import timedelta
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from engagement.offers import OfferTerms
from engagement.plan import CampaignSettings, Hour


class BirthdayOfferSettings(CampaignSettings):
    """The mail leaves at `local_hour` on the customer's clock, or later on that day if we are late, and from
    `latest_local_hour` on not at all.
    """

    campaign: ClassVar[str] = "birthday_offer"

    local_hour: Hour
    latest_local_hour: Hour
    # Born on 29 February: the day kept in common years.
    leap_day_observed_on: Literal["02-28", "03-01"]
    offer: OfferTerms

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.local_hour >= self.latest_local_hour:
            raise ValueError("latest_local_hour must be after local_hour")
        if self.offer.valid_for % timedelta(days=1):
            raise ValueError("offer.valid_for must be whole days, such as 14d: an offer ends when a day does")
        return self
