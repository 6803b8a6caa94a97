"""Keeping: what the shop's facts mean for a customer's profile."""

from dataclasses import dataclass

from customer_profiles.rules import profile_told
from customer_profiles.table import Customers
from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.metrics import count
from engagement.observability import customer_ref, logger
from engagement.plan_sections import Shop
from engagement.profiles import Profile


@dataclass(frozen=True)
class ProfileKeeping:
    customers: Customers
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
        """A date that is not believed is refused with its reason; the rest of the profile is welcome."""
        profile, refused = profile_told(fact, self.shop)
        for name, reason in refused.items():
            who = customer_ref(fact.customer_id)
            logger().warning("date refused", extra={"customer_ref": who, "date": name, "reason": reason})
            count("DateRefused", reason=reason)
        return profile
