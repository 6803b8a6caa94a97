"""The facts that the ledger hears, and what each is booked as."""

from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.loyalty import ReferralCompleted
from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderCancelled, OrderPaid, OrderRefunded
from engagement.events.reviews import ReviewPublished, ReviewRejected
from loyalty.entries import EntryKind

type OrdersFact = OrderPaid | OrderRefunded | OrderCancelled | OfferRedeemed | OfferReleased
type ReviewsFact = ReviewPublished | ReviewRejected
type CustomersFact = CustomerRegistered | CustomerUpdated | CustomerErased | ReferralCompleted
type LedgerFact = OrdersFact | ReviewsFact | CustomersFact


def entry_id_of(fact: LedgerFact) -> str | None:
    """The business fact that is booked once, whoever tells it and however often; None where nothing is booked."""
    match fact:
        case ReviewPublished() | ReviewRejected():
            told = "published" if isinstance(fact, ReviewPublished) else "rejected"
            return f"review-{fact.review_id}:{told}:{fact.revision}"
        case CustomerRegistered():
            return f"{fact.customer_id}:{EntryKind.SIGN_UP}"
        case ReferralCompleted():
            return f"{fact.customer_id}:{EntryKind.REFERRAL}:{fact.friend_id}"
        case CustomerUpdated() | CustomerErased():
            return None
        case _:
            return _of_an_order(fact)


def _of_an_order(fact: OrdersFact) -> str:
    match fact:
        case OrderPaid():
            return f"{fact.order_id}:{EntryKind.PAID}"
        case OrderCancelled():
            return f"{fact.order_id}:{EntryKind.CANCELLED}"
        case OrderRefunded():
            return f"{fact.order_id}:{EntryKind.REFUNDED}:{fact.refund_id}"
        case OfferRedeemed():
            return f"{fact.order_id}:{EntryKind.OFFER_REDEEMED}:{fact.code}"
        case OfferReleased():
            return f"{fact.order_id}:{EntryKind.OFFER_RELEASED}:{fact.code}"
