"""When a birthday is celebrated, whose it is, and how long its offer lasts."""

import calendar
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from birthday_offers.campaign import BirthdayOfferSettings
from engagement.clock import local_instant
from engagement.plan import Hour

LEAP_DAY = "02-29"


def send_key(customer_id: str, local_day: date) -> str:
    """Once a year per customer, also for one who moves to another zone or whose birthday is corrected."""
    return f"birthday_offer:{customer_id}:{local_day.year}"


def day_to_celebrate(
    now: datetime, zone: ZoneInfo, last_day: date | None, settings: BirthdayOfferSettings
) -> date | None:
    """The zone's own date, once its clocks have reached the plan's `local_hour` and until they show
    `latest_local_hour`; None outside these hours, and for a day that is done or lies before one that is.
    """
    local = now.astimezone(zone)
    if not settings.local_hour <= local.hour < settings.latest_local_hour:
        return None
    today = local.date()
    return today if last_day is None or last_day < today else None


def birthdays_kept_on(day: date, leap_day_observed_on: Literal["02-28", "03-01"]) -> tuple[str, ...]:
    """The birthdays (`MM-DD`) celebrated on a day: its own, and in a common year those of 29 February on the day that
    the plan names.
    """
    month_day = f"{day:%m-%d}"
    if month_day == leap_day_observed_on and not calendar.isleap(day.year):
        return month_day, LEAP_DAY
    return (month_day,)


def offer_expires_at(local_day: date, zone: ZoneInfo, settings: BirthdayOfferSettings) -> datetime:
    """An offer ends with a day: with the customer's own day that is the plan's `valid_for` after the one celebrated.

    Valid for 14 days from 1 March, it is good through all of 15 March and ends when that day does.
    """
    return local_instant(local_day + settings.offer.valid_for, 24, zone)


def useful_until(local_day: date, zone: ZoneInfo, latest_local_hour: Hour) -> datetime:
    """Good wishes are for the day: a mail that has not left by `latest_local_hour` of it stays away."""
    return local_instant(local_day, latest_local_hour, zone)
