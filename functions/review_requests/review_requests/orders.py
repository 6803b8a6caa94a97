"""What is known of an order, and how a fact adds to it: in any order, any number of times, with the same result."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from engagement.events.base import Line
from engagement.events.orders import (
    CaseClosed,
    CaseOpened,
    Destination,
    OrderCancelled,
    OrderDelivered,
    OrderFulfilled,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
)
from engagement.events.reviews import ReviewSubmitted

type OrderNews = (
    OrderPlaced
    | OrderPaid
    | OrderFulfilled
    | OrderDelivered
    | OrderCancelled
    | OrderRefunded
    | CaseOpened
    | CaseClosed
    | ReviewSubmitted
)
# When it was told (UTC), and what: of two the later counts, and of two at once always the same one.
type Said = tuple[datetime, str]

# A delivery that names no parcel is one of its own. No id begins with "-".
ONLY_PARCEL = "-"
# An order of 200 lines has to fit an item of 400 KB; a longer address is left out of the mail.
_LONGEST_PICTURE = 600


class Known(BaseModel):
    """What lies in a record, as JSON has it. Instants are UTC."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Product(Known):
    """As far as a mail about it needs to know. `kind` is said where it is not a thing in a parcel."""

    name: Said
    quantity: int
    image_url: Said | None = None
    category: Said | None = None
    kind: Said | None = None


class Parcel(Known):
    """`fulfilled` and `delivered`: when the newest of each was told, and where the parcel goes. `left_at` is the
    oldest: a day of delivery that is told anew is no new parcel. `expected_at` is that of the newest.
    """

    product_ids: frozenset[str]
    left_at: datetime | None = None
    fulfilled: tuple[datetime, Destination, datetime | None] | None = None
    delivered: tuple[datetime, Destination] | None = None


class Refund(Known):
    """`product_ids`: none of them, for money alone; None where the shop does not say."""

    at: datetime
    amount_minor: int
    currency: str
    product_ids: frozenset[str] | None = None


class Case(Known):
    opened_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and (self.closed_at is None or self.closed_at < self.opened_at)


class Order(Known):
    """`told_at`: the newest fact. `paid`: when first, how much, and in which currency."""

    told_at: datetime
    products: Mapping[str, Product] = {}
    parcels: Mapping[str, Parcel] = {}
    refunds: Mapping[str, Refund] = {}
    cases: Mapping[str, Case] = {}
    paid: tuple[datetime, int, str] | None = None
    imported: bool = False
    cancelled: bool = False
    reviewed: bool = False

    @property
    def has_open_case(self) -> bool:
        return any(case.is_open for case in self.cases.values())


def with_fact(order: Order | None, fact: OrderNews) -> Order:
    """The order once this is known of it, too."""
    order = order or Order(told_at=fact.occurred_at)
    order = order.model_copy(update={"told_at": max(order.told_at, fact.occurred_at)})
    return order.model_copy(update=_news(order, fact))


def _news(order: Order, fact: OrderNews) -> Mapping[str, object]:
    at = fact.occurred_at
    match fact:
        case OrderPlaced():
            return {"products": _products(order, fact.lines, at)}
        case OrderPaid():
            paid = (at, fact.amount.amount_minor, fact.amount.currency)
            first = min(paid, order.paid) if order.paid else paid
            return {"paid": first, "imported": order.imported or fact.imported}
        case OrderFulfilled():
            return {
                "products": _products(order, fact.lines, at),
                "parcels": _with(order.parcels, fact.fulfilment_id, _left(order, fact)),
            }
        case OrderDelivered():
            return {
                "products": _products(order, fact.lines, at),
                "parcels": _with(order.parcels, fact.fulfilment_id or ONLY_PARCEL, _arrived(order, fact)),
            }
        case OrderRefunded():
            return {"refunds": _with(order.refunds, fact.refund_id, _refund(order, fact))}
        case CaseOpened() | CaseClosed():
            return {"cases": _with(order.cases, fact.case_id, _case(order, fact))}
        case OrderCancelled():
            return {"cancelled": True}
        case ReviewSubmitted():
            return {"reviewed": True}


