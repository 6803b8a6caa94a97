"""What a customer's points come to, recomputed from all that was told, as plainly as it can be thought: the yardstick
for the ledger, of whose arithmetic it uses nothing. Amounts are minor units, multipliers hundredths.

    told = [order_paid(...), Spent("redemption-1", 5, "order-77"), order_refunded(...), Adjusted("a-1", -3)]
    sums = sums_of(told, settings, points_for_a_review=20, zone=ZoneInfo("Asia/Kolkata"))
    sums.standing == account.balance + account.pending_points

`told` is in the order in which it is booked; a fact that is told twice counts once. `settings` are the plan's
(`LoyaltySettings`). Where tiers multiply, `tier_times` says by how much for each order (hundredths). `sums_by_customer`
does it for facts of many.

It holds where taking back may leave less than nothing (`below_zero`), nobody is erased, the plan stays as it is, facts
are told within a week, and nothing expires: what comes with time alone (birthdays, expiry) is not told by anybody.
`worth_of_order` holds at any time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from engagement.events.customers import CustomerRegistered
from engagement.events.loyalty import ReferralCompleted
from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderCancelled, OrderPaid, OrderRefunded
from engagement.events.reviews import ReviewPublished, ReviewRejected
from loyalty.campaign import LoyaltySettings

_ONCE = 100


@dataclass(frozen=True)
class Spent:
    """A reservation was committed."""

    redemption_id: str
    points: int
    order_id: str | None = None
    customer_id: str = "cust-asha"


@dataclass(frozen=True)
class Adjusted:
    adjustment_id: str
    points: int
    customer_id: str = "cust-asha"


@dataclass(frozen=True)
class Sums:
    """All are zero or more, but `adjusted`."""

    earned: int = 0
    taken_back: int = 0
    redeemed: int = 0
    given_back: int = 0
    adjusted: int = 0

    @property
    def standing(self) -> int:
        """What is pending and what can be spent, together."""
        return self.earned - self.taken_back - self.redeemed + self.given_back + self.adjusted


def sums_by_customer(told: Iterable[Any], settings: LoyaltySettings, **terms: Any) -> dict[str, Sums]:
    by_customer: dict[str, list[Any]] = {}
    for fact in told:
        by_customer.setdefault(fact.customer_id, []).append(fact)
    return {customer_id: sums_of(facts, settings, **terms) for customer_id, facts in by_customer.items()}


def sums_of(
    told: Sequence[Any],
    settings: LoyaltySettings,
    *,
    points_for_a_review: int,
    zone: ZoneInfo,
    tier_times: Mapping[str, int] | None = None,
) -> Sums:
    """Of one customer. What each fact moves is the difference that it makes to what its subject is worth."""
    news = _each_once(told)
    earned = taken_back = given_back = 0
    for number, fact in enumerate(news):
        before, after = news[:number], news[: number + 1]
        if isinstance(fact, CustomerRegistered):
            more = settings.bonuses.sign_up
        elif isinstance(fact, ReferralCompleted):
            more = settings.bonuses.referral
        elif isinstance(fact, ReviewPublished | ReviewRejected):
            is_shown = _is_shown(after, fact.review_id) - _is_shown(before, fact.review_id)
            more = points_for_a_review * is_shown
        elif isinstance(fact, Adjusted) or fact.order_id is None:
            more = 0
        else:
            order, times = fact.order_id, (tier_times or {}).get(fact.order_id, _ONCE)
            more = worth_of_order(after, order, settings, zone, times)
            more -= worth_of_order(before, order, settings, zone, times)
            given_back += max(0, _due_back(after, order) - _given_back_by(before, order))
        earned, taken_back = earned + max(0, more), taken_back + max(0, -more)
    redeemed = sum(fact.points for fact in news if isinstance(fact, Spent))
    adjusted = sum(fact.points for fact in news if isinstance(fact, Adjusted))
    return Sums(earned, taken_back, redeemed, given_back, adjusted)


def worth_of_order(
    told: Sequence[Any], order_id: str, settings: LoyaltySettings, zone: ZoneInfo, tier_times: int = _ONCE
) -> int:
    """The points in force of an order after all these facts."""
    paid = _paid(told, order_id)
    if paid is None or _is_cancelled(told, order_id):
        return 0
    kept = _kept(told, paid)
    by_offers = _offers(told, order_id) if sum(kept.values()) > 0 else 0
    rate = next((rate for rate in settings.earning if rate.currency == paid.amount.currency), None)
    if rate is None:
        return by_offers
    day = paid.occurred_at.astimezone(zone).date()
    weighted = Fraction(0)
    for product_id, money in kept.items():
        earns = money if settings.earn_on.tax else money * (1 - _tax_share(paid, product_id))
        times = 1 if paid.imported else _times(paid, product_id, day, settings)
        weighted += max(Fraction(0), earns) * times
    if settings.earn_on.shipping and paid.shipping:
        back = [refund.shipping for refund in _refunds(told, paid) if _same_currency(refund.amount, paid)]
        sent_back = sum(money.amount_minor for money in back if money and _same_currency(money, paid))
        weighted += max(0, paid.shipping.amount_minor - sent_back)
    weighted *= Fraction(_ONCE if paid.imported else tier_times, 100)
    return int(weighted * rate.points / rate.for_each_minor) + by_offers


def _each_once(told: Sequence[Any]) -> list[Any]:
    known: dict[tuple[Any, ...], Any] = {}
    for fact in told:
        known.setdefault(_subject(fact), fact)
    return list(known.values())


def _subject(fact: Any) -> tuple[Any, ...]:
    """What the fact is about: the same subject is the same fact."""
    names = ("redemption_id", "adjustment_id", "friend_id", "review_id", "revision", "refund_id", "code")
    about = [getattr(fact, name, None) for name in names]
    is_an_orders = isinstance(
        fact, OrderPaid | OrderRefunded | OrderCancelled | OfferRedeemed | OfferReleased
    )
    return (type(fact), fact.customer_id, fact.order_id if is_an_orders else None, *about)


def _is_shown(told: Sequence[Any], review_id: str) -> bool:
    decided = [
        f for f in told if isinstance(f, ReviewPublished | ReviewRejected) and f.review_id == review_id
    ]
    newest = max(decided, key=lambda fact: (fact.occurred_at, fact.revision), default=None)
    return isinstance(newest, ReviewPublished)


def _paid(told: Sequence[Any], order_id: str) -> OrderPaid | None:
    return next((f for f in told if isinstance(f, OrderPaid) and f.order_id == order_id), None)


def _is_cancelled(told: Sequence[Any], order_id: str) -> bool:
    return any(isinstance(fact, OrderCancelled) and fact.order_id == order_id for fact in told)


def _refunds(told: Sequence[Any], paid: OrderPaid) -> list[OrderRefunded]:
    return [f for f in told if isinstance(f, OrderRefunded) and f.order_id == paid.order_id]


def _same_currency(money: Any, paid: OrderPaid) -> bool:
    return money is not None and money.currency == paid.amount.currency


def _offers(told: Sequence[Any], order_id: str) -> int:
    redeemed = [f for f in told if isinstance(f, OfferRedeemed) and f.order_id == order_id]
    released = {f.code for f in told if isinstance(f, OfferReleased) and f.order_id == order_id}
    return sum(fact.benefit.points or 0 for fact in redeemed if fact.code not in released)


def _shares(paid: OrderPaid) -> dict[str | None, Fraction]:
    """What was paid for each product; under None what no line names. Together it is the order's amount."""
    shares: dict[str | None, Fraction] = {}
    for line in paid.lines:
        shares[line.product_id] = shares.get(line.product_id, Fraction(0)) + line.amount.amount_minor
    said, amount = sum(shares.values(), Fraction(0)), paid.amount.amount_minor
    if said > amount:
        return {product_id: share * amount / said for product_id, share in shares.items()}
    if said < amount:
        shares[None] = amount - said
    return shares


