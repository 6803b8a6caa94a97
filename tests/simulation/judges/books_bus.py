"""What is told outside: every booking at least once, and one business fact always under one id, by the same words."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from engagement.events.base import Event
from engagement.events.customers import ConsentChanged, CustomerRegistered
from engagement.events.loyalty import (
    PointsAdjusted,
    PointsEarned,
    PointsExpired,
    PointsGivenBack,
    PointsRedeemed,
    PointsTakenBack,
    TierChanged,
)
from tests.simulation.judges.books_loyalty import Partition, partitions
from tests.simulation.judges.books_reading import Reading, found, instant
from tests.simulation.record import Finding, Published

ONE_ID = "one fact has one id, and one id one content"
POINTS_TOLD = "every booking of points is told, and nothing else is"
TIERS_TOLD = "the tier that was told last is the customer's"

_SIGNS: dict[type[Any], int] = {
    PointsEarned: 1,
    PointsGivenBack: 1,
    PointsAdjusted: 1,
    PointsTakenBack: -1,
    PointsRedeemed: -1,
    PointsExpired: -1,
}
# Of these kinds whatever their sign; the others are earned or taken back.
_TOLD_AS: dict[str, type[Event]] = {
    "redeemed": PointsRedeemed,
    "given_back": PointsGivenBack,
    "expired": PointsExpired,
    "adjusted": PointsAdjusted,
}


def one_id_findings(reading: Reading) -> Iterator[Finding]:
    """At any time, of what was told since the last look.

    Allowed: a mail's link is clicked again, and the same leave is told with the later time, as long as nobody agreed to
    the topic in between. Who did, leaves anew, and whoever listens must be able to tell.
    """
    for published in reading.new_published:
        name = (published.detail_type, str(published.detail.get("event_id")))
        content = json.dumps(published.detail, sort_keys=True, default=str)
        first = reading.first_said.setdefault(name, content)
        if first == content or _is_the_same_leave(reading, published, json.loads(first)):
            continue
        what = f"{' '.join(name)}: first {first}, then {content}"
        yield found(ONE_ID, str(published.detail.get("customer_id", "")), what, published.at)


def _is_the_same_leave(reading: Reading, again: Published, first: dict[str, Any]) -> bool:
    if again.detail_type != "Unsubscribed" or {**again.detail, "occurred_at": first["occurred_at"]} != first:
        return False
    left, left_again = instant(first["occurred_at"]), instant(again.detail["occurred_at"])
    customer_id, topic = again.detail["customer_id"], again.detail["topic"]
    agreed = [
        fact.occurred_at
        for fact in (*(told.fact for told in reading.record.told), *reading.told_outside(ConsentChanged))
        if getattr(fact, "customer_id", "") == customer_id
        and (
            (isinstance(fact, ConsentChanged) and fact.granted and fact.topic == topic)
            or (isinstance(fact, CustomerRegistered) and topic in fact.consents)
        )
    ]
    return not any(left < at <= left_again for at in agreed)


def points_told_findings(reading: Reading) -> Iterator[Finding]:
    """At the end. Whoever adds up what we tell has what the ledger has; an imported order's points are the past's."""
    told: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for kind in _SIGNS:
        for fact in reading.told_outside(kind):
            told[fact.customer_id][fact.event_id] = fact
    ledgers = partitions(reading)
    for customer_id in sorted(told.keys() | ledgers.keys()):
        said = Counter(_said(fact) for fact in told[customer_id].values())
        booked = Counter(_booked(entry) for entry in _moving(ledgers.get(customer_id)))
        for what, number in (booked - said).items():
            yield found(POINTS_TOLD, customer_id, f"booked, and never told: {what}, {number} times")
        for what, number in (said - booked).items():
            yield found(POINTS_TOLD, customer_id, f"told, and not booked: {what}, {number} times")


def tier_findings(reading: Reading) -> Iterator[Finding]:
    """At the end. The newest told, by its own time, is what others go by."""
    newest: dict[str, TierChanged] = {}
    for fact in reading.told_outside(TierChanged):
        if fact.customer_id not in newest or newest[fact.customer_id].occurred_at < fact.occurred_at:
            newest[fact.customer_id] = fact
    lowest = reading.plan["tiers"]["steps"][0]["name"]
    ledgers = partitions(reading)
    for customer_id in sorted(newest.keys() | ledgers.keys()):
        tiers = ledgers[customer_id].account.get("tiers", ()) if customer_id in ledgers else ()
        has = tiers[-1]["tier"] if tiers else lowest
        said = newest[customer_id].tier if customer_id in newest else lowest
        if has != said:
            yield found(TIERS_TOLD, customer_id, f"is {has}, told last: {said}")


def _moving(kept: Partition | None) -> list[dict[str, Any]]:
    entries = kept.entries if kept else []
    return [entry for entry in entries if int(entry["points"]) and not entry.get("imported")]


def _said(fact: Any) -> tuple[Any, ...]:
    points = fact.points * _SIGNS[type(fact)]
    return type(fact).__name__, points, getattr(fact, "order_id", None), fact.occurred_at


def _booked(entry: dict[str, Any]) -> tuple[Any, ...]:
    points = int(entry["points"])
    kind: type[Event] = _TOLD_AS.get(entry["kind"], PointsEarned if points > 0 else PointsTakenBack)
    order_id = entry.get("order_id") if "order_id" in kind.model_fields else None
    return kind.__name__, points, order_id, instant(entry["booked_at"])
