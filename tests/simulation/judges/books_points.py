"""Points, recomputed from the facts that the ledger took in: what each order, review, friend and registration is worth,
whatever was told twice, late, or in another order. For the end alone: on the way a worker may be between a booking and
its message's end.

What is allowed: of what happened before a customer was erased, either all counts or nothing, for both may be right,
depending on which of the two the ledger heard of first.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from engagement.events.base import Event
from engagement.events.customers import CustomerErased, CustomerRegistered
from engagement.events.loyalty import ReferralCompleted
from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderCancelled, OrderPaid, OrderRefunded
from engagement.events.reviews import ReviewPublished, ReviewRejected
from points_yardstick import Spent, sums_of, worth_of_order
from tests.simulation.judges.books_loyalty import Partition, partitions
from tests.simulation.judges.books_reading import Reading, found, instant
from tests.simulation.record import Finding

ORDER_WORTH = "an order's points are what its facts are worth, told once or many times"
REVIEW_WORTH = "a review's points are paid once, while it is shown"
BONUS_ONCE = "a registration and a friend earn their points once"
GIVEN_BACK = "points that paid for an order come back as it is refunded, and no more"

LEDGER = "LoyaltyFactsFunction"
# Told later than this, a registration is of the shop's past.
_SIGN_UP_IS_PAST = timedelta(days=7)
_ORDERS = (OrderPaid, OrderRefunded, OrderCancelled, OfferRedeemed, OfferReleased)


@dataclass(frozen=True)
class Terms:
    """What the plan says about points; multipliers are hundredths."""

    settings: Any
    review: int
    zone: ZoneInfo
    tier_times: Mapping[str, int]

    @classmethod
    def of(cls, plan: Mapping[str, Any]) -> "Terms":
        told = plan["campaigns"]["loyalty"]["settings"]
        multipliers = {
            name: {key: hundredths(times) for key, times in told.get("multipliers", {}).get(name, {}).items()}
            for name in ("categories", "products")
        }
        periods = [
            SimpleNamespace(**{"products": (), "categories": (), **each, "times": hundredths(each["times"])})
            for each in told.get("periods", ())
        ]
        settings = SimpleNamespace(
            earning=[SimpleNamespace(**each) for each in told["earning"]],
            earn_on=SimpleNamespace(**told["earn_on"]),
            multipliers=SimpleNamespace(**multipliers),
            periods=periods,
            bonuses=SimpleNamespace(**told["bonuses"]),
        )
        tiers = {step["name"]: hundredths(step.get("times", "1x")) for step in plan["tiers"]["steps"]}
        return cls(settings, plan["reviews"]["points"], ZoneInfo(plan["shop"]["time_zone"]), tiers)

    def day_of(self, at: datetime) -> date:
        """The shop's."""
        return at.astimezone(self.zone).date()


def hundredths(times: str) -> int:
    """Of `1.25x`."""
    return int(Decimal(times.removesuffix("x")) * 100)


@dataclass(frozen=True)
class Customer:
    """`facts`: with the instants at which the ledger took them in."""

    kept: Partition
    facts: list[tuple[datetime, Any]]
    terms: Terms

    def told[F: Event](self, *kinds: type[F]) -> list[tuple[datetime, F]]:
        return [(at, fact) for at, fact in self.facts if isinstance(fact, kinds)]

    def may_be_forgotten(self, occurred_at: datetime) -> bool:
        """Whether what happened then is of a time before they were erased."""
        return any(occurred_at <= fact.occurred_at for _, fact in self.told(CustomerErased))

    def booked(self, *kinds: str) -> list[dict[str, Any]]:
        return [entry for entry in self.kept.entries if entry["kind"] in kinds]


def customers_of(reading: Reading) -> Iterator[Customer]:
    """Everybody of whom the ledger heard, or has anything."""
    facts: defaultdict[str, list[tuple[datetime, Any]]] = defaultdict(list)
    for heard in reading.heard_by[LEDGER]:
        facts[getattr(heard.fact, "customer_id", "")].append((heard.at, heard.fact))
    kept, terms = partitions(reading), Terms.of(reading.plan)
    for customer_id in sorted(kept.keys() | facts.keys()):
        yield Customer(kept.get(customer_id, Partition(customer_id)), facts[customer_id], terms)


def points_findings(reading: Reading) -> Iterator[Finding]:
    for customer in customers_of(reading):
        yield from _orders(customer)
        yield from _reviews(customer)
        yield from _sign_up(customer)
        yield from _referrals(customer)
        yield from _given_back(customer)


