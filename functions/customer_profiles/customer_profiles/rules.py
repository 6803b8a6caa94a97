"""What stands in for what is not known of a customer, and what is not believed."""

from collections.abc import Mapping

from engagement.birthdays import why_refused
from engagement.events.customers import BIRTHDAY, CustomerRegistered, CustomerUpdated
from engagement.plan_sections import Shop
from engagement.profiles import Profile


def profile_told(fact: CustomerRegistered | CustomerUpdated, shop: Shop) -> tuple[Profile, Mapping[str, str]]:
    """The profile that a fact tells, and the reason for each of its dates that was refused, by the date's name.

    The shop's language and time zone stand in where the customer's own are unknown.
    """
    time_zone = fact.time_zone or shop.time_zone
    told = {BIRTHDAY: fact.birthday} if fact.birthday else {}
    told |= fact.dates
    reasons = {name: why_refused(day, fact.occurred_at, time_zone) for name, day in told.items()}
    believed = {name: day for name, day in told.items() if reasons[name] is None}
    profile = Profile(
        customer_id=fact.customer_id,
        email=fact.email,
        name=fact.name,
        locale=fact.locale or shop.locale,
        time_zone=time_zone,
        birthday=believed.pop(BIRTHDAY, None),
        dates=believed,
    )
    return profile, {name: reason for name, reason in reasons.items() if reason}
