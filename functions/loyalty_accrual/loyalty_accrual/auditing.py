"""Auditing: does the account say what its entries say, and do the entries say what the rules say?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from loyalty_accrual.ledger import Account, Entry, EntryKind, Order, Review
from loyalty_accrual.rules import all_in_force, offered_in_force, rebuilt_account, review_in_force


@dataclass(frozen=True)
class Audit:
    """`account` as it is kept, `rebuilt` from its entries, and every difference found, in words."""

    account: Account
    rebuilt: Account
    differences: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


@dataclass
class _Booked:
    """What an order's entries say: its points, what of them is owed to offers, its refunds by currency, its offers."""

    points: int = 0
    offered: int = 0
    refunded: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    offers: dict[str, int] = field(default_factory=dict)


def audited(
    account: Account, entries: Sequence[Entry], orders: Iterable[Order], reviews: Iterable[Review]
) -> Audit:
    """Compare an account with the sum of its entries, each order and review with its own entries and its own rule."""
    rebuilt = rebuilt_account(entries)
    differences = [
        *_of_account(account, rebuilt),
        *_of_orders(entries, orders),
        *_of_reviews(entries, reviews),
    ]
    return Audit(account=account, rebuilt=rebuilt, differences=tuple(differences))


def _of_account(account: Account, rebuilt: Account) -> Iterator[str]:
    for name in Account.__dataclass_fields__:
        kept, expected = getattr(account, name), getattr(rebuilt, name)
        if kept != expected:
            yield f"{name} is {kept}, the entries say {expected}"


def _of_orders(entries: Iterable[Entry], orders: Iterable[Order]) -> Iterator[str]:
    booked = _booked(entries)
    for order in orders:
        yield from _of_order(order, booked.pop(order.order_id, _Booked()))
    yield from (f"{order_id} has entries and no record" for order_id in booked)


def _of_order(order: Order, booked: _Booked) -> Iterator[str]:
    name = order.order_id
    if booked.points != order.points_in_force:
        yield f"{name} has {order.points_in_force} points in force, its entries say {booked.points}"
    for currency, amount in order.refunded.items():
        if booked.refunded[currency] != amount:
            yield f"{name} has {amount} {currency} refunded, its entries say {booked.refunded[currency]}"
    for code in sorted({*order.offers, *booked.offers}):
        kept, expected = order.offers.get(code), booked.offers.get(code)
        if kept != expected:
            yield f"{name} has {kept} points of the offer {code}, its entries say {expected}"
    if booked.offered != offered_in_force(order):
        yield f"{name} has {offered_in_force(order)} points of offers in force, its entries say {booked.offered}"
    if all_in_force(order) != order.points_in_force:
        yield f"{name} has {order.points_in_force} points in force, its rule says {all_in_force(order)}"


def _booked(entries: Iterable[Entry]) -> dict[str, _Booked]:
    orders: defaultdict[str, _Booked] = defaultdict(_Booked)
    for entry in entries:
        if entry.order_id is None or not entry.kind.is_an_orders:
            continue
        order = orders[entry.order_id]
        order.points += entry.points
        order.offered += entry.offered
        if entry.amount and entry.kind is EntryKind.REFUNDED:
            order.refunded[entry.amount.currency] += entry.amount.amount_minor
        if entry.code and entry.offers:
            # Of its two entries the one that gave it back says 0, and wins, whichever was booked first.
            points = entry.offers[entry.code]
            order.offers[entry.code] = min(points, order.offers.get(entry.code, points))
    return orders


def _of_reviews(entries: Iterable[Entry], reviews: Iterable[Review]) -> Iterator[str]:
    booked: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind.is_a_reviews and entry.review_id:
            booked[entry.review_id].append(entry)
    for review in reviews:
        yield from _of_review(review, booked.pop(review.review_id, []))
    yield from (f"the review {review_id} has entries and no record" for review_id in booked)


def _of_review(review: Review, booked: Sequence[Entry]) -> Iterator[str]:
    name, points = f"the review {review.review_id}", sum(entry.points for entry in booked)
    if points != review.points_in_force:
        yield f"{name} has {review.points_in_force} points in force, its entries say {points}"
    if review_in_force(review) != review.points_in_force:
        yield f"{name} has {review.points_in_force} points in force, its rule says {review_in_force(review)}"
    decided = max(booked, key=_moment, default=None)
    shown = decided is not None and decided.kind is EntryKind.REVIEW_PUBLISHED
    if shown != review.published:
        yield f"{name} is {_shown(published=review.published)}, its entries say {_shown(published=shown)}"


def _moment(entry: Entry) -> tuple[datetime, int]:
    """Later for the later decision; a decision's revision stands at the end of its entry's id."""
    return entry.occurred_at, int(entry.entry_id.rpartition(":")[2])


def _shown(*, published: bool) -> str:
    return "shown" if published else "not shown"