def _orders(customer: Customer) -> Iterator[Finding]:
    facts = _each_once(fact for _, fact in customer.told(*_ORDERS))
    for order_id in sorted({fact.order_id for fact in facts} | set(customer.kept.orders)):
        booked = sum(int(entry.get("worth", 0)) for entry in customer.kept.of_order(order_id))
        paid = next((f for f in facts if isinstance(f, OrderPaid) and f.order_id == order_id), None)
        times = _tier_times(customer, paid) if paid else 100
        terms = customer.terms
        worth = worth_of_order(facts, order_id, terms.settings, terms.zone, times)
        forgotten = paid is not None and customer.may_be_forgotten(paid.occurred_at)
        if booked != worth and not (forgotten and booked == 0):
            what = f"{order_id} has {booked} points, its facts are worth {worth}"
            yield found(ORDER_WORTH, customer.kept.customer_id, what, paid.occurred_at if paid else None)


def _each_once(facts: Iterable[Any]) -> list[Any]:
    """What is told twice is one fact; of two refunds each has its own id."""
    known: dict[tuple[Any, ...], Any] = {}
    for fact in facts:
        subject = (type(fact), fact.order_id, getattr(fact, "refund_id", ""), getattr(fact, "code", ""))
        known.setdefault(subject, fact)
    return list(known.values())


def _tier_times(customer: Customer, paid: OrderPaid) -> int:
    """Of the tier that the customer had when the order's day began, as far as that was known when it was booked."""
    terms = customer.terms
    began = datetime.combine(terms.day_of(paid.occurred_at), datetime.min.time(), terms.zone)
    times = min(terms.tier_times.values())
    for entry in customer.kept.entries:
        if entry["entry_id"] == f"{paid.order_id}:paid":
            break
        if entry["kind"] == "tier_changed" and instant(entry["occurred_at"]) <= began:
            times = terms.tier_times[entry["tier"]]
    return times


def _reviews(customer: Customer) -> Iterator[Finding]:
    booked: Counter[str] = Counter()
    for entry in customer.booked("review_published", "review_rejected"):
        booked[entry["review_id"]] += int(entry.get("worth", 0))
    decided = [fact for _, fact in customer.told(ReviewPublished, ReviewRejected)]
    for review_id in sorted(booked.keys() | {fact.review_id for fact in decided}):
        of_it = [fact for fact in decided if fact.review_id == review_id]
        newest = max(of_it, key=lambda fact: (fact.occurred_at, fact.revision), default=None)
        worth = customer.terms.review if isinstance(newest, ReviewPublished) else 0
        forgotten = any(customer.may_be_forgotten(fact.occurred_at) for fact in of_it)
        if booked[review_id] != worth and not (forgotten and booked[review_id] == 0):
            what = f"{review_id} has {booked[review_id]} points, and is worth {worth}"
            yield found(REVIEW_WORTH, customer.kept.customer_id, what)


def _sign_up(customer: Customer) -> Iterator[Finding]:
    told = customer.told(CustomerRegistered)
    points = [int(entry["points"]) for entry in customer.booked("sign_up")]
    bonus = customer.terms.settings.bonuses.sign_up
    in_time = [fact for at, fact in told if at - fact.occurred_at <= _SIGN_UP_IS_PAST]
    sure = any(not customer.may_be_forgotten(fact.occurred_at) for fact in in_time)
    if points not in ([bonus], *([] if sure else [[]])) or (points and not told):
        what = f"registered {len(told)} times, and has {points} for it"
        yield found(BONUS_ONCE, customer.kept.customer_id, what)


def _referrals(customer: Customer) -> Iterator[Finding]:
    booked: Counter[str] = Counter()
    for entry in customer.booked("referral"):
        booked[entry["entry_id"].rpartition(":")[2]] += int(entry["points"])
    friends = {fact.friend_id: fact for _, fact in customer.told(ReferralCompleted)}
    for friend_id in sorted(booked.keys() | friends.keys()):
        fact = friends.get(friend_id)
        points = customer.terms.settings.bonuses.referral if fact else 0
        forgotten = fact and customer.may_be_forgotten(fact.occurred_at)
        if booked[friend_id] != points and not (forgotten and not booked[friend_id]):
            what = f"{booked[friend_id]} points for {friend_id}, worth {points}"
            yield found(BONUS_ONCE, customer.kept.customer_id, what)


def _given_back(customer: Customer) -> Iterator[Finding]:
    """To whoever was erased nothing comes back, and what they had before has gone."""
    if customer.told(CustomerErased):
        return
    spent = [
        Spent(entry["redemption_id"], -int(entry["points"]), entry.get("order_id"), entry["customer_id"])
        for entry in customer.booked("redeemed")
    ]
    told = [*spent, *(fact for _, fact in customer.told(*_ORDERS))]
    terms = customer.terms
    sums = sums_of(told, terms.settings, points_for_a_review=terms.review, zone=terms.zone)
    booked = sum(int(entry.get("worth", 0)) for entry in customer.booked("given_back"))
    if booked != sums.given_back:
        what = f"{booked} points came back, {sums.given_back} were due"
        yield found(GIVEN_BACK, customer.kept.customer_id, what)
