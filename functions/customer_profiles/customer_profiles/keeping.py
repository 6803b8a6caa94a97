"""Keeping: what the shop's facts mean for a customer's profile."""

from dataclasses import dataclass

from customer_profiles.rules import profile_told
from customer_profiles.table import Customers
from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.plan import Shop
from engagement.profiles import Profile
from engagement.time_zones import TimeZones


@dataclass(frozen=True)
class ProfileKeeping:
    customers: Customers
    time_zones: TimeZones
    shop: Shop

    def apply(self, fact: CustomerRegistered | CustomerUpdated | CustomerErased) -> None:
        """Any number of times, in any order: what was told last, by the shop's own time, is what is kept."""
        match fact:
            case CustomerRegistered():
                self.customers.register(self._profile(fact), fact.occurred_at)
            case CustomerUpdated():
                self.customers.update(self._profile(fact), fact.occurred_at)
            case CustomerErased():
                self.customers.erase(fact.customer_id, fact.occurred_at)

    def _profile(self, fact: CustomerRegistered | CustomerUpdated) -> Profile:
        profile = profile_told(fact, self.shop)
        # Before the profile is kept: killed between the two, a zone is noted where nobody lives, which does no harm.
        self.time_zones.note(profile.time_zone)
        return profile
