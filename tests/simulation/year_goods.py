"""What the shop sells, at which price on which day: the shop's own part of the year."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engagement.events.base import Line
from engagement.events.orders import PaidLine
from engagement.events.products import ProductChanged
from engagement.money import Money
from tests.simulation.year_deeds import Tells
from tests.simulation.year_moments import Moments, Span

# What an INR of a price is in minor units of each currency. New Zealand's earn no points.
PER_RUPEE = {"INR": 100, "USD": 2, "EUR": 2, "GBP": 1, "NZD": 3}
_IN_PERCENT = (70, 90, 95, 110, 130)
_AS_EVER = 100


@dataclass(frozen=True)
class Product:
    product_id: str
    name: str
    rupees: int
    category: str | None = None
    kind: str = "physical"


PRODUCTS = (
    Product("assam-tea", "Assam tea", 450),
    Product("darjeeling", "Darjeeling first flush", 1850, "single_estate"),
    Product("nilgiri", "Nilgiri", 380, "single_estate"),
    Product("masala-chai", "Masala chai", 320),
    Product("copper-kettle", "Copper kettle", 2400, "kitchen"),
    Product("clay-cup", "Clay cup", 120, "kitchen"),
    Product("rose-cream", "Rose cream", 680, "skin_care"),
    Product("gift-box", "Gift box", 60, "packaging"),
    Product("tea-book", "A book of teas", 299, "books", "digital"),
    Product("gift-card", "Gift card", 1000, None, "gift_card"),
)


class Catalogue:
    """Each product's price through the year, drawn once from the seed; `told` is what the shop tells of it."""

    def __init__(self, seed: int, span: Span) -> None:
        chance = Random(f"{seed}:catalogue")
        moments = Moments(chance, span, "Asia/Kolkata")
        number = max(2, (span.end - span.start) // timedelta(days=15))
        self._changes: list[tuple[datetime, Product, int]] = []
        self.told: list[Tells] = []
        for at in sorted(moments.some() for _ in range(number)):
            product, percent = chance.choice(PRODUCTS), chance.choice(_IN_PERCENT)
            self._changes.append((at, product, percent))
            self.told.append(_changed(product, percent, at, available=chance.random() < 0.8))

    def price(self, product: Product, currency: str, at: datetime) -> Money:
        """In minor units of the currency."""
        changes = [percent for when, what, percent in self._changes if what == product and when <= at]
        return _price(product, changes[-1] if changes else _AS_EVER, currency)

    def line(self, product: Product, quantity: int, currency: str, at: datetime) -> Line:
        told: dict[str, Any] = {"category": product.category, "kind": product.kind}
        return Line(
            product_id=product.product_id,
            name=product.name,
            quantity=quantity,
            unit_price=self.price(product, currency, at),
            **told,
        )


def paid_line(line: Line, discount: int, tax: int) -> PaidLine:
    """A line as it is paid for: so many hundredths less, and of the rest so many are tax."""
    currency = line.unit_price.currency
    amount = line.unit_price.amount_minor * line.quantity * (100 - discount) // 100
    return PaidLine(
        product_id=line.product_id,
        quantity=line.quantity,
        amount=Money(amount_minor=amount, currency=currency),
        tax=Money(amount_minor=amount * tax // (100 + tax), currency=currency) if tax else None,
        category=line.category,
    )


def _price(product: Product, percent: int, currency: str) -> Money:
    return Money(amount_minor=product.rupees * PER_RUPEE[currency] * percent // 100, currency=currency)


def _changed(product: Product, percent: int, at: datetime, *, available: bool) -> Tells:
    fact = ProductChanged(
        event_id=f"product-{product.product_id}-{at:%Y%m%dT%H%M%S%f}",
        occurred_at=at,
        product_id=product.product_id,
        name=product.name,
        prices=tuple(_price(product, percent, currency) for currency in PER_RUPEE),
        available=available,
    )
    words = f"tells of {product.name}: {percent} % of its price, {'there' if available else 'sold out'}"
    return Tells(at, "", "", fact, words)
