"""Builders that speak the shop's language, and the one place where event envelopes are built."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from pydantic import BaseModel

from engagement.events.base import Event, Line
from engagement.events.benefits import Benefit
from engagement.events.carts import CartDeleted, CartNudged, CartsMerged, CartUpdated
from engagement.events.customers import ConsentChanged, CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.loyalty import ReferralCompleted
from engagement.events.offers import OfferRedeemed
from engagement.events.orders import (
    CaseClosed,
    CaseOpened,
    OrderCancelled,
    OrderDelivered,
    OrderFulfilled,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
    PaidLine,
    RefundedLine,
)
from engagement.events.products import ProductChanged
from engagement.events.reviews import (
    InvitedProduct,
    ReviewInvited,
    ReviewModerated,
    ReviewPublished,
    ReviewRejected,
    ReviewSubmitted,
)
from engagement.money import Money
from engagement.profiles import Profile
from engagement.review_links import review_id_of

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
ALL_TOPICS = frozenset({"loyalty", "offers", "reminders", "reviews"})
_numbers = count(1)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def days(number: float) -> timedelta:
    return timedelta(days=number)


def rupees(amount: int) -> Money:
    return Money(amount_minor=amount * 100, currency="INR")


def dollars(amount: int) -> Money:
    return Money(amount_minor=amount * 100, currency="USD")


def product_id_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def a_line(name: str = "Assam tea", *, quantity: int = 1, price: Money | None = None) -> Line:
    return Line(product_id=product_id_of(name), name=name, quantity=quantity, unit_price=price or rupees(450))


def a_paid_line(name: str = "Assam tea", amount: Money | None = None, **changes: Any) -> PaidLine:
    return PaidLine(product_id=product_id_of(name), amount=amount or rupees(450), **changes)


def a_refunded_line(name: str = "Assam tea", amount: Money | None = None, **changes: Any) -> RefundedLine:
    return RefundedLine(product_id=product_id_of(name), amount=amount, **changes)


def a_profile(customer_id: str = "cust-asha", **changes: Any) -> Profile:
    known: dict[str, Any] = {
        "email": f"{customer_id}@mail.example.com",
        "name": "Asha",
        "locale": "en-IN",
        "time_zone": "Asia/Kolkata",
    }
    return Profile(customer_id=customer_id, **known | changes)


def registered(customer_id: str = "cust-asha", **changes: Any) -> CustomerRegistered:
    return _fact(CustomerRegistered, _profile(customer_id) | {"consents": ALL_TOPICS}, changes)


def profile_updated(customer_id: str = "cust-asha", **changes: Any) -> CustomerUpdated:
    return _fact(CustomerUpdated, _profile(customer_id), changes)


def erased(customer_id: str = "cust-asha", **changes: Any) -> CustomerErased:
    return _fact(CustomerErased, {"customer_id": customer_id}, changes)


def consent_changed(
    customer_id: str = "cust-asha", topic: str = "reminders", **changes: Any
) -> ConsentChanged:
    return _fact(ConsentChanged, {"customer_id": customer_id, "topic": topic, "granted": False}, changes)


def cart_updated(cart_id: str = "cart-9", **changes: Any) -> CartUpdated:
    return _fact(CartUpdated, {"cart_id": cart_id, "customer_id": "cust-asha", "lines": (a_line(),)}, changes)


def cart_deleted(cart_id: str = "cart-9", **changes: Any) -> CartDeleted:
    return _fact(CartDeleted, {"cart_id": cart_id}, changes)


def carts_merged(cart_id: str = "cart-9", into: str = "cart-10", **changes: Any) -> CartsMerged:
    return _fact(CartsMerged, {"cart_id": cart_id, "into_cart_id": into}, changes)


def cart_nudged(cart_id: str = "cart-9", **changes: Any) -> CartNudged:
    known = {
        "cart_id": cart_id,
        "customer_id": "cust-asha",
        "step": 1,
        "experiment": "step-1",
        "variant": "standard",
        "product_ids": ("assam-tea",),
        "counts_until": changes.get("occurred_at", NOW) + days(3),
    }
    return _fact(CartNudged, known, changes)


def product_changed(product_id: str = "assam-tea", **changes: Any) -> ProductChanged:
    known = {"product_id": product_id, "name": "Assam tea", "prices": (rupees(450),)}
    return _fact(ProductChanged, known, changes)


def order_placed(order_id: str = "order-77", **changes: Any) -> OrderPlaced:
    return _fact(OrderPlaced, _order(order_id) | {"cart_id": "cart-9"}, changes)


def order_paid(order_id: str = "order-77", **changes: Any) -> OrderPaid:
    return _fact(OrderPaid, _order(order_id) | {"amount": rupees(1000)}, changes)


def order_delivered(order_id: str = "order-77", **changes: Any) -> OrderDelivered:
    return _fact(OrderDelivered, _order(order_id) | {"lines": (a_line(),)}, changes)


def order_fulfilled(order_id: str = "order-77", **changes: Any) -> OrderFulfilled:
    return _fact(
        OrderFulfilled, _order(order_id) | {"fulfilment_id": "parcel-1", "lines": (a_line(),)}, changes
    )


def order_cancelled(order_id: str = "order-77", **changes: Any) -> OrderCancelled:
    return _fact(OrderCancelled, _order(order_id), changes)


def order_refunded(order_id: str = "order-77", **changes: Any) -> OrderRefunded:
    return _fact(OrderRefunded, _order(order_id) | {"refund_id": "refund-1", "amount": rupees(1000)}, changes)


def case_opened(order_id: str = "order-77", **changes: Any) -> CaseOpened:
    return _fact(CaseOpened, _order(order_id) | {"case_id": "case-1", "kind": "return"}, changes)


def case_closed(order_id: str = "order-77", **changes: Any) -> CaseClosed:
    return _fact(CaseClosed, _order(order_id) | {"case_id": "case-1"}, changes)


def review_submitted(order_id: str = "order-77", **changes: Any) -> ReviewSubmitted:
    return _fact(ReviewSubmitted, _order(order_id) | {"rating": 5}, changes)


def review_invited(
    customer_id: str = "cust-asha", *product_ids: str, order_id: str = "order-77", **changes: Any
) -> ReviewInvited:
    products = tuple(
        InvitedProduct(
            review_id=review_id_of(customer_id, product_id),
            order_id=order_id,
            product_id=product_id,
            name=product_id.replace("-", " ").capitalize(),
        )
        for product_id in product_ids or ("assam-tea",)
    )
    known = {"customer_id": customer_id, "until": NOW + days(180), "products": products}
    return _fact(ReviewInvited, known, changes)


def review_published(product_id: str = "assam-tea", **changes: Any) -> ReviewPublished:
    return _fact(ReviewPublished, _review(product_id), changes)


def review_rejected(product_id: str = "assam-tea", **changes: Any) -> ReviewRejected:
    return _fact(ReviewRejected, _review(product_id) | {"revision": 2, "reason": "spam"}, changes)


def review_moderated(review_id: str, *, published: bool, **changes: Any) -> ReviewModerated:
    known = {"review_id": review_id, "revision": 1, "published": published, "moderator": "Meera"}
    return _fact(ReviewModerated, known | ({} if published else {"reason": "spam"}), changes)


def referral_completed(
    customer_id: str = "cust-asha", friend_id: str = "cust-ravi", **changes: Any
) -> ReferralCompleted:
    return _fact(ReferralCompleted, {"customer_id": customer_id, "friend_id": friend_id}, changes)


def offer_redeemed(code: str = "ACDEFGHJKM", **changes: Any) -> OfferRedeemed:
    known = _order("order-77") | {
        "code": code,
        "offer_key": "anniversary_offer:cust-asha:2027",
        "campaign": "anniversary_offer",
        "benefit": Benefit(points=200),
        "expires_at": NOW + days(30),
    }
    return _fact(OfferRedeemed, known, changes)


def on_the_bus(fact: Event) -> str:
    """A queue message's body: the fact in EventBridge's envelope, as a rule delivers it."""
    return json.dumps(
        {
            "version": "0",
            "id": f"00000000-0000-4000-8000-{next(_numbers):012d}",
            "detail-type": type(fact).__name__,
            "source": "shop",
            "account": "123456789012",
            "time": "2027-03-01T12:00:00Z",
            "region": "ap-south-1",
            "resources": [],
            "detail": fact.model_dump(mode="json"),
        }
    )


def as_message(order: BaseModel) -> str:
    """A queue message's body: one of our own orders, such as SendMail."""
    return order.model_dump_json()


