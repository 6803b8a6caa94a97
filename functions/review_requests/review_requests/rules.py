"""About which of an order's products its customer may be asked, and from when on."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

from review_requests.campaign import ReviewRequestSettings
from review_requests.orders import Order, Parcel

type Reason = Literal[
    "cancelled", "imported", "reviewed", "refunded", "not_reviewable", "too_late", "case_open", "not_arrived",
    "campaign_disabled", "lost",
]  # fmt: skip
# When a product may be asked about; None: it is still to come.
type Ripe = Mapping[str, datetime | None]


def over_for(order: Order) -> Reason | None:
    """Why the order is never asked about, whatever is told of it yet; None if it may be."""
    if order.cancelled:
        return "cancelled"
    if order.imported:
        return "imported"
    return "reviewed" if order.reviewed else None


def reason_of_nothing(order: Order, settings: ReviewRequestSettings) -> Reason:
    """Why nothing of the order is left to be asked about."""
    reviewable = [each for each in order.products if is_reviewable(order, each, settings)]
    if over := over_for(order):
        return over
    if not reviewable:
        return "not_reviewable"
    return "refunded" if all(was_sent_back(order, each) for each in reviewable) else "reviewed"


def ripe(order: Order, reviewed: Collection[str], settings: ReviewRequestSettings) -> Ripe:
    """What is left to be asked about, and since when; `reviewed` are the products that the customer has reviewed."""
    if over_for(order):
        return {}
    return {
        product_id: _ripe_at(order, product_id, settings)
        for product_id in order.products
        if is_reviewable(order, product_id, settings)
        and product_id not in reviewed
        and not was_sent_back(order, product_id)
    }


def due_at(ripe: Ripe, settings: ReviewRequestSettings) -> datetime | None:
    """When the last of it is ripe, or what came first has waited for long enough; None: nothing is there yet."""
    instants = [instant for instant in ripe.values() if instant]
    if not instants:
        return None
    longest = min(instants) + settings.wait_for_rest
    return longest if len(instants) < len(ripe) else min(max(instants), longest)


def would_be_due_at(order: Order, settings: ReviewRequestSettings) -> datetime | None:
    """When the order were due if all of it could be asked about."""
    return due_at({each: _ripe_at(order, each, settings) for each in order.products}, settings)


def is_reviewable(order: Order, product_id: str, settings: ReviewRequestSettings) -> bool:
    """No gift card, and nothing that the plan excludes."""
    product = order.products[product_id]
    if product_id in settings.exclude.products or (product.kind and product.kind[1] == "gift_card"):
        return False
    return product.category is None or product.category[1] not in settings.exclude.categories


def was_sent_back(order: Order, product_id: str) -> bool:
    """And no parcel with it left since. That one arrives brings nothing back: the money may be faster than the parcel.

    A refund that does not say what it is for may be for anything; money alone takes nothing back unless it is all.
    """
    returns = [
        refund.at
        for refund in order.refunds.values()
        if refund.product_ids is None or product_id in refund.product_ids
    ]
    if _all_is_paid_back(order):
        returns.append(max(refund.at for refund in order.refunds.values()))
    return bool(returns) and not any(
        parcel.left_at and parcel.left_at > max(returns) and product_id in parcel.product_ids
        for parcel in order.parcels.values()
    )


def _all_is_paid_back(order: Order) -> bool:
    if order.paid is None or not order.refunds:
        return False
    _, paid, currency = order.paid
    return paid <= sum(each.amount_minor for each in order.refunds.values() if each.currency == currency)


def _ripe_at(order: Order, product_id: str, settings: ReviewRequestSettings) -> datetime | None:
    with_it = [parcel for parcel in order.parcels.values() if product_id in parcel.product_ids]
    if not with_it:
        return None
    # A replacement that is on its way again has not arrived.
    parcel = max(with_it, key=lambda each: (first_told(each), sorted(each.product_ids), str(each.fulfilled)))
    product, ask_after = order.products[product_id], settings.ask_after
    is_digital = product.kind is not None and product.kind[1] == "digital"
    arrived_at = first_told(parcel) if is_digital else _arrival(parcel, settings)
    if arrived_at is None:
        return None
    if product.category and product.category[1] in ask_after.by_category:
        return arrived_at + ask_after.by_category[product.category[1]]
    if is_digital:
        return arrived_at + ask_after.digital
    return arrived_at + (ask_after.foreign if _is_foreign(parcel) else ask_after.domestic)


def first_told(parcel: Parcel) -> datetime:
    """When it left, or where nobody told that, when it arrived."""
    found = parcel.left_at or (parcel.delivered[0] if parcel.delivered else None)
    if found is None:
        raise ValueError("a parcel that neither left nor arrived")
    return found


def _arrival(parcel: Parcel, settings: ReviewRequestSettings) -> datetime | None:
    if parcel.delivered:
        return parcel.delivered[0]
    if settings.deliveries_are_told or parcel.fulfilled is None:
        return None
    transit = settings.transit.foreign if _is_foreign(parcel) else settings.transit.domestic
    return parcel.fulfilled[2] or first_told(parcel) + transit


def _is_foreign(parcel: Parcel) -> bool:
    told = parcel.fulfilled or parcel.delivered
    return told is not None and told[1] == "foreign"
