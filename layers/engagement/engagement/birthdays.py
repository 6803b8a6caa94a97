"""Which birthdays are believed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

# What forms and imports fill in where nobody gave a date: the oldest year of a menu, and zero as a Unix time.
PLACEHOLDERS = frozenset({"1900-01-01", "1970-01-01"})
# Jeanne Calment's age, the highest ever recorded. Keeps out other systems' zeros too (0001-01-01, 1899-12-30).
LONGEST_LIFE_YEARS = 122


def credible_birthday(birthday: str | None, told_at: datetime, time_zone: str) -> str | None:
    """A birthday (`YYYY-MM-DD` or `--MM-DD`) is believed unless it is a form's placeholder, lies ahead of the day on
    which it was told (by the customer's calendar), or makes the customer older than anybody ever was. One without its
    year is believed.
    """
    if birthday is None or birthday in PLACEHOLDERS:
        return None
    if birthday.startswith("--"):
        return birthday
    born, told = date.fromisoformat(birthday), told_at.astimezone(ZoneInfo(time_zone)).date()
    return birthday if born <= told and told.year - born.year <= LONGEST_LIFE_YEARS else None
