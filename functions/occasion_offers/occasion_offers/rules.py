"""When an occasion is celebrated, with whom, and how long its offer lasts.

Two days count: the mailing day, on which the mail leaves, and the occasion's own day, `days_before` later.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engagement.birthdays import is_younger_than
from engagement.clock import local_instant
from engagement.contacts import Contact
from engagement.profiles import Profile
from occasion_offers.campaign import LOOK_BACK, LeapDayKept, OccasionOfferSettings
from occasion_offers.dates import OccasionDate

LEAP_DAY = "02-29"
# This year's mail was sent, or is never to be: the mail log has an entry under its send key.
ALREADY_DECIDED = "already_decided"
_ONE_DAY = date.resolution


@dataclass(frozen=True)
class MailingDay:
    """One day of a campaign's in one zone; `occasion_day` is the day that it is for. All instants are UTC."""

    settings: OccasionOfferSettings
    zone: ZoneInfo
    day: date
    occasion_day: date

    @property
    def begins(self) -> datetime:
        """The plan's `local_hour`. On a day that a zone left out (Samoa's 30 December 2011) it is the next one's."""
        return _begins(self.day, self.zone, self.settings.local_hour)

    @property
    def ends(self) -> datetime:
        """From here on it is too late."""
        return self.begins + self.settings.at_most_late

    @property
    def offer_expires_at(self) -> datetime:
        """An offer ends with a day: with the customer's own day that is `valid_for` after the occasion.

        Valid for 14 days from 1 March, it is good through all of 15 March and ends when that day does.
        """
        return local_instant(self._last_good_day, 24, self.zone)

    @property
    def remind_at(self) -> datetime | None:
        """When to remind of an offer that was not used; None: never."""
        if self.settings.follow_up is None:
            return None
        day = self._last_good_day - timedelta(days=self.settings.follow_up.days_before_end)
        return _begins(day, self.zone, self.settings.local_hour)

    @property
    def _last_good_day(self) -> date:
        return self.occasion_day + self.settings.offer.valid_for


def offer_key(campaign: str, customer_id: str, occasion_day: date) -> str:
    """Once a year per customer, also for one who moves to another zone or whose date is corrected. It is the send key
    too. The year is the occasion's: a mail of late December about 2 January belongs to the new one.
    """
    return f"{campaign}:{customer_id}:{occasion_day.year}"


def occasion_day(mailing_day: date, settings: OccasionOfferSettings) -> date:
    """The day that is celebrated with the mails of `mailing_day`."""
    return mailing_day + timedelta(days=settings.days_before)


def days_due(
    now: datetime, zone: ZoneInfo, last_done: date | None, settings: OccasionOfferSettings
) -> list[date]:
    """The mailing days in this zone whose hour has come and which are not done, the oldest first.

    After an outage these are all since the last one done, as far back as LOOK_BACK: the customers of those that are too
    late by now are told apart one by one. Where nothing was ever done, only days that are still in time.
    """
    if last_done is not None and _begins(last_done + _ONE_DAY, zone, settings.local_hour) > now:
        return []  # as at almost every tick
    span = max(LOOK_BACK, settings.at_most_late)
    day = (now - span).astimezone(zone).date()
    if last_done is not None:
        day = max(day, last_done + _ONE_DAY)
    due: list[date] = []
    while (begins := _begins(day, zone, settings.local_hour)) <= now:
        if last_done is not None or now < begins + settings.at_most_late:
            due.append(day)
        day += _ONE_DAY
    return due


def dates_kept_on(day: date, leap_day_observed_on: LeapDayKept) -> tuple[str, ...]:
    """The dates (`MM-DD`) celebrated on a day: its own, and in a common year 29 February on the day that the plan
    names.
    """
    month_day = f"{day:%m-%d}"
    if month_day == leap_day_observed_on and not calendar.isleap(day.year):
        return month_day, LEAP_DAY
    return (month_day,)


def years_since(kept: OccasionDate, day: date) -> int | None:
    """Which return of the date this is; None where its year is unknown."""
    return None if kept.year is None else day.year - kept.year


def why_not_by_date(kept: OccasionDate, mailing: MailingDay) -> str | None:
    """Why a date that is kept on this day earns nothing, in one word, as far as it decides that by itself; None: it
    does not.

    A date must have been unchanged for the plan's `unchanged_for` when the mailing begins. Not when the occasion does,
    which with a lead lies ahead, nor when its page is worked through: a page that comes again, or late, must find the
    same.
    """
    if kept.refused:
        return f"date_{kept.refused}"
    meant, years = mailing.settings.years, years_since(kept, mailing.occasion_day)
    if meant is not None and (years is None or not meant.include(years)):
        return "not_this_year"
    if kept.since > mailing.begins - mailing.settings.unchanged_for:
        return "date_too_new"
    return None


def why_not_by_customer(
    profile: Profile | None,
    contact: Contact,
    mailing: MailingDay,
    *,
    decided: bool,
    topic: str,
    minimum_age: int,
    now: datetime,
) -> str | None:
    """Why this customer is not to be mailed, in one word, whatever their date says; None: they are.

    `decided`: the mail log has an entry under this year's send key, so that no mail would leave, and an offer would be
    one that nobody hears of.
    """
    if profile is None:
        return "no_profile"
    if decided:
        return ALREADY_DECIDED
    if is_younger_than(minimum_age, profile.birthday, mailing.day):
        return "too_young"
    return contact.why_unwelcome(topic, now)


# A run asks for the same few at every tick.
@lru_cache(maxsize=4096)
def _begins(day: date, zone: ZoneInfo, local_hour: int) -> datetime:
    return local_instant(day, local_hour, zone)
