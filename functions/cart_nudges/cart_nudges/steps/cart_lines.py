"""What is left of a cart's lines, and as what it is sold now."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cart_nudges.carts.products_table import Product
from cart_nudges.carts.rules import Cart
from cart_nudges.carts.shoppers_table import Purchase
from engagement.clock import CLOCK_SKEW
from engagement.events.base import Line
from engagement.money import Money

# Why nothing is left of a cart; bought some other way, it was not abandoned.
BOUGHT_ALREADY, SOLD_OUT = "bought_already", "sold_out"


@dataclass(frozen=True)
class Left:
    """`lines` can still be bought and are worth a mail; where there are none, `reason` says why (one word)."""

    lines: tuple[Line, ...]
    reason: str = ""


def lines_left(cart: Cart, purchases: Iterable[Purchase], products: Mapping[str, Product | None]) -> Left:
    """The cart without what its shopper ordered since it was begun, whichever way, and without what is sold out.

    The shop's carts and its orders may have clocks of their own.
    What changed of a product after the cart's last activity is as the mail shows it.
    """
    bought = {
        product_id
        for purchase in purchases
        if cart.begun_at is None or purchase.at >= cart.begun_at - CLOCK_SKEW
        for product_id in purchase.product_ids
    }
    wanted = [line for line in cart.lines if line.product_id not in bought]
    if not wanted:
        return Left((), BOUGHT_ALREADY)
    sold = [_as_sold_now(line, products.get(line.product_id), cart.activity_at) for line in wanted]
    left = tuple(line for line in sold if line is not None)
    return Left(left, "" if left else SOLD_OUT)


def _as_sold_now(line: Line, product: Product | None, activity_at: datetime | None) -> Line | None:
    """None: it is sold out. Its price in the line's own currency; where the shop tells none there, as it was."""
    if product is None:
        return line
    if not product.available:
        return None
    if activity_at is not None and product.changed_at <= activity_at:
        # The customer has seen it so, if not at a price of their own.
        return line
    currency = line.unit_price.currency
    price = next((price for price in product.prices if price.currency == currency), line.unit_price)
    return line.model_copy(
        update={
            "name": product.name,
            "unit_price": price,
            "image_url": product.image_url or line.image_url,
        }
    )


def total(lines: Iterable[Line]) -> Money | None:
    """What they cost; None where they are in several currencies."""
    sums = _sums(lines)
    return sums[0] if len(sums) == 1 else None


def are_worth_one_of(lines: Iterable[Line], thresholds: Iterable[Money]) -> bool:
    """Whether they cost at least one of these sums, each currency by itself."""
    sums = {each.currency: each.amount_minor for each in _sums(lines)}
    return any(sums.get(least.currency, -1) >= least.amount_minor for least in thresholds)


def _sums(lines: Iterable[Line]) -> tuple[Money, ...]:
    amounts: Counter[str] = Counter()
    for line in lines:
        amounts[line.unit_price.currency] += line.unit_price.times(line.quantity).amount_minor
    # Sums of amounts that were checked one by one.
    return tuple(Money.model_construct(amount_minor=sum_, currency=of) for of, sum_ in amounts.items())
