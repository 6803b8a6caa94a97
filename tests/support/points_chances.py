"""What a shop may tell of one customer's points, as chance has it: strategies for hypothesis."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from engagement.events.benefits import Benefit
from engagement.events.offers import OfferReleased
from engagement.events.orders import OrderPaid, OrderRefunded, PaidLine, RefundedLine
from engagement.money import Money
from loyalty.facts import LedgerFact
from points_yardstick import Spent
from shop_facts import NOW, offer_redeemed, order_cancelled, order_paid, order_refunded, review_published
from shop_facts import review_rejected as rejected

PRODUCTS = ("assam", "darjeeling", "nilgiri")
_CATEGORIES = st.sampled_from([None, "single_estate", "blend"])
_AMOUNTS = st.one_of(st.integers(0, 2_000), st.sampled_from([0, 1, 99, 100, 199_900, 10**15]))


def money(amount: int, currency: str = "INR") -> Money:
    return Money(amount_minor=amount, currency=currency)


def _maybe[T](strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


_MONEY = _AMOUNTS.map(money)
_PAID_LINES = st.lists(
    st.builds(
        PaidLine,
        product_id=st.sampled_from(PRODUCTS),
        quantity=st.integers(1, 4),
        amount=_MONEY,
        tax=_maybe(_MONEY),
        category=_CATEGORIES,
    ),
    max_size=4,
)
_REFUNDED_LINES = st.lists(
    st.builds(
        RefundedLine,
        product_id=st.sampled_from([*PRODUCTS, "never-bought"]),
        quantity=st.integers(1, 5),
        amount=_maybe(_MONEY | st.just(money(500, "USD"))),
    ),
    max_size=3,
)


@st.composite
def payments(draw: Callable[..., Any], order_id: str = "order-77") -> OrderPaid:
    """An order whose lines say less, more or exactly what it was, with tax by line, by order, or not told."""
    lines = tuple(draw(_PAID_LINES))
    exact = sum(line.amount.amount_minor for line in lines)
    amount = draw(_AMOUNTS | st.just(min(exact, 10**15)))
    return order_paid(
        order_id,
        amount=money(amount),
        lines=lines,
        tax=draw(_maybe(_MONEY)),
        shipping=draw(_maybe(_MONEY)),
        imported=draw(st.integers(0, 5)) == 0,
        occurred_at=NOW + draw(st.sampled_from([-1, 0, 1])) * timedelta(hours=12),
    )


def refunds(
    order_id: str = "order-77", number: int = 1, *, currency: str = "INR"
) -> st.SearchStrategy[OrderRefunded]:
    def _refund(amount: int, shipping: Money | None, lines: list[RefundedLine] | None) -> OrderRefunded:
        return order_refunded(
            order_id,
            refund_id=f"refund-{number}",
            amount=money(amount, currency),
            shipping=shipping,
            lines=lines,
        )

    return st.builds(_refund, _AMOUNTS, _maybe(_MONEY), _maybe(_REFUNDED_LINES))


@st.composite
def stories_of_an_order(
    draw: Callable[..., Any], order_id: str = "order-77", *, spent: bool = False
) -> list[Any]:
    """All that is told of one order, in any order: its payment, refunds, a cancellation, offers; what paid for it."""
    told: list[Any] = [draw(payments(order_id))]
    told += [draw(refunds(order_id, number)) for number in range(1, draw(st.integers(0, 3)) + 1)]
    if draw(st.integers(0, 4)) == 0:
        told.append(order_cancelled(order_id))
    for code in draw(st.sets(st.sampled_from(["ACDEFGHJKM", "BCDEFGHJKM"]))):
        offer = offer_redeemed(code, order_id=order_id, benefit=Benefit(points=draw(st.integers(1, 300))))
        told.append(offer)
        if draw(st.booleans()):
            told.append(OfferReleased.model_validate(offer.model_dump() | {"event_id": f"release-{code}"}))
    if spent:
        told += [
            Spent(f"{order_id}-spent-{n}", draw(st.integers(1, 50)), order_id)
            for n in range(draw(st.integers(0, 2)))
        ]
    shuffled: list[Any] = draw(st.permutations(told))
    return shuffled


@st.composite
def stories_of_a_review(draw: Callable[..., Any], product_id: str = "assam") -> list[LedgerFact]:
    """Decisions about a review, in any order; a later revision is later."""
    told: list[LedgerFact] = []
    for revision in range(1, draw(st.integers(0, 4)) + 1):
        tell = draw(st.sampled_from([review_published, rejected]))
        told.append(tell(product_id, revision=revision, occurred_at=NOW + timedelta(minutes=revision)))
    shuffled: list[LedgerFact] = draw(st.permutations(told))
    return shuffled
