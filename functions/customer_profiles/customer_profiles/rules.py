"""Which birthdays are believed, and what stands in for what is not known."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from engagement.events.customers import CustomerRegistered, CustomerUpdated
from engagement.plan import Shop
from engagement.profiles import Profile

# What forms and imports fill in where nobody gave a date: the oldest year of a menu, and zero as a Unix time.
PLACEHOLDERS = frozenset({"1900-01-01", "1970-01-01"})
# Jeanne Calment's age, the highest ever recorded. Keeps out other systems' zeros too (0001-01-01, 1899-12-30).
LONGEST_LIFE_YEARS = 122


def profile_told(fact: CustomerRegistered | CustomerUpdated, shop: Shop) -> Profile:
    """The profile that a fact tells; the shop's language and time zone where the customer's own are unknown."""
    time_zone = fact.time_zone or shop.time_zone
    return Profile(
        customer_id=fact.customer_id,
        email=fact.email,
        name=fact.name,
        locale=fact.locale or shop.locale,
        time_zone=time_zone,
        birthday=credible_birthday(fact.birthday, fact.occurred_at, time_zone),
    )


def credible_birthday(birthday: str | None, told_at: datetime, time_zone: str) -> str | None:
    """A birthday is believed unless it is a form's placeholder, lies ahead of the day on which it was told (by the
    customer's calendar), or makes the customer older than anybody ever was. One without its year is believed.
    """
    if birthday is None or birthday in PLACEHOLDERS:
        return None
    if birthday.startswith("--"):
        return birthday
    born, told = date.fromisoformat(birthday), told_at.astimezone(ZoneInfo(time_zone)).date()
    return birthday if born <= told and told.year - born.year <= LONGEST_LIFE_YEARS else None
