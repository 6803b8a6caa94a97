"""Catching up with a customer whose date came into a zone that has celebrated the day already.

Whoever moves east on the day itself, or is told to us on it, would be missed: the old zone's hour had not come, the new
one's is past. Whoever moves west comes by twice, and the send key sees to it that one mail is all.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.dates import KnownDates, OccasionDate
from occasion_offers.pages import CelebratePage
from occasion_offers.rules import MailingDay, dates_kept_on, days_due, occasion_day, why_not_by_date


def pages_to_catch_up(
    before: KnownDates, after: KnownDates, campaigns: Mapping[str, OccasionOfferSettings], now: datetime
) -> Iterator[CelebratePage]:
    """A page of this one customer for each of their days that is in time now and earns something, where the date is new
    in its place.
    """
    for name, row in after.dates.items():
        if _stayed(row, before.dates.get(name)):
            continue
        for campaign, settings in campaigns.items():
            if settings.occasion != name:
                continue
            for day in days_due(now, ZoneInfo(row.time_zone), None, settings):
                celebrated = occasion_day(day, settings)
                mailing = MailingDay(settings, ZoneInfo(row.time_zone), day, celebrated)
                kept_on = dates_kept_on(celebrated, settings.leap_day_observed_on)
                if row.month_day in kept_on and why_not_by_date(row, mailing) is None:
                    yield CelebratePage(
                        campaign=campaign,
                        time_zone=row.time_zone,
                        local_date=day,
                        occasion_day=celebrated,
                        month_day=row.month_day,
                        customer_id=row.customer_id,
                    )


def _stayed(row: OccasionDate, old: OccasionDate | None) -> bool:
    place = (row.month_day, row.time_zone)
    return old is not None and old.refused is None and (old.month_day, old.time_zone) == place
