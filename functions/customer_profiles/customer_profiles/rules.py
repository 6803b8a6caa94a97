"""What stands in for what is not known of a customer."""

from engagement.birthdays import credible_birthday
from engagement.events.customers import CustomerRegistered, CustomerUpdated
from engagement.plan import Shop
from engagement.profiles import Profile


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
