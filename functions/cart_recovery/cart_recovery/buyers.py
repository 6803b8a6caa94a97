"""Buyers: who may have placed an order, its customer and everyone with the same mail address."""

from dataclasses import dataclass

from engagement.addresses import address_hash
from engagement.events.orders import OrderPlaced
from engagement.profiles import Profiles


@dataclass(frozen=True)
class Buyers:
    profiles: Profiles
    hash_key: bytes

    def of(self, order: OrderPlaced) -> list[str]:
        """The customers' ids, in their order: who was nudged as a customer may well buy as a guest."""
        profile = self.profiles.get(order.customer_id)
        addresses = {order.email, profile.email if profile else None} - {None}
        hashes = {address_hash(self.hash_key, address) for address in addresses if address}
        found = {customer_id for each in sorted(hashes) for customer_id in self.profiles.with_address(each)}
        return sorted(found | {order.customer_id})