def _kept(told: Sequence[Any], paid: OrderPaid) -> dict[str | None, Fraction]:
    """What the shop kept for each product: not what was sent back. What it paid back besides is of all, in part."""
    shares = _shares(paid)
    refunds = [r for r in _refunds(told, paid) if _same_currency(r.amount, paid)]
    kept = {product_id: share - _sent_back(told, paid, product_id) for product_id, share in shares.items()}
    gone = sum(shares.values()) - sum(kept.values())
    besides = max(Fraction(0), sum(r.amount.amount_minor for r in refunds) - gone)
    left = sum(kept.values())
    part = max(Fraction(0), 1 - besides / left) if left else Fraction(0)
    return {product_id: money * part for product_id, money in kept.items()}


def _sent_back(told: Sequence[Any], paid: OrderPaid, product_id: str | None) -> Fraction:
    """A refund's line tells what was paid back for it, or of how many pieces it is."""
    if product_id is None:
        return Fraction(0)
    share = _shares(paid)[product_id]
    money, pieces = _returned(told, paid, product_id)
    return min(share, money + share * min(Fraction(1), Fraction(pieces, _bought(paid, product_id))))


def _returned(told: Sequence[Any], paid: OrderPaid, product_id: str) -> tuple[int, int]:
    """So much money, and so many pieces of which no amount was told; a refund of nothing is of pieces. What was sent
    back is not known where the shop refunded in a currency that the order was not paid in.
    """
    money = pieces = 0
    refunds = _refunds(told, paid)
    if not all(_same_currency(refund.amount, paid) for refund in refunds if refund.amount.amount_minor):
        return 0, 0
    for refund in refunds:
        for line in refund.lines or ():
            if line.product_id != product_id:
                continue
            is_told = line.amount is not None and line.amount.currency == refund.amount.currency
            if line.amount is not None and is_told and refund.amount.amount_minor:
                money += line.amount.amount_minor
            else:
                pieces += line.quantity
    return money, pieces


