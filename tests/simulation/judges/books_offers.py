"""Offers: a code is its owner's, good once and in time; no occasion or cart brings two. What became of each is told."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from engagement.events.customers import CustomerErased
from engagement.events.offers import OfferExpired, OfferIssued, OfferRedeemed, OfferReleased
from engagement.events.orders import OrderCancelled, OrderPlaced
from tests.simulation.judges.books_reading import Reading, duration, found, instant
from tests.simulation.record import Finding

ONCE = "an offer is redeemed by one order"
OWN = "an offer is redeemed by its own customer, before it ends"
GOOD = "a code that is good is redeemed by the order that carries it"
NOT_TWICE = "no occasion and no cart brings a customer two offers"
TOLD_OF = "what became of an offer is told"

_OFFERS = "OffersFactsFunction"
# Clocks are no further from UTC; and a day lasts no longer anywhere, with the hours that a run may be late.
_FURTHEST, _A_DAY = timedelta(hours=14), timedelta(days=2)
# Sweeps come every five minutes, and everything had a week to come right.
_TOLD_WITHIN = timedelta(days=1)


def redemption_findings(reading: Reading) -> Iterator[Finding]:
    """Of codes and orders as they lie in the tables."""
    placed = {fact.order_id: fact for _, fact in reading.heard(_OFFERS, OrderPlaced)}
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for order in reading.table("OfferOrdersTable"):
        if "cancelled_at" not in order:
            for code in order.get("codes", ()):
                holders[code].append(order["order_id"])
    for offer in reading.table("OffersTable"):
        code, customer_id, by = offer["code"], offer["customer_id"], offer.get("redeemed_by")
        if len(holders[code]) > 1 or (holders[code] and holders[code] != [by]):
            yield found(ONCE, customer_id, f"{code} is redeemed by {by}, and held by {holders[code]}")
        if by in placed:
            yield from _own(offer, placed[by])


def _own(offer: dict[str, Any], order: OrderPlaced) -> Iterator[Finding]:
    code, customer_id = offer["code"], offer["customer_id"]
    if order.customer_id != customer_id:
        yield found(OWN, customer_id, f"{code} was redeemed by {order.order_id} of {order.customer_id}")
    if order.occurred_at >= instant(offer["ends_at"]):
        yield found(OWN, customer_id, f"{code} ended, and {order.order_id} came after", order.occurred_at)
    if code not in order.offer_codes:
        yield found(OWN, customer_id, f"{order.order_id} redeemed {code}, and does not carry it")


def issue_findings(reading: Reading) -> Iterator[Finding]:
    settings = reading.plan["campaigns"]["cart_nudge"]["settings"]
    spans = [duration(s["incentive"]["not_again_for"]) for s in settings["steps"] if "incentive" in s]
    back_again = {fact.customer_id for _, fact in reading.heard("PreferencesFactsFunction", CustomerErased)}
    back_again |= {
        told.fact.customer_id for told in reading.record.told if isinstance(told.fact, CustomerErased)
    }
    issued: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    keys: set[str] = set()
    for offer in reading.table("OffersTable"):
        if offer["offer_key"] in keys:
            yield found(NOT_TWICE, offer["customer_id"], f"two codes for {offer['offer_key']}")
        keys.add(offer["offer_key"])
        if offer["customer_id"] not in back_again:
            issued[offer["customer_id"], offer["campaign"]].append(instant(offer["issued_at"]))
    for (customer_id, campaign), instants in issued.items():
        for before, after in pairwise(sorted(instants)):
            of_carts = campaign == "cart_nudge" and after - before < min(spans, default=timedelta(0))
            if of_carts or (campaign != "cart_nudge" and _is_one_year(before, after)):
                what = f"{campaign}: at {before:%Y-%m-%d %H:%M}, and again"
                yield found(NOT_TWICE, customer_id, what, after)


def _is_one_year(before: datetime, after: datetime) -> bool:
    """An occasion's offer is issued on its day, and there is one in a calendar year, whatever date or zone was
    corrected meanwhile. Around New Year the year is that of a clock which is not known here.
    """
    years = {(at + apart).year for at in (before, after) for apart in (-_FURTHEST, _FURTHEST)}
    return len(years) == 1 or after - before < _A_DAY


def told_findings(reading: Reading) -> Iterator[Finding]:
    """At the end: each offer's issue, and what became of it, was told; a code in force was not passed over."""
    issued = {fact.code for fact in reading.told_outside(OfferIssued)}
    expired = {fact.code for fact in reading.told_outside(OfferExpired)}
    redeemed = {(fact.code, fact.order_id) for fact in reading.told_outside(OfferRedeemed)}
    released = {(fact.code, fact.order_id) for fact in reading.told_outside(OfferReleased)}
    in_force: defaultdict[str, set[str]] = defaultdict(set)
    for code, order_id in redeemed - released:
        in_force[code].add(order_id)
    late = duration(reading.plan["offers"]["wait_for_late_orders"]) + _TOLD_WITHIN
    for offer in reading.table("OffersTable"):
        code, customer_id, by = offer["code"], offer["customer_id"], offer.get("redeemed_by")
        if code not in issued:
            yield found(TOLD_OF, customer_id, f"{code}: its issue was never told")
        if in_force[code] != ({by} if by else set()):
            yield found(TOLD_OF, customer_id, f"{code} is redeemed by {by}, told: {sorted(in_force[code])}")
        if not by and instant(offer["ends_at"]) + late < reading.now and code not in expired:
            yield found(TOLD_OF, customer_id, f"{code}: its end was never told")
        if not by:
            yield from _passed_over(reading, offer)


def _passed_over(reading: Reading, offer: dict[str, Any]) -> Iterator[Finding]:
    """An order that was refused because another held the code, which gave it back later, is passed over rightly."""
    cancelled = {fact.order_id for _, fact in reading.heard(_OFFERS, OrderCancelled)}
    carried = [fact for _, fact in reading.heard(_OFFERS, OrderPlaced) if offer["code"] in fact.offer_codes]
    if any(order.order_id in cancelled for order in carried):
        return
    for order in carried:
        in_time = order.occurred_at < instant(offer["ends_at"])
        if order.customer_id == offer["customer_id"] and in_time:
            yield found(GOOD, order.customer_id, f"{order.order_id} carried {offer['code']}, which was good")
