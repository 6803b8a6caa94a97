"""What the engagement plan says about each occasion that is celebrated with an offer."""

from datetime import timedelta
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from engagement.events.customers import BIRTHDAY, JOINING, Occasion
from engagement.offers import OfferTerms
from engagement.plan import SharedSettings
from engagement.plan_sections import Duration, PlanSection

_ONE_DAY = timedelta(days=1)
_LEAST_PATIENCE = timedelta(hours=1)
# How far back a run looks for days that nobody got round to: after a longer outage, days before that are let go.
LOOK_BACK = timedelta(days=7)
type LeapDayKept = Literal["02-28", "03-01"]
# Those in `mails/` that an occasion may bring; the reminder of an unused offer is the same for all.
type Mail = Literal["birthday_offer", "first_anniversary_offer", "anniversary_offer", "occasion_offer"]
# What a mail says of the day, and so can be said of no other.
_SPEAKS_OF = {
    "birthday_offer": BIRTHDAY,
    "first_anniversary_offer": JOINING,
    "anniversary_offer": JOINING,
}


class Years(PlanSection):
    """Which returns of a date are celebrated, counted from its own year; both ends are meant."""

    first: Annotated[int, Field(strict=True, ge=0, alias="from")]
    last: Annotated[int | None, Field(strict=True, alias="to")] = None

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError("to must not be less than from")
        return self

    def include(self, years: int) -> bool:
        return self.first <= years and (self.last is None or years <= self.last)


class FollowUp(PlanSection):
    """The reminder of an offer that was not redeemed, so many days before its last day, at `local_hour`."""

    days_before_end: Annotated[int, Field(strict=True, ge=1, le=60)]


class OccasionOfferSettings(SharedSettings):
    """One campaign: the mail leaves at `local_hour` on the customer's clock, `days_before` the occasion, or up to
    `at_most_late` after that if we are late.
    """

    capability: ClassVar[str] = "occasion_offers"

    occasion: Occasion
    # None: every year, and dates whose year is unknown too.
    years: Years | None = None
    mail: Mail = "occasion_offer"
    days_before: Annotated[int, Field(strict=True, ge=0, le=60)]
    local_hour: Annotated[int, Field(strict=True, ge=0, le=23)]
    at_most_late: Duration
    leap_day_observed_on: LeapDayKept
    # Whole days; 0d would be no duration, so 1d is the least.
    unchanged_for: Duration
    offer: OfferTerms
    follow_up: FollowUp | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        for name, span in (("offer.valid_for", self.offer.valid_for), ("unchanged_for", self.unchanged_for)):
            if span % _ONE_DAY:
                raise ValueError(f"{name} must be whole days, such as 14d")
        if _SPEAKS_OF.get(self.mail, self.occasion) != self.occasion:
            raise ValueError(f"mail {self.mail} speaks of the occasion {_SPEAKS_OF[self.mail]}")
        if self.mail == "first_anniversary_offer" and self.years != Years(**{"from": 1, "to": 1}):
            raise ValueError("mail first_anniversary_offer is for years {from: 1, to: 1}")
        if self.mail == "anniversary_offer" and (self.years is None or self.years.first < 1):
            raise ValueError("mail anniversary_offer tells the years: give years, {from: 1} or later")
        if self.follow_up and self.follow_up.days_before_end >= self.offer.valid_for.days:
            raise ValueError("follow_up.days_before_end must be less than offer.valid_for")
        if self.at_most_late < _LEAST_PATIENCE:
            raise ValueError(
                "at_most_late must be 1h or more: a run looks every quarter of an hour, and pages take time"
            )
        before_end = self.follow_up.days_before_end if self.follow_up else 0
        if self.at_most_late > (self.days_before + self.offer.valid_for.days - before_end) * _ONE_DAY:
            raise ValueError(
                "at_most_late: the mail could leave after the offer's end, or after its follow_up"
            )
        return self
