"""The room on the real engine, with a bus that remembers, and trouble where a test wants it."""

import json
from typing import TYPE_CHECKING, Any, cast

from engagement.bus import Bus
from engagement.events.orders import OrderCancelled, OrderPlaced
from engagement.items import from_item, to_item
from engagement.offers import Offer, expiry_due
from engagement.plan import engagement_plan
from mail_house import Trouble, Troubled
from offer_facts import keep_offer, offer_item
from offers.redeeming import Redeeming
from offers.redemptions import Redemptions
from offers.table import KeptOffers
from offers.watching import Watching
from shop_facts import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

RULES = engagement_plan().offers


class BusInMemory:
    """EventBridge, as far as a bus's client goes. `refusals`: how many of the next calls take nothing."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.refusals = 0

    def put_events(self, *, Entries: list[dict[str, str]]) -> dict[str, int]:  # noqa: N803 - the API's word
        if self.refusals > 0:
            self.refusals -= 1
            return {"FailedEntryCount": len(Entries)}
        self.told += [(entry["DetailType"], json.loads(entry["Detail"])) for entry in Entries]
        return {"FailedEntryCount": 0}


class House:
    def __init__(self, dynamodb: "DynamoDBClient", table: str, orders_table: str) -> None:
        self.dynamodb = dynamodb
        self.table = table
        self.orders_table = orders_table
        self.bus = BusInMemory()

    def keep(self, *offers: Offer) -> None:
        for offer in offers:
            keep_offer(self.dynamodb, self.table, offer)

    def offers(self, trouble: Trouble | None = None) -> KeptOffers:
        return KeptOffers(self._client(trouble), self.table)

    def redemptions(self, trouble: Trouble | None = None) -> Redemptions:
        return Redemptions(self._client(trouble), self.table, self.orders_table)

    def hear(self, *facts: OrderPlaced | OrderCancelled, trouble: Trouble | None = None) -> None:
        """One delivery of each, by a worker of their own."""
        redeeming = Redeeming(self.redemptions(trouble), self._bus(trouble), RULES)
        for fact in facts:
            redeeming.apply(fact, NOW)

    def watching(self, trouble: Trouble | None = None) -> Watching:
        return Watching(self.offers(trouble), self._bus(trouble), RULES)

    def item(self, code: str) -> dict[str, Any]:
        return offer_item(self.dynamodb, self.table, code)

    def redeemed_by(self, code: str) -> str | None:
        return self.item(code).get("redeemed_by")

    def order(self, order_id: str = "order-77") -> dict[str, Any]:
        """What OfferOrdersTable has of an order; empty where nothing."""
        key = to_item({"order_id": order_id})
        return from_item(self.dynamodb.get_item(TableName=self.orders_table, Key=key).get("Item", {}))

    def told(self) -> list[str]:
        """What was told of the offers, by kind, in order."""
        return [kind for kind, _ in self.bus.told]

    def facts(self) -> dict[str, list[dict[str, Any]]]:
        """The facts that were told, by their event ids, each as often as it was."""
        facts: dict[str, list[dict[str, Any]]] = {}
        for _, fact in self.bus.told:
            facts.setdefault(fact["event_id"], []).append(fact)
        return facts

    def _client(self, trouble: Trouble | None) -> "DynamoDBClient":
        return cast("DynamoDBClient", Troubled(self.dynamodb, trouble or Trouble()))

    def _bus(self, trouble: Trouble | None) -> Bus:
        client: Any = Troubled(self.bus, trouble or Trouble())
        return Bus(client, "shop")


def end_of(offer: Offer) -> "datetime":
    """When the offer counts as expired."""
    return expiry_due(offer, RULES)
