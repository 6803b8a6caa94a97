"""Deciding: what a fact about an order or a review means for the account. No I/O; drafts say what is to be written."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderCancelled, OrderPaid, OrderRefunded
from engagement.events.reviews import ReviewPublished, ReviewRejected
from loyalty import orders, reviews
from loyalty.accounts import loss_of
from loyalty.drafts import Draft, event_id_of
from loyalty.earning import lines_of, rule_of, was_erased_since
from loyalty.entries import EntryKind, Lot, Qualifying, Rule, RuleKind
from loyalty.facts import OrdersFact, ReviewsFact, entry_id_of
from loyalty.happenings import advanced
from loyalty.records import Order, Review
from loyalty.terms import Terms
from loyalty.worth import offered_of, qualifying_of, to_give_back


def order_decided(
    draft: Draft, before: Order, fact: OrdersFact, now: datetime, terms: Terms
) -> tuple[Draft, Order]:
    """The draft and the order once this fact, which is new, is booked. Raises MalformedMessageError."""
    draft = advanced(draft, now, terms)
    after = _order_after(draft, before, fact, terms)
    told: dict[str, Any] = {}
    match fact:
        case OrderPaid():
            told = {
                "amount": fact.amount,
                "tax_minor": after.tax_minor,
                "shipping_minor": after.shipping_minor,
                "lines": after.lines,
            }
            draft = _active(draft, fact.occurred_at, terms)
        case OrderRefunded():
            told = {"amount": fact.amount, "returned": orders.returned_by(fact)}
            currency = fact.amount.currency
            told["shipping_minor"] = after.refunded_shipping.get(currency, 0) - before.refunded_shipping.get(
                currency, 0
            )
        case OfferRedeemed() | OfferReleased():
            told = {"code": fact.code}
        case OrderCancelled():
            pass
    draft = _worth_posted(
        draft,
        _ORDERS_KIND[type(fact)],
        fact,
        worth=after.points_in_force - before.points_in_force,
        lot=after.lot,
        qualifying=_qualifying(after, terms) - _qualifying(before, terms),
        now=now,
        terms=terms,
        rule=after.rule or Rule(RuleKind.ORDER_AWAITED),
        order_id=fact.order_id,
        offered=offered_of(after) - offered_of(before),
        imported=after.imported,
        **told,
    )
    draft, after = with_given_back(draft, after, fact, now, terms)
    return advanced(draft, now, terms, quiet=after.imported), after


_ORDERS_KIND = {
    OrderPaid: EntryKind.PAID,
    OrderRefunded: EntryKind.REFUNDED,
    OrderCancelled: EntryKind.CANCELLED,
    OfferRedeemed: EntryKind.OFFER_REDEEMED,
    OfferReleased: EntryKind.OFFER_RELEASED,
}


def review_decided(
    draft: Draft, before: Review, fact: ReviewsFact, now: datetime, terms: Terms
) -> tuple[Draft, Review]:
    """The draft and the review once this fact, which is new, is booked."""
    draft = advanced(draft, now, terms)
    match fact:
        case ReviewPublished():
            rule = Rule(RuleKind.BONUS, terms.version, terms.points_for_a_review)
            if was_erased_since(draft.account, fact.occurred_at):
                rule = Rule(RuleKind.ERASED, terms.version)
            after = reviews.published(before, fact, rule, terms.lot_of(draft.account.as_of))
            kind = EntryKind.REVIEW_PUBLISHED
        case ReviewRejected():
            after, kind = reviews.rejected(before, fact), EntryKind.REVIEW_REJECTED
    worth = after.points_in_force - before.points_in_force
    draft = _worth_posted(
        draft,
        kind,
        fact,
        worth=worth,
        lot=after.lot,
        qualifying=Qualifying(worth),
        now=now,
        terms=terms,
        rule=after.rule or Rule(RuleKind.REVIEW_AWAITED, terms.version),
        order_id=fact.order_id,
        review_id=fact.review_id,
        revision=fact.revision,
    )
    return advanced(draft, now, terms), after


def with_given_back(
    draft: Draft, order: Order, fact: OrdersFact | None, now: datetime, terms: Terms, *, cause: str = ""
) -> tuple[Draft, Order]:
    """Points that paid for an order come back as it is refunded or cancelled: as new points of today.

    What was let off before is made up for first: whoever buys with the points of an order, and sends back both, has
    earned nothing. To an erased customer nothing comes back.
    """
    points = to_give_back(order)
    if points == 0 or draft.account.erased_at:
        return draft, order
    made_up_for = min(points, draft.account.forgiven)
    cause = entry_id_of(fact) or "" if fact else cause
    entry_id = f"{cause}:{EntryKind.GIVEN_BACK}"
    draft = draft.posting(
        now=now,
        to_outbox=True,
        entry_id=entry_id,
        kind=EntryKind.GIVEN_BACK,
        points=points - made_up_for,
        worth=points,
        forgiven=-made_up_for,
        rule=Rule(RuleKind.GIVING_BACK, terms.version),
        event_id=fact.event_id if fact else event_id_of(cause),
        occurred_at=fact.occurred_at if fact else now,
        lot=terms.lot_of(draft.account.as_of),
        order_id=order.order_id,
        imported=order.imported,
    )
    return draft, replace(order, given_back=order.given_back + points)


def _order_after(draft: Draft, before: Order, fact: OrdersFact, terms: Terms) -> Order:
    match fact:
        case OrderPaid():
            rule = rule_of(fact, draft.account, terms)
            lot = terms.lot_of(terms.days.day_of(fact.occurred_at), pending=True)
            return orders.paid(before, fact, rule, lines_of(fact, terms), lot)
        case OrderRefunded():
            return orders.refunded(before, fact)
        case OrderCancelled():
            return orders.cancelled(before)
        case OfferRedeemed():
            return orders.with_offer(before, fact)
        case OfferReleased():
            return orders.without_offer(before, fact)


def _worth_posted(
    draft: Draft,
    kind: EntryKind,
    fact: OrdersFact | ReviewsFact,
    *,
    worth: int,
    lot: Lot | None,
    qualifying: Qualifying,
    now: datetime,
    terms: Terms,
    **values: Any,
) -> Draft:
    """The difference to what was in force before this fact."""
    points, gone, forgiven = worth, 0, 0
    if worth < 0 and lot:
        loss = loss_of(draft.account, -worth, lot, below_zero=terms.settings.below_zero)
        gone, forgiven = loss.gone, loss.forgiven
        points = worth + gone + forgiven
    return draft.posting(
        now=now,
        entry_id=entry_id_of(fact),
        kind=kind,
        points=points,
        worth=worth,
        gone=gone,
        forgiven=forgiven,
        # Money may count for a tier that is worth no point.
        lot=lot if worth or qualifying != Qualifying() else None,
        qualifying=qualifying if lot and qualifying != Qualifying() else None,
        event_id=fact.event_id,
        occurred_at=fact.occurred_at,
        **values,
    )


def _qualifying(order: Order, terms: Terms) -> Qualifying:
    """What of it counts for a tier: money in the tiers' currency alone, for sums have one."""
    counts = qualifying_of(order)
    is_counted = order.paid is not None and order.paid.currency == terms.spend_currency
    return counts if is_counted else Qualifying(counts.points)


def _active(draft: Draft, at: datetime, terms: Terms) -> Draft:
    day = terms.days.day_of(at)
    active_on = max(day, draft.account.active_on or day)
    return draft.with_account(replace(draft.account, active_on=active_on))
