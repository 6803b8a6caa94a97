"""Spending: points are reserved for a checkout, then committed or released, by the shop's id of the reservation.

Each may be repeated as often as the shop likes, and answers the same. A reservation ends by itself. No I/O.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from loyalty.accounts import held
from loyalty.deciding import with_given_back
from loyalty.drafts import Draft, event_id_of
from loyalty.entries import EntryKind, Rule, RuleKind
from loyalty.happenings import advanced
from loyalty.records import Hold, Order, Reservation, ReservationState
from loyalty.terms import Terms


class Refusal(StrEnum):
    """Why a reservation is not as asked."""

    NOT_ENOUGH = "not_enough_points"
    # Known under this id with other points, or for another order.
    ANOTHER = "another_reservation"
    UNKNOWN = "unknown_reservation"
    COMMITTED = "already_committed"
    RELEASED = "already_released"
    ERASED = "erased_customer"


@dataclass(frozen=True)
class Answer:
    """What became of a request. `refusal` is None where all is as asked. `draft` and the records are what is to be
    written; where the draft has not changed and there are no records, nothing is.
    """

    draft: Draft
    reservation: Reservation | None = None
    order: Order | None = None
    refusal: Refusal | None = None


def reserve(
    draft: Draft, known: Reservation | None, asked: Reservation, now: datetime, terms: Terms
) -> Answer:
    """Hold points for `reserved_for`, if there are as many. `asked.until` is not looked at."""
    draft = advanced(draft, now, terms)
    if known and known.state is ReservationState.HELD and known.reservation_id not in draft.account.held:
        # It ended by itself. Asked for again, it begins anew; as what it was.
        if _differs(known, asked):
            return Answer(draft, known, refusal=Refusal.ANOTHER)
        asked, known = replace(asked, version=known.version), None
    if known:
        return Answer(draft, known, refusal=_refused(known, asked))
    if refusal := _cannot(draft, asked.points):
        return Answer(draft, refusal=refusal)
    until = now + terms.settings.reserved_for
    account = held(draft.account, asked.reservation_id, Hold(asked.points, until))
    reserved = replace(asked, until=until, state=ReservationState.HELD, version=asked.version + 1)
    return Answer(draft.with_account(account), reserved)


def commit(
    draft: Draft, known: Reservation | None, order: Order | None, now: datetime, terms: Terms
) -> Answer:
    """The points are spent. A reservation that ended meanwhile is honoured if there still are as many.

    `order` is the one that they pay for: the reservation's or, where it named none, the one that is named now.
    """
    draft = advanced(draft, now, terms)
    if known is None:
        return Answer(draft, refusal=Refusal.UNKNOWN)
    if order and order.order_id != (known.order_id or order.order_id):
        return Answer(draft, known, refusal=Refusal.ANOTHER)
    if order and known.state is ReservationState.HELD:
        known = replace(known, order_id=order.order_id)
    if known.state is not ReservationState.HELD:
        released = known.state is ReservationState.RELEASED
        return Answer(draft, known, refusal=Refusal.RELEASED if released else None)
    ended = known.reservation_id not in draft.account.held
    if ended and (refusal := _cannot(draft, known.points)):
        return Answer(draft, known, refusal=refusal)
    entry_id = f"{known.reservation_id}:{EntryKind.REDEEMED}"
    draft = draft.with_account(replace(draft.account, active_on=draft.account.as_of)).posting(
        now=now,
        to_outbox=True,
        entry_id=entry_id,
        kind=EntryKind.REDEEMED,
        points=-known.points,
        rule=Rule(RuleKind.REDEMPTION, terms.version),
        event_id=event_id_of(entry_id),
        occurred_at=now,
        redemption_id=known.reservation_id,
        order_id=known.order_id,
    )
    if order:
        order = replace(order, spent=order.spent + known.points, version=order.version + 1)
        draft, order = with_given_back(draft, order, None, now, terms, cause=entry_id)
    committed = replace(known, state=ReservationState.COMMITTED, version=known.version + 1)
    return Answer(draft, committed, order)


def release(draft: Draft, known: Reservation | None, now: datetime, terms: Terms) -> Answer:
    """The points are free again. What was committed comes back with its order's refund, and not by this."""
    draft = advanced(draft, now, terms)
    if known is None:
        return Answer(draft, refusal=Refusal.UNKNOWN)
    if known.state is not ReservationState.HELD:
        committed = known.state is ReservationState.COMMITTED
        return Answer(draft, known, refusal=Refusal.COMMITTED if committed else None)
    if hold := draft.account.held.get(known.reservation_id):
        # As if it had ended by itself now: what ended while it was held expires.
        held_until_now = {**draft.account.held, known.reservation_id: replace(hold, until=now)}
        draft = advanced(draft.with_account(replace(draft.account, held=held_until_now)), now, terms)
    released = replace(known, state=ReservationState.RELEASED, version=known.version + 1)
    return Answer(draft, released)


def _cannot(draft: Draft, points: int) -> Refusal | None:
    if draft.account.erased_at:
        return Refusal.ERASED
    return Refusal.NOT_ENOUGH if draft.account.available < points else None


def _differs(known: Reservation, asked: Reservation) -> bool:
    return known.points != asked.points or (asked.order_id is not None and asked.order_id != known.order_id)


def _refused(known: Reservation, asked: Reservation) -> Refusal | None:
    if _differs(known, asked):
        return Refusal.ANOTHER
    match known.state:
        case ReservationState.HELD:
            return None
        case ReservationState.COMMITTED:
            return Refusal.COMMITTED
        case ReservationState.RELEASED:
            return Refusal.RELEASED
