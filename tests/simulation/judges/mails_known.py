"""What the system knew when a mail left: of each fact from the moment on at which the function that keeps it had taken
it in, and of what customers said on our pages from the moment on at which the page had written it down.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from engagement.events.customers import (
    ConsentChanged,
    CustomerErased,
    CustomerRegistered,
    CustomerUpdated,
    Unsubscribed,
)
from engagement.events.orders import OrderCancelled, OrderPlaced
from engagement.mail_orders import SendMail, send_key_of
from tests.simulation.judges.books_reading import duration, fact_of
from tests.simulation.record import Handled, Record

_PAGE = "PreferencesPageFunction"
type _Profile = CustomerRegistered | CustomerUpdated | CustomerErased


class Keeper(StrEnum):
    """The functions by whose copy of a fact it is decided whether a mail may leave."""

    PROFILES = "CustomerProfilesFactsFunction"
    CONSENTS = "PreferencesFactsFunction"
    CARTS = "CartNudgesFactsFunction"
    REQUESTS = "ReviewRequestsFactsFunction"
    FEEDBACK = "MailFeedbackFunction"


@dataclass(frozen=True)
class Decision:
    at: datetime
    granted: bool


@dataclass
class Known:
    """As it is at one moment; `take_in` brings it further."""

    profiles: dict[str, _Profile] = field(default_factory=dict)
    # By customer and topic.
    consents: dict[tuple[str, str], Decision] = field(default_factory=dict)
    suppressed: set[str] = field(default_factory=set)
    # Since when an order was known of these carts.
    bought: dict[str, datetime] = field(default_factory=dict)
    # Orders.
    called_off: set[str] = field(default_factory=set)

    def take_in(self, handled: Handled) -> None:
        """Each fact only where it is kept: who else hears of it decides no mail."""
        fact = fact_of(handled.body)
        match handled.function, fact:
            case Keeper.PROFILES, CustomerRegistered() | CustomerUpdated() | CustomerErased():
                before = self.profiles.get(fact.customer_id)
                if before is None or before.occurred_at <= fact.occurred_at:
                    self.profiles[fact.customer_id] = fact
            case Keeper.CONSENTS, CustomerRegistered() | ConsentChanged() | CustomerErased():
                self._take_in_consents(fact)
            case Keeper.CARTS, OrderPlaced() if fact.cart_id:
                self.bought.setdefault(fact.cart_id, fact.occurred_at)
            case Keeper.REQUESTS, OrderCancelled():
                self.called_off.add(fact.order_id)
            case Keeper.FEEDBACK, None:
                self._feedback(json.loads(handled.body))
            case _:
                pass

    def _take_in_consents(self, fact: CustomerRegistered | ConsentChanged | CustomerErased) -> None:
        match fact:
            case CustomerRegistered():
                for topic in fact.consents:
                    self.decide(fact.customer_id, topic, Decision(fact.occurred_at, granted=True))
            case ConsentChanged():
                self.decide(fact.customer_id, fact.topic, Decision(fact.occurred_at, fact.granted))
            case CustomerErased():
                for customer_id, topic in list(self.consents):
                    if customer_id == fact.customer_id:
                        self.decide(customer_id, topic, Decision(fact.occurred_at, granted=False))

    def decide(self, customer_id: str, topic: str, decision: Decision) -> None:
        before = self.consents.get((customer_id, topic))
        if before is None or (before.at, before.granted) <= (decision.at, not decision.granted):
            self.consents[customer_id, topic] = decision

    def _feedback(self, event: dict[str, Any]) -> None:
        detail = event["detail"]
        if detail.get("eventType") == "Complaint":
            self.suppressed |= {
                each["emailAddress"].lower() for each in detail["complaint"]["complainedRecipients"]
            }
        if detail.get("eventType") == "Bounce" and detail["bounce"]["bounceType"] == "Permanent":
            self.suppressed |= {
                each["emailAddress"].lower() for each in detail["bounce"]["bouncedRecipients"]
            }

    def agrees(self, customer_id: str, topic: str) -> bool:
        decision = self.consents.get((customer_id, topic))
        return decision is not None and decision.granted


class Unfolding:
    """A record walked through in the order in which all happened, as far as it has come."""

    def __init__(self, record: Record) -> None:
        self.record, self.known = record, Known()
        self.orders: dict[str, SendMail] = {}
        # Every telling of a mail, its words may be others the next time.
        self.all_orders: defaultdict[str, list[SendMail]] = defaultdict(list)
        self._handled = self._handed = self._published = 0

    def until(self, moment: datetime) -> None:
        """Takes in all that came before this moment. What came at it may have come after it, too."""
        record = self.record
        while self._handled < len(record.handled) and record.handled[self._handled].at < moment:
            self.known.take_in(record.handled[self._handled])
            self._handled += 1
        while self._published < len(record.published) and record.published[self._published].at < moment:
            published = record.published[self._published]
            self._published += 1
            if published.function == _PAGE and published.detail_type == "Unsubscribed":
                left = Unsubscribed.model_validate(published.detail)
                self.known.decide(left.customer_id, left.topic, Decision(left.occurred_at, granted=False))
            if published.function == _PAGE and published.detail_type == "ConsentChanged":
                said = ConsentChanged.model_validate(published.detail)
                self.known.decide(said.customer_id, said.topic, Decision(said.occurred_at, said.granted))

    def read_orders(self) -> None:
        for handed in self.record.handed_over[self._handed :]:
            words = json.loads(handed.body)
            if words.get("order") == "SendMail":
                order = SendMail.model_validate(words)
                self.all_orders[order.send_key].append(order)
        self._handed = len(self.record.handed_over)


def zone_of(profile: _Profile, plan: dict[str, Any]) -> ZoneInfo:
    zone = None if isinstance(profile, CustomerErased) else profile.time_zone
    return ZoneInfo(zone or plan["shop"]["time_zone"])


def send_key_in(tags: Any) -> str:
    return send_key_of(tags["SendKey"])


def span(plan: dict[str, Any]) -> Any:
    return duration(plan["delivery"]["frequency_cap"]["within"])
