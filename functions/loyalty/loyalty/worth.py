"""What an order is worth, at any time of its life: a function of what is known of it, whatever came first.

An order earns what its rule gives for the money that the shop kept of it. Fractions of a point are dropped once, from
the sum over all its lines, here and nowhere else: at ₹100 a point, ₹1,999 earns 19. What a fact takes back is what was
in force less what still is, so it needs no rounding of its own: of ₹1,999 a refund of ₹99 takes nothing back (the
customer still bought for ₹1,900), one of ₹100 takes one point. It follows that refunds in any order, by line or by
amount, take back what one refund of their sum would; that refunding everything takes back everything; and that refunds
beyond what was paid take back no more than was earned.
"""

from dataclasses import replace
from fractions import Fraction

from loyalty.entries import OrderLine, Qualifying, Returned, RuleKind
from loyalty.records import Order

_NONE, _ALL = Fraction(0), Fraction(1)
# The multipliers' units: a tier's is in hundredths, a line's in ten thousandths.
_TIMES = 100 * 10_000


def points_of(order: Order) -> int:
    """What the order is worth in points by its money and by its offers; nothing until it is paid."""
    if order.paid is None or order.rule is None or order.cancelled or order.rule.kind is RuleKind.ERASED:
        return 0
    return _points_by_money(order) + offered_of(order)


def offered_of(order: Order) -> int:
    """The points of its offers: all of them while the shop keeps any of the order's money, then none.

    So nobody has them for an order that was never paid, or was refunded; and what cost nothing brings nothing.
    """
    return sum(order.offers.values()) if _kept_of_all(order) > 0 and not order.cancelled else 0


def spend_of(order: Order) -> int:
    """What of the money that earns the shop kept, in minor units, fractions dropped."""
    if order.paid is None or order.cancelled or (order.rule and order.rule.kind is RuleKind.ERASED):
        return 0
    return int(sum((money for _, money in _kept_that_earns(order)), _NONE))


def qualifying_of(order: Order) -> Qualifying:
    return Qualifying(order.points_in_force, order.spend_in_force)


def valued(order: Order) -> Order:
    """The order with what it is worth, as its next version."""
    valued = replace(order, points_in_force=points_of(order), spend_in_force=spend_of(order))
    return replace(valued, version=order.version + 1)


def to_give_back(order: Order) -> int:
    """What of the points that paid for the order is to come back: in proportion to the money that went back, fractions
    dropped, so that all come back with all of it; less what came back before.
    """
    return max(0, int(order.spent * (_ALL - kept_share(order))) - order.given_back)


def kept_share(order: Order) -> Fraction:
    """What part of the order the customer keeps, by money; by pieces, where it cost none."""
    if order.cancelled:
        return _NONE
    if order.paid is None:
        return _ALL
    if order.paid.amount_minor:
        return _kept_of_all(order) / order.paid.amount_minor
    pieces = sum(line.quantity for line in order.lines if line.product_id)
    kept = sum(
        line.quantity * (_ALL - _returned_pieces(order, line)) for line in order.lines if line.product_id
    )
    return Fraction(kept, pieces) if pieces else _ALL


def _points_by_money(order: Order) -> int:
    rule = order.rule
    if rule is None or rule.kind is not RuleKind.EARNING:
        return 0
    weighted = sum((line.times * money for line, money in _kept_that_earns(order)), _NONE)
    return int(weighted * rule.points * rule.tier_times / (rule.for_each_minor * _TIMES))


def _kept_that_earns(order: Order) -> list[tuple[OrderLine, Fraction]]:
    """Of each line the money that earns and that the shop kept; and of the sending, where that earns."""
    left = _left_for_the_rest(order)
    earns = [(line, _kept(order, line) * left * _share_that_earns(order, line)) for line in order.lines]
    if order.rule and order.rule.with_shipping and order.paid:
        kept = max(0, order.shipping_minor - order.refunded_shipping.get(order.paid.currency, 0))
        earns.append((OrderLine(None, 1, order.shipping_minor), Fraction(kept)))
    return earns


def _share_that_earns(order: Order, line: OrderLine) -> Fraction:
    """All of a line's money, or all but its tax. Where no line tells of its tax, each has its part of the order's."""
    if order.rule is None or order.rule.with_tax or not line.paid_minor:
        return _ALL
    if any(each.tax_minor for each in order.lines):
        return max(_NONE, _ALL - Fraction(line.tax_minor, line.paid_minor))
    amount = order.paid.amount_minor if order.paid else 0
    return max(_NONE, _ALL - Fraction(order.tax_minor, max(amount, order.tax_minor, 1)))


def _kept_of_all(order: Order) -> Fraction:
    return sum((_kept(order, line) for line in order.lines), _NONE) * _left_for_the_rest(order)


def _left_for_the_rest(order: Order) -> Fraction:
    """Money that went back for nothing in particular lessens what is kept of every line, in proportion."""
    kept = sum((_kept(order, line) for line in order.lines), _NONE)
    went_back = sum((_went_back(order, line) for line in order.lines), _NONE)
    for_nothing = max(_NONE, order.refunded_minor - went_back)
    return max(_NONE, _ALL - for_nothing / kept) if kept else _NONE


def _kept(order: Order, line: OrderLine) -> Fraction:
    return _paid(order, line) - _went_back(order, line)


def _went_back(order: Order, line: OrderLine) -> Fraction:
    if line.product_id is None:
        return _NONE
    paid = _paid(order, line)
    told = _returned(order, line).amount_minor
    return min(paid, told + paid * _returned_pieces(order, line))


def _returned_pieces(order: Order, line: OrderLine) -> Fraction:
    return min(_ALL, Fraction(_returned(order, line).quantity, line.quantity))


def _returned(order: Order, line: OrderLine) -> Returned:
    """What is told of the product; where a refund before the payment was in another currency, nothing that is known to
    be of the refunds that count.
    """
    if order.paid is None or order.refunded.keys() - {order.paid.currency}:
        return Returned()
    return order.returned.get(line.product_id or "", Returned())


def _paid(order: Order, line: OrderLine) -> Fraction:
    """What was paid for a line: less than it says where all lines together say more than was paid."""
    amount = order.paid.amount_minor if order.paid else 0
    said = sum(each.paid_minor for each in order.lines)
    return Fraction(line.paid_minor * amount, said) if said > amount else Fraction(line.paid_minor)
