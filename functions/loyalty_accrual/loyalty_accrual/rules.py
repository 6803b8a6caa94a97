"""How many points an order is worth, at any time of its life."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engagement.errors import MalformedMessageError
from engagement.events.orders import OrderPaid, OrderRefunded
from loyalty_accrual.campaign import Earning, Tier
from loyalty_accrual.ledger import Account, Entry, EntryKind, Order, Rule, RuleKind


def rule_for(currency: str, earning: Iterable[Earning]) -> Rule:
    """The rule by which an order in this currency earns; without one in the plan it earns nothing."""
    for one in earning:
        if one.currency == currency:
            return Rule(RuleKind.EARNING, one.points, one.for_each_minor, currency)
    return Rule(RuleKind.NO_EARNING, currency=currency)


def points_in_force(rule: Rule, paid_minor: int, refunded_minor: int) -> int:
    """An order is worth what its rule gives for the money that the shop kept of it: paid less refunded, not below 0.

    Fractions are dropped, here and nowhere else: at ₹100 a point, ₹1,999 earns 19. What refunds take back is what was
    in force less what still is, so it needs no rounding of its own: of ₹1,999 a refund of ₹99 takes nothing back (the
    customer still bought for ₹1,900), one of ₹100 takes one point. It follows that partial refunds in any order take
    back what one refund of their sum would; that refunding everything takes back everything; and that refunds beyond
    what was paid take back no more than was earned.
    """
    if rule.kind is not RuleKind.EARNING:
        return 0
    return max(0, paid_minor - refunded_minor) // rule.for_each_minor * rule.points


def after_payment(order: Order, fact: OrderPaid, rule: Rule) -> Order:
    """The order once it is paid: its refunds count, even those that were told before it.

    Early refunds in another currency than the order's were the shop's mistake and never count.
    """
    refunded_minor = order.refunded.get(fact.amount.currency, 0)
    return replace(
        order,
        version=order.version + 1,
        paid=fact.amount,
        rule=rule,
        points_in_force=points_in_force(rule, fact.amount.amount_minor, refunded_minor),
        imported=fact.imported,
    )


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
    left = order.points_in_force
    if order.paid and order.rule:
        left = points_in_force(order.rule, order.paid.amount_minor, refunded_minor)
    return replace(
        order,
        version=order.version + 1,
        refunded={**order.refunded, currency: refunded_minor},
        points_in_force=left,
    )


def rebuilt_balance(entries: Iterable[Entry]) -> int:
    """The balance is the sum of the entries, at any time."""
    return sum(entry.points for entry in entries)


def rebuilt_account(entries: Sequence[Entry]) -> Account:
    """The whole account from nothing but its entries."""
    return Account(
        balance=rebuilt_balance(entries),
        total_earned=rebuilt_balance(entry for entry in entries if entry.kind is not EntryKind.REDEEMED),
        entry_count=len(entries),
    )


def tier_of(points: int, tiers: Sequence[Tier]) -> Tier:
    """The highest tier that these points reach; the lowest one below zero, too."""
    return next((tier for tier in reversed(tiers) if points >= tier.from_points), tiers[0])
