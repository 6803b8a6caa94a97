"""Quiet hours, on the customer's own clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engagement.clock import local_instant
from engagement.plan_sections import QuietHours


def end_of_quiet_hours(quiet: QuietHours | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet hours that `now` lies in end (UTC) on the zone's clock; None if it lies in none.

    Hours that a DST change skips end when the change is over; where an hour comes twice, they end at its first.
    """
    if quiet is None:
        return None
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        begin = local_instant(day, quiet.from_hour, zone)
        last_day = day if quiet.from_hour < quiet.to_hour else day + timedelta(days=1)
        end = local_instant(last_day, quiet.to_hour, zone)
        if begin <= now < end:
            return end
    return None