def _products(order: Order, lines: Iterable[Line], at: datetime) -> Mapping[str, Product]:
    told: dict[str, Product] = {}
    for line in lines:
        # A shop may split one product over several lines.
        earlier = told.get(line.product_id)
        told[line.product_id] = _product(line, at, line.quantity + (earlier.quantity if earlier else 0))
    merged = {product_id: _merged(order.products.get(product_id), new) for product_id, new in told.items()}
    return {**order.products, **merged}


def _product(line: Line, at: datetime, quantity: int) -> Product:
    picture = line.image_url if line.image_url and len(line.image_url) <= _LONGEST_PICTURE else None
    return Product(
        name=(at, line.name),
        quantity=quantity,
        image_url=(at, picture) if picture else None,
        category=(at, line.category) if line.category else None,
        kind=(at, line.kind) if line.kind != "physical" else None,
    )


def _merged(old: Product | None, new: Product) -> Product:
    if old is None:
        return new
    return Product(
        name=max(old.name, new.name),
        # A parcel may hold a part of what was placed.
        quantity=max(old.quantity, new.quantity),
        image_url=_latest(old.image_url, new.image_url),
        category=_latest(old.category, new.category),
        kind=_latest(old.kind, new.kind),
    )


def _left(order: Order, fact: OrderFulfilled) -> Parcel:
    old = order.parcels.get(fact.fulfilment_id, Parcel(product_ids=frozenset()))
    told = (fact.occurred_at, fact.destination, fact.expected_at)
    # Two tellings of one moment: any rule will do that does not ask which came first.
    newest = max((each for each in (old.fulfilled, told) if each), key=lambda each: (each[0], str(each)))
    return old.model_copy(
        update={
            "product_ids": old.product_ids | {line.product_id for line in fact.lines},
            "left_at": min(old.left_at or fact.occurred_at, fact.occurred_at),
            "fulfilled": newest,
        }
    )


def _arrived(order: Order, fact: OrderDelivered) -> Parcel:
    old = order.parcels.get(fact.fulfilment_id or ONLY_PARCEL, Parcel(product_ids=frozenset()))
    told: tuple[datetime, Literal["domestic", "foreign"]] = (fact.occurred_at, fact.destination)
    return old.model_copy(
        update={
            "product_ids": old.product_ids | {line.product_id for line in fact.lines},
            "delivered": max(old.delivered, told) if old.delivered else told,
        }
    )


def _refund(order: Order, fact: OrderRefunded) -> Refund:
    told = Refund(
        at=fact.occurred_at,
        amount_minor=fact.amount.amount_minor,
        currency=fact.amount.currency,
        product_ids=None if fact.lines is None else frozenset(line.product_id for line in fact.lines),
    )
    old = order.refunds.get(fact.refund_id)
    return max((each for each in (old, told) if each), key=_rank)


def _rank(refund: Refund) -> tuple[datetime, int, str, str]:
    named = "all" if refund.product_ids is None else " ".join(sorted(refund.product_ids))
    return refund.at, refund.amount_minor, refund.currency, named


def _case(order: Order, fact: CaseOpened | CaseClosed) -> Case:
    old = order.cases.get(fact.case_id, Case())
    name = "opened_at" if isinstance(fact, CaseOpened) else "closed_at"
    known: datetime | None = getattr(old, name)
    return old.model_copy(update={name: max(known or fact.occurred_at, fact.occurred_at)})


def _latest(one: Said | None, other: Said | None) -> Said | None:
    return max((said for said in (one, other) if said), default=None)


def _with[T](known: Mapping[str, T], key: str, value: T) -> Mapping[str, T]:
    return {**known, key: value}
