"""Which birthdays are believed, and how old they make a customer."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from engagement.events.customers import NO_DAY

# What forms and imports fill in where nobody gave a date: the oldest year of a menu, zero as a Unix time (a day
# earlier in the Americas), and zero as MySQL has it.
PLACEHOLDERS = frozenset({"1900-01-01", "1970-01-01", "1969-12-31", NO_DAY})
# Jeanne Calment's age, the highest ever recorded. Keeps out other systems' zeros too (0001-01-01, 1899-12-30).
LONGEST_LIFE_YEARS = 122
WITHOUT_YEAR = "--"


def why_refused(told: str, told_at: datetime, time_zone: str) -> str | None:
    """Why a birthday, or another day that comes round every year (`YYYY-MM-DD` or `--MM-DD`), is not believed, in one
    word; None: it is.

    Refused are a form's `placeholder`, what lies `in_the_future` of the day on which it was told (by the customer's
    calendar), and what makes the customer older than anybody ever was (`too_long_ago`). Without a year it is believed.
    """
    if told in PLACEHOLDERS:
        return "placeholder"
    if told.startswith(WITHOUT_YEAR):
        return None
    day, today = date.fromisoformat(told), told_at.astimezone(ZoneInfo(time_zone)).date()
    if day > today:
        return "in_the_future"
    return "too_long_ago" if today.year - day.year > LONGEST_LIFE_YEARS else None


def is_younger_than(years: int, birthday: str | None, today: date) -> bool:
    """Whether the customer is known to be; of one whose birthday lacks its year nobody knows.

    Whoever was born on 29 February comes of age on 1 March in common years.
    """
    if birthday is None or birthday.startswith(WITHOUT_YEAR):
        return False
    born = date.fromisoformat(birthday)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return age < years