def sqs_batch(*bodies: str, ids: tuple[str, ...] = (), queue: str = "queue") -> dict[str, Any]:
    """An SQS event as Lambda's poller delivers it; message ids are `message-1`, `message-2`, … unless given."""
    names = ids or tuple(f"message-{number}" for number in range(1, len(bodies) + 1))
    return {"Records": [_record(name, body, queue) for name, body in zip(names, bodies, strict=True)]}


def scheduled(at: datetime) -> dict[str, str]:
    """A schedule's event, as our stanzas' `Input` has it."""
    return {"scheduled_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def failures(answer: Mapping[str, Any]) -> list[str]:
    """The message ids that a queue's door reported as failed."""
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def _record(message_id: str, body: str, queue: str) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "receiptHandle": f"receipt-{message_id}",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1803902400000",
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": "1803902400001",
        },
        "messageAttributes": {},
        "md5OfBody": "0" * 32,
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:ap-south-1:123456789012:{queue}",
        "awsRegion": "ap-south-1",
    }


def _profile(customer_id: str) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "email": f"{customer_id}@mail.example.com",
        "name": "Asha",
        "locale": "en-IN",
        "time_zone": "Asia/Kolkata",
    }


def _order(order_id: str) -> dict[str, Any]:
    return {"order_id": order_id, "customer_id": "cust-asha"}


def _review(product_id: str) -> dict[str, Any]:
    review_id = review_id_of("cust-asha", product_id)
    return _order("order-77") | {"review_id": review_id, "product_id": product_id, "rating": 5, "revision": 1}


def _fact[E: Event](kind: type[E], known: dict[str, Any], changes: dict[str, Any]) -> E:
    identity = {"event_id": f"evt-{next(_numbers)}", "occurred_at": NOW}
    return kind.model_validate(identity | known | changes)
