"""How many points an order or a review is worth, at any time of its life."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from engagement.errors import MalformedMessageError
from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderPaid, OrderRefunded
from engagement.events.reviews import ReviewPublished, ReviewRejected
from loyalty_accrual.campaign import Earning, Tier
from loyalty_accrual.ledger import Account, Entry, Order, Review, Rule, RuleKind, Standing


def rule_for(currency: str, earning: Iterable[Earning]) -> Rule:
    """The rule by which an order in this currency earns; without one in the plan it earns nothing."""
    for one in earning:
        if one.currency == currency:
            return Rule(RuleKind.EARNING, one.points, one.for_each_minor, currency)
    return Rule(RuleKind.NO_EARNING, currency=currency)


def points_in_force(rule: Rule, paid_minor: int, refunded_minor: int) -> int:
    """An order earns what its rule gives for the money that the shop kept of it: paid less refunded, not below 0.

    Fractions are dropped, here and nowhere else: at ₹100 a point, ₹1,999 earns 19. What refunds take back is what was
    in force less what still is, so it needs no rounding of its own: of ₹1,999 a refund of ₹99 takes nothing back (the
    customer still bought for ₹1,900), one of ₹100 takes one point. It follows that partial refunds in any order take
    back what one refund of their sum would; that refunding everything takes back everything; and that refunds beyond
    what was paid take back no more than was earned.
    """
    if rule.kind is not RuleKind.EARNING:
        return 0
    return max(0, paid_minor - refunded_minor) // rule.for_each_minor * rule.points


def offered_in_force(order: Order) -> int:
    """The points of its offers: all of them while the shop keeps any of the order's money, then none.

    So nobody has them for an order that was never paid, or was refunded; and what cost nothing brings nothing.
    """
    if order.paid is None or order.paid.amount_minor <= order.refunded_minor:
        return 0
    return sum(order.offers.values())


def all_in_force(order: Order) -> int:
    """What the order is worth in all, by its money and by its offers; nothing until it is paid."""
    if order.paid is None or order.rule is None:
        return 0
    return points_in_force(order.rule, order.paid.amount_minor, order.refunded_minor) + offered_in_force(
        order
    )


def after_payment(order: Order, fact: OrderPaid, rule: Rule) -> Order:
    """The order once it is paid: its refunds and offers count, even those that were told before it.

    Early refunds in another currency than the order's were the shop's mistake and never count.
    """
    return _changed(replace(order, paid=fact.amount, rule=rule, imported=fact.imported))


def after_refund(order: Order, fact: OrderRefunded) -> Order:
    """The order once this refund counts. One that comes before its order is kept, and takes effect with the order.

    Raises MalformedMessageError for a refund in another currency than the order was paid in.
    """
    currency = fact.amount.currency
    if order.paid and order.paid.currency != currency:
        raise MalformedMessageError(
            f"OrderRefunded: amount.currency: order {order.order_id} was paid in {order.paid.currency}, not {currency}"
        )
    refunded_minor = order.refunded.get(currency, 0) + fact.amount.amount_minor
    return _changed(replace(order, refunded={**order.refunded, currency: refunded_minor}))


def after_redemption(order: Order, fact: OfferRedeemed) -> Order:
    """The order once it redeemed this offer of points; given back already, the offer stays given back."""
    return _changed(replace(order, offers={fact.code: fact.benefit.points or 0, **order.offers}))


def after_release(order: Order, fact: OfferReleased) -> Order:
    """The order once it gave this offer's code back, for good, be that told before it redeemed the offer or after."""
    return _changed(replace(order, offers={**order.offers, fact.code: 0}))


def _changed(order: Order) -> Order:
    return replace(order, version=order.version + 1, points_in_force=all_in_force(order))


def review_in_force(review: Review) -> int:
    """What a review is worth: its points for as long as it is shown, whatever it says."""
    return (review.points or 0) if review.published else 0


def after_publication(review: Review, fact: ReviewPublished, points: int) -> Review:
    """The review once it is shown. `points` are the plan's of today: they count for one never shown before, others have
    the points that they had.
    """
    first = replace(review, points=points) if review.points is None else review
    return _decided(first, fact, published=True)


def after_rejection(review: Review, fact: ReviewRejected) -> Review:
    """The review once it is not shown, or not any more."""
    return _decided(review, fact, published=False)


def _decided(review: Review, fact: ReviewPublished | ReviewRejected, *, published: bool) -> Review:
    """The latest decision counts, whichever is told last."""
    if review.decided_at is None or (fact.occurred_at, fact.revision) > (review.decided_at, review.revision):
        review = replace(review, published=published, decided_at=fact.occurred_at, revision=fact.revision)
    return replace(review, version=review.version + 1, points_in_force=review_in_force(review))


def rebuilt_balance(entries: Iterable[Entry]) -> int:
    """The balance is the sum of the entries, at any time."""
    return sum(entry.points for entry in entries)


def rebuilt_account(entries: Sequence[Entry]) -> Account:
    """The whole account from nothing but its entries."""
    return Account(
        balance=rebuilt_balance(entries),
        total_earned=sum(entry.earned for entry in entries),
        entry_count=len(entries),
    )


def tier_of(points: int, tiers: Sequence[Tier]) -> Tier:
    """The highest tier that these points reach; the lowest one below zero, too."""
    return next((tier for tier in reversed(tiers) if points >= tier.from_points), tiers[0])


def reviewed(standing: Standing, tiers: Sequence[Tier], at: datetime) -> Standing:
    """The standing with the tier that its balance reaches, as of `at` where that is another one than before.

    Workers' clocks differ: `since` is later than the change before it in any case, for the newest is what others
    believe. Whoever never had another tier has the lowest, so that a new customer's is no change.
    """
    tier = tier_of(standing.balance, tiers).name
    if tier == (standing.tier or tiers[0].name):
        return standing
    since = max(at, standing.since + timedelta.resolution) if standing.since else at
    return replace(standing, tier=tier, since=since, told=False)