def _bought(paid: OrderPaid, product_id: str) -> int:
    return sum(line.quantity for line in paid.lines if line.product_id == product_id)


def _tax_share(paid: OrderPaid, product_id: str | None) -> Fraction:
    """What part of a product's price is tax: its own, or everybody's the same where no line tells of any."""
    told = {line.product_id for line in paid.lines if line.tax and line.tax.amount_minor}
    whole = paid.tax.amount_minor if paid.tax else 0
    if not told:
        amount = paid.amount.amount_minor
        return Fraction(whole, max(amount, whole)) if whole else Fraction(0)
    own = [line for line in paid.lines if line.product_id == product_id]
    price = sum(line.amount.amount_minor for line in own)
    tax = sum(line.tax.amount_minor for line in own if line.tax)
    if product_id is None:
        named = sum(line.tax.amount_minor for line in paid.lines if line.tax)
        price = paid.amount.amount_minor - sum(line.amount.amount_minor for line in paid.lines)
        tax = max(0, whole - named)
    return min(Fraction(1), Fraction(tax, price)) if price else Fraction(0)


def _times(paid: OrderPaid, product_id: str | None, day: date, settings: LoyaltySettings) -> Fraction:
    category = next((ln.category for ln in paid.lines if ln.product_id == product_id and ln.category), None)
    own = settings.multipliers.categories.get(category or "", _ONCE)
    own = settings.multipliers.products.get(product_id or "", own)
    periods = [
        period.times
        for period in settings.periods
        if period.first_day <= day <= period.last_day
        and (
            not (period.products or period.categories)
            or product_id in period.products
            or category in period.categories
        )
    ]
    return Fraction(own * max(periods, default=_ONCE), 100 * 100)


def _due_back(told: Sequence[Any], order_id: str) -> int:
    """What of the points that paid for an order is the customer's again: by money; by pieces, where it cost none."""
    spent = sum(fact.points for fact in told if isinstance(fact, Spent) and fact.order_id == order_id)
    paid = _paid(told, order_id)
    if _is_cancelled(told, order_id):
        return spent
    if paid is None:
        return 0
    if amount := paid.amount.amount_minor:
        return int(spent * (1 - sum(_kept(told, paid).values(), Fraction(0)) / amount))
    products = {line.product_id for line in paid.lines}
    back = sum(min(_bought(paid, product), _returned(told, paid, product)[1]) for product in products)
    pieces = sum(line.quantity for line in paid.lines)
    return int(Fraction(spent * back, pieces)) if pieces else 0


def _given_back_by(told: Sequence[Any], order_id: str) -> int:
    """The most that ever was due: what came back stays, whatever is told later."""
    return max((_due_back(told[: number + 1], order_id) for number in range(len(told))), default=0)
