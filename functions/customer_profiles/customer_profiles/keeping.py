"""Keeping: what the shop's facts mean for a customer's profile."""

from dataclasses import dataclass

from customer_profiles.rules import profile_told
from customer_profiles.table import Customers
from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.plan import Shop


@dataclass(frozen=True)
class ProfileKeeping:
    customers: Customers
    shop: Shop

    def apply(self, fact: CustomerRegistered | CustomerUpdated | CustomerErased) -> None:
        """Any number of times, in any order: what was told last, by the shop's own time, is what is kept."""
        match fact:
            case CustomerRegistered():
                self.customers.register(profile_told(fact, self.shop), fact.occurred_at)
            case CustomerUpdated():
                self.customers.update(profile_told(fact, self.shop), fact.occurred_at)
            case CustomerErased():
                self.customers.erase(fact.customer_id, fact.occurred_at)
