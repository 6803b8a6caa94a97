"""What a fact about an order makes of its record."""

from collections.abc import Mapping
from dataclasses import replace

from engagement.errors import MalformedMessageError
from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderPaid, OrderRefunded, RefundedLine
from loyalty.entries import Lot, OrderLine, Returned, Rule
from loyalty.records import Order
from loyalty.worth import valued


def paid(order: Order, fact: OrderPaid, rule: Rule, lines: tuple[OrderLine, ...], lot: Lot) -> Order:
    """The order once it is paid: its refunds and offers count, even those that were told before it.

    Early refunds in another currency than the order's were the shop's mistake and never count.
    """
    return valued(
        replace(
            order,
            paid=fact.amount,
            tax_minor=fact.tax.amount_minor if fact.tax else 0,
            shipping_minor=fact.shipping.amount_minor if fact.shipping else 0,
            lines=lines,
            rule=rule,
            lot=lot,
            imported=fact.imported,
        )
    )


def refunded(order: Order, fact: OrderRefunded) -> Order:
    """The order once this refund counts. One that comes before its order is kept, and takes effect with the order.

    Raises MalformedMessageError for a refund in another currency than the order was paid in.
    """
    currency = fact.amount.currency
    if order.paid and order.paid.currency != currency:
        raise MalformedMessageError(
            f"OrderRefunded: amount.currency: order {order.order_id} was paid in {order.paid.currency}, not {currency}"
        )
    shipping = fact.shipping.amount_minor if fact.shipping and fact.shipping.currency == currency else 0
    return valued(
        replace(
            order,
            refunded=_added(order.refunded, currency, fact.amount.amount_minor),
            refunded_shipping=_added(order.refunded_shipping, currency, shipping),
            returned=with_returned(order.returned, returned_by(fact)),
        )
    )


def returned_by(fact: OrderRefunded) -> dict[str, Returned]:
    """By product. What a line paid back in another currency than the refund's is not known: its pieces count. They do
    in a refund of nothing, too: that is of what cost nothing.
    """
    returned: dict[str, Returned] = {}
    for line in fact.lines or ():
        returned[line.product_id] = returned.get(line.product_id, Returned()) + _returned(line, fact)
    return returned


def with_returned(before: Mapping[str, Returned], more: Mapping[str, Returned]) -> dict[str, Returned]:
    return {**before} | {product: before.get(product, Returned()) + what for product, what in more.items()}


def cancelled(order: Order) -> Order:
    """The order once it is called off, for good."""
    return valued(replace(order, cancelled=True))


def with_offer(order: Order, fact: OfferRedeemed) -> Order:
    """The order once it redeemed this offer of points; given back already, the offer stays given back."""
    return valued(replace(order, offers={fact.code: fact.benefit.points or 0, **order.offers}))


def without_offer(order: Order, fact: OfferReleased) -> Order:
    """The order once it gave this offer's code back, for good, be that told before it redeemed the offer or after."""
    return valued(replace(order, offers={**order.offers, fact.code: 0}))


def _returned(line: RefundedLine, fact: OrderRefunded) -> Returned:
    told = line.amount if fact.amount.amount_minor else None
    if told is not None and told.currency == fact.amount.currency:
        return Returned(amount_minor=told.amount_minor)
    return Returned(quantity=line.quantity)


def _added(sums: Mapping[str, int], key: str, more: int) -> dict[str, int]:
    return {**sums, key: sums.get(key, 0) + more} if more else dict(sums)
