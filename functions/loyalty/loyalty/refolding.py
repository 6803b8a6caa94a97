"""What an order's, and a review's, own entries say that its record should be. No I/O.

This is worked out from the entries and the rule of their day alone, beside the code that booked them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from engagement.money import Money
from loyalty.entries import Entry, EntryKind, Lot
from loyalty.orders import with_returned
from loyalty.records import Order, Review, TierHeld
from loyalty.worth import offered_of, points_of, spend_of

# What is known of an order from its entries as well.
_TOLD = (
    "paid",
    "tax_minor",
    "shipping_minor",
    "lines",
    "rule",
    "imported",
    "cancelled",
    "refunded",
    "refunded_shipping",
    "returned",
)


def order_differences(record: Order, entries: Sequence[Entry]) -> Iterator[str]:
    """Where an order's record and its own entries (by sequence) differ, in words."""
    name = f"order {record.order_id}"
    own = [entry for entry in entries if entry.kind.is_an_orders]
    states = list(accumulate(own, _told, initial=Order(record.customer_id, record.order_id)))
    for field in _TOLD:
        kept, expected = getattr(record, field), getattr(states[-1], field)
        if kept != expected:
            yield f"{name} has {field} {said(kept)}, its entries say {said(expected)}"
    if any(entry.lot not in (None, record.lot) for entry in own):
        yield f"{name} has not the lot of its entries"
    yield from _offers(record, own)
    for entry, (before, after) in zip(own, pairwise(states), strict=True):
        # The offers' part of it is compared in the sum alone: an early offer's entry does not say what it is worth.
        by_money, expected = entry.worth - entry.offered, points_of(after) - points_of(before)
        if by_money != expected:
            yield f"{entry.entry_id} is worth {by_money} by its money, its rule says {expected}"
    in_force = points_of(replace(states[-1], offers=record.offers))
    yield from _sums(name, record.points_in_force, own, in_force)
    if record.spend_in_force != spend_of(states[-1]):
        yield f"{name} has a spend of {record.spend_in_force} in force, its rule says {spend_of(states[-1])}"
    yield from _spent(record, entries)


def review_differences(record: Review, entries: Sequence[Entry]) -> Iterator[str]:
    """Where a review's record and its own entries (by sequence) differ, in words."""
    name = f"review {record.review_id}"
    states = list(accumulate(entries, _decided, initial=Review(record.customer_id, record.review_id)))
    for field in ("rule", "published", "decided_at", "revision"):
        kept, expected = getattr(record, field), getattr(states[-1], field)
        if kept != expected:
            yield f"{name} has {field} {said(kept)}, its entries say {said(expected)}"
    if any(entry.lot not in (None, record.lot) for entry in entries):
        yield f"{name} has not the lot of its entries"
    for entry, (before, after) in zip(entries, pairwise(states), strict=True):
        if entry.worth != (expected := _worth(after) - _worth(before)):
            yield f"{entry.entry_id} is worth {entry.worth}, its rule says {expected}"
    yield from _sums(name, record.points_in_force, entries, _worth(states[-1]))


def _told(order: Order, entry: Entry) -> Order:
    """The order once this entry's fact counts; of its offers nothing."""
    match entry.kind:
        case EntryKind.PAID:
            return replace(
                order,
                paid=entry.amount,
                tax_minor=entry.tax_minor,
                shipping_minor=entry.shipping_minor,
                lines=entry.lines,
                rule=entry.rule,
                lot=entry.lot,
                imported=entry.imported,
            )
        case EntryKind.REFUNDED if entry.amount:
            refunded, shipping = dict(order.refunded), dict(order.refunded_shipping)
            for sums, more in ((refunded, entry.amount.amount_minor), (shipping, entry.shipping_minor)):
                if more:
                    sums[entry.amount.currency] = sums.get(entry.amount.currency, 0) + more
            returned = with_returned(order.returned, entry.returned)
            return replace(order, refunded=refunded, refunded_shipping=shipping, returned=returned)
        case EntryKind.CANCELLED:
            return replace(order, cancelled=True)
        case _:
            return order


def _offers(record: Order, own: Sequence[Entry]) -> Iterator[str]:
    """Whatever came first, an offer that was given back is worth nothing, and nobody else's is there."""
    name = f"order {record.order_id}"
    codes = {entry.code for entry in own if entry.code}
    given_back = {entry.code for entry in own if entry.kind is EntryKind.OFFER_RELEASED}
    for code in sorted(codes ^ record.offers.keys()):
        yield f"{name} has an offer {code} in {'its entries' if code in codes else 'its record'} alone"
    for code in sorted(code for code in record.offers.keys() & given_back if record.offers[code]):
        yield f"{name} gave the offer {code} back, and has {record.offers[code]} points of it"
    booked, in_force = sum(entry.offered for entry in own), offered_of(record)
    if booked != in_force:
        yield f"{name} has {in_force} points of offers in force, its entries say {booked}"


def _sums(name: str, kept: int, own: Sequence[Entry], by_rule: int) -> Iterator[str]:
    booked = sum(entry.worth for entry in own)
    if kept != booked:
        yield f"{name} has {kept} points in force, its entries say {booked}"
    if kept != by_rule:
        yield f"{name} has {kept} points in force, its rule says {by_rule}"
    for entry in own:
        if entry.points != entry.worth + entry.gone + entry.forgiven:
            yield f"{entry.entry_id} is worth {entry.worth}, and moves {entry.points} points"
    earned = sum(entry.points for entry in own if entry.points > 0)
    taken_back = -sum(entry.points for entry in own if entry.points < 0)
    if taken_back > earned:
        yield f"{name} earned {earned} points, and {taken_back} were taken back"


def _spent(record: Order, entries: Iterable[Entry]) -> Iterator[str]:
    name, moved = f"order {record.order_id}", {EntryKind.REDEEMED: 0, EntryKind.GIVEN_BACK: 0}
    for entry in entries:
        if entry.kind in moved:
            moved[entry.kind] += abs(entry.points - entry.forgiven)
    if record.spent != moved[EntryKind.REDEEMED]:
        yield f"{name} was paid with {record.spent} points, its entries say {moved[EntryKind.REDEEMED]}"
    if record.given_back != moved[EntryKind.GIVEN_BACK]:
        yield f"{name} gave {record.given_back} points back, its entries say {moved[EntryKind.GIVEN_BACK]}"
    if record.given_back > record.spent:
        yield f"{name} gave more points back than paid for it"


def _decided(review: Review, entry: Entry) -> Review:
    """The latest decision counts, whichever is booked last; the first publication's rule stays."""
    shown = entry.kind is EntryKind.REVIEW_PUBLISHED
    if shown and review.rule is None:
        review = replace(review, rule=entry.rule)
    if review.decided_at and (entry.occurred_at, entry.revision) <= (review.decided_at, review.revision):
        return review
    return replace(review, published=shown, decided_at=entry.occurred_at, revision=entry.revision)


def _worth(review: Review) -> int:
    return review.rule.points if review.rule and review.published else 0


def said(value: object) -> str:
    """A value of the ledger's, as short as it can be told from another."""
    match value:
        case Mapping():
            return ", ".join(f"{said(key)}: {said(each)}" for key, each in value.items()) or "nothing"
        case tuple():
            return ", ".join(map(said, value)) or "none"
        case Money():
            return f"{value.amount_minor} {value.currency}"
        case Lot():
            return f"{value.matures_on} to {value.expires_on}"
        case TierHeld():
            return f"{value.tier} since {value.since}"
        case _:
            return str(value)
