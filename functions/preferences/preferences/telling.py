"""Telling: what a customer says on our pages, as facts on the shop's bus."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from engagement.bus import Bus
from engagement.clock import to_text
from engagement.events.base import Event
from engagement.events.customers import ConsentChanged, CustomerErased, CustomerUpdated, Unsubscribed
from engagement.metrics import count
from engagement.observability import explanation, logger
from engagement.profiles import Profile, ToldProfile
from engagement.site import AWAY

_DIGITS = 32


class Telling:
    """`bus` is the shop's. The client's own three attempts are all: whoever waits for the page can ask again."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def tell(self, facts: Iterable[Event]) -> bool:
        """Whether the bus took them all. Told again they are the same facts, by their ids."""
        known = tuple(facts)
        if not known:
            return True
        try:
            self._bus.publish(known)
        except AWAY as error:
            kinds = sorted({type(fact).__name__ for fact in known})
            logger().error("facts not told", facts=kinds, extra=explanation(error))
            count("FactsNotTold", len(known))
            return False
        return True


def left_by_mail(customer_id: str, topic: str, send_key: str, at: datetime) -> Unsubscribed:
    """Each click is a fact of its own: whoever agreed again since, and leaves by the same mail, has left once more."""
    return Unsubscribed(
        event_id=_fact_id("unsubscribed", customer_id, topic, send_key, to_text(at)),
        occurred_at=at,
        customer_id=customer_id,
        topic=topic,
        send_key=send_key,
    )


def consent_changed(customer_id: str, topic: str, at: datetime, *, granted: bool) -> ConsentChanged:
    return ConsentChanged(
        event_id=_fact_id("consent", customer_id, topic, str(granted), to_text(at)),
        occurred_at=at,
        customer_id=customer_id,
        topic=topic,
        granted=granted,
    )


def profile_changed(profile: Profile, at: datetime) -> CustomerUpdated:
    """The whole profile, as the customer wants it from now on."""
    return CustomerUpdated(
        event_id=_fact_id("profile", profile.customer_id, to_text(at)),
        occurred_at=at,
        customer_id=profile.customer_id,
        email=profile.email,
        name=profile.name,
        locale=profile.locale,
        time_zone=profile.time_zone,
        birthday=profile.birthday,
        dates=profile.dates,
    )


def erased(told: ToldProfile, at: datetime) -> CustomerErased:
    """However often it is asked for, it is one fact about what was known."""
    customer_id = told.profile.customer_id
    return CustomerErased(
        event_id=_fact_id("erased", customer_id, to_text(told.told_at)),
        occurred_at=at,
        customer_id=customer_id,
    )


def _fact_id(kind: str, *parts: str) -> str:
    """Of the same parts the same id, short enough for an identifier, and no customer's id in it."""
    return f"{kind}-{sha256('#'.join(parts).encode()).hexdigest()[:_DIGITS]}"
