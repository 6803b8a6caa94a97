"""Auditing: does the account say what its entries say, and do the entries say what the rules say? No I/O.

The entries are folded from nothing by the ledger's own arithmetic (`posted`), and compared with what is kept. What no
entry tells of (holds, what is known of a birthday, what was mailed) cannot be compared, and is not.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engagement.plan_sections import TierRules
from loyalty.accounts import matured, posted
from loyalty.entries import Entry, EntryKind
from loyalty.records import Account, Order, Records, ReservationState, Review
from loyalty.refolding import order_differences, review_differences, said
from loyalty.tiers import reached_by

_COMPARED = (
    "entry_count",
    "as_of",
    "pending",
    "lots",
    "used",
    "lapsed",
    "forgiven",
    "emptied_on",
    "totals",
    "qualifying",
    "tiers",
    "period_from",
    "last_redemption",
)
_TOLD = "entry:"


@dataclass(frozen=True)
class Audit:
    """`account` as it is kept, `refolded` from its entries, and every difference found, in words."""

    account: Account
    refolded: Account
    differences: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


def audited(records: Records, tiers: TierRules) -> Audit:
    """Compare a customer's records with their entries, these with their rules, and the tier with today's plan."""
    refolded, broken = _refolded(records)
    differences = [
        *broken,
        *_of_account(records, refolded),
        *_of_tier(records.account, tiers),
        *_of_each("order", records.orders, _by(records.entries, _order_of), _order_id, order_differences),
        *_of_each(
            "review", records.reviews, _by(records.entries, _review_of), _review_id, review_differences
        ),
        *_of_reservations(records),
    ]
    return Audit(records.account, refolded, tuple(differences))


def _refolded(records: Records) -> tuple[Account, list[str]]:
    """The account by its entries alone, as of the day of the one that is kept, and where they do not follow on each
    other. What is on hold counts as used, so that lots settle alike.
    """
    account, broken = Account(records.account.customer_id), []
    for entry in records.entries:
        if entry.sequence != account.entry_count + 1:
            broken.append(f"entry {entry.sequence} follows entry {account.entry_count}")
        if entry.day < account.as_of:
            broken.append(f"{entry.entry_id} is of {entry.day}, and follows one of {account.as_of}")
        account = posted(replace(account, entry_count=entry.sequence - 1), entry)
    account = replace(account, used=account.used + records.account.on_hold, held=records.account.held)
    return matured(account, records.account.as_of), broken


def _of_account(records: Records, refolded: Account) -> Iterator[str]:
    kept = records.account
    for name in _COMPARED:
        value, expected = getattr(kept, name), getattr(refolded, name)
        if value != expected:
            yield f"the account's {name} is {said(value)}, its entries say {said(expected)}"
    total = sum(entry.points for entry in records.entries)
    if kept.balance + kept.pending_points != total:
        has = f"{kept.balance} points and {kept.pending_points} pending"
        yield f"the account has {has}, its entries add up to {total}"
    if kept.used < 0:
        yield f"the account has used {kept.used} points, less than none"
    known = {entry.entry_id for entry in records.entries}
    for each in kept.outbox:
        if each.startswith(_TOLD) and each.removeprefix(_TOLD) not in known:
            yield f"the account is to tell of {each.removeprefix(_TOLD)}, which is no entry"


def _of_tier(account: Account, tiers: TierRules) -> Iterator[str]:
    if account.erased_at or account.as_of == date.min:
        return
    if found := reached_by(account, tiers, account.as_of):
        has = account.tier or tiers.steps[0].name
        yield f"the tier is {has}, what counts for it reaches {found.tier.name}"


def _of_each[R](
    what: str,
    records: Iterable[R],
    booked: Mapping[str, list[Entry]],
    identify: Callable[[R], str],
    differences: Callable[[R, list[Entry]], Iterator[str]],
) -> Iterator[str]:
    missing = set(booked)
    for record in records:
        missing.discard(identify(record))
        yield from differences(record, booked.get(identify(record), []))
    yield from (f"{what} {name} has entries and no record" for name in sorted(missing))


def _by(entries: Iterable[Entry], name_of: Callable[[Entry], str | None]) -> dict[str, list[Entry]]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if name := name_of(entry):
            found[name].append(entry)
    return found


def _order_of(entry: Entry) -> str | None:
    """A review names the order that the product was bought with, which has no part in its points."""
    return None if entry.kind.is_a_reviews else entry.order_id


def _review_of(entry: Entry) -> str | None:
    return entry.review_id if entry.kind.is_a_reviews else None


def _order_id(order: Order) -> str:
    return order.order_id


def _review_id(review: Review) -> str:
    return review.review_id


def _of_reservations(records: Records) -> Iterator[str]:
    redeemed = {entry.redemption_id: entry for entry in records.entries if entry.kind is EntryKind.REDEEMED}
    held = dict(records.account.held)
    for reservation in records.reservations:
        name = f"reservation {reservation.reservation_id}"
        entry, hold = (
            redeemed.pop(reservation.reservation_id, None),
            held.pop(reservation.reservation_id, None),
        )
        committed = reservation.state is ReservationState.COMMITTED
        if committed and entry is None:
            yield f"{name} is committed, and no entry says so"
        if entry and not committed:
            yield f"{name} is {reservation.state}, and {entry.entry_id} redeemed it"
        if entry and (-entry.points, entry.order_id) != (reservation.points, reservation.order_id):
            yield f"{name} is of {reservation.points} points, its entry of {-entry.points}, or for another order"
        if hold and reservation.state is not ReservationState.HELD:
            yield f"{name} is {reservation.state}, and its points are on hold"
        if hold and (hold.points, hold.until) != (reservation.points, reservation.until):
            yield f"{name} is of {reservation.points} points, {hold.points} are on hold, or until another time"
    yield from (f"{entry.entry_id} redeemed a reservation that is not there" for entry in redeemed.values())
    yield from (f"points are on hold for {name}, which is not there" for name in sorted(held))
