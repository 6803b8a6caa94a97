"""What is to be done about a customer, and when. All instants are UTC."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from review_requests.campaign import ReviewRequestSettings
from review_requests.customers import Asked, Customer, Handed, Request
from review_requests.local_hour import at_local_hour, mailing_hour
from review_requests.orders import Order
from review_requests.rules import (
    Reason,
    Ripe,
    due_at,
    over_for,
    reason_of_nothing,
    ripe,
    would_be_due_at,
)
from review_requests.waiting import ever_later_look, waiting_look

# Orders in one mail; those beyond are asked about in the next.
MOST_TOGETHER = 20


@dataclass(frozen=True)
class Ask:
    """Ask about these orders, the first of which leads and has been `due` the longest."""

    at: datetime
    due: datetime
    orders: tuple[str, ...]
    useful_until: datetime


@dataclass(frozen=True)
class LetBe:
    """The order is never asked about."""

    at: datetime
    order_id: str
    reason: Reason


@dataclass(frozen=True)
class Remind:
    """Remind of the request; with a reason, nobody is reminded."""

    at: datetime
    due: datetime
    request: Request
    useful_until: datetime
    reason: Reason | None = None


type Deed = Ask | LetBe | Remind


def deeds(customer: Customer, settings: ReviewRequestSettings, now: datetime, zone: str | None) -> list[Deed]:
    """Whom not to mail about what, and the next mail: one at most, for each is to be the customer's only one for a
    while. Without a `zone` the hour on the customer's clock is not minded yet.
    """
    found: list[Deed] = []
    open_orders: dict[str, datetime] = {}
    in_requests = customer.in_requests
    for order_id, order in sorted(customer.orders.items()):
        if order_id in in_requests:
            continue
        left = ripe(order, customer.reviewed, settings)
        due = due_at(left, settings)
        if let_be := _let_be(order_id, order, left, settings, now):
            found.append(let_be)
        elif due:
            open_orders[order_id] = due
    reminders = [
        remind
        for each in customer.requests.values()
        if (remind := _remind(customer, each, settings, now, zone)) is not None
    ]
    found += [remind for remind in reminders if remind.reason]
    if any(_is_out(each.newest) for each in customer.requests.values()):
        return found
    mails: list[Ask | Remind] = [remind for remind in reminders if not remind.reason]
    if open_orders:
        mails.append(_ask(open_orders, customer.last_mailed_at, settings, now, zone))
    # What is of no more use first was due first.
    return found + sorted(mails, key=lambda mail: (mail.at, mail.due))[:1]


def products_of(
    customer: Customer, order_ids: Iterable[str], settings: ReviewRequestSettings, now: datetime
) -> tuple[Asked, ...]:
    """What of these orders may be asked about at `now`, each product once; an order with an open case waits."""
    found: dict[str, str] = {}
    for order_id in order_ids:
        order = customer.orders.get(order_id)
        if order is None or order.has_open_case:
            continue
        for product_id, ripe_at in sorted(ripe(order, customer.reviewed, settings).items()):
            if ripe_at and ripe_at <= now:
                found.setdefault(product_id, order_id)
    return tuple((order_id, product_id) for product_id, order_id in found.items())


def next_look(
    customer: Customer,
    settings: ReviewRequestSettings,
    now: datetime,
    zone: str | None = None,
    stuck: Collection[Deed] = (),
) -> datetime | None:
    """When somebody is to look at the customer next, never before `now`; None: nothing will ever be due unless the shop
    tells more. What is `stuck` is due, and could not be done yet.
    """
    looks = [
        waiting_look(handed, now)
        for each in customer.requests.values()
        if (handed := each.in_flight) is not None
    ]
    for deed in deeds(customer, settings, now, zone):
        if deed in stuck:
            looks.append(min(ever_later_look(deed.at, now), _end_of(deed)))
        else:
            # A past that is told late does not go before what is due today.
            looks.append(max(deed.at, now))
    return min(looks, default=None)


def _end_of(deed: Deed) -> datetime:
    return deed.at if isinstance(deed, LetBe) else deed.useful_until


def _is_out(handed: Handed) -> bool:
    """Whether nobody knows yet if the customer got it: then nobody knows when they may get another."""
    return handed.reason is None and not handed.over


def _let_be(
    order_id: str, order: Order, left: Ripe, settings: ReviewRequestSettings, now: datetime
) -> LetBe | None:
    """Of an order of which nothing was ever sent nobody says why there is no mail."""
    due = due_at(left, settings)
    if due is not None:
        end = due + settings.useful_for
        if order.has_open_case:
            return LetBe(end, order_id, "case_open")
        return LetBe(end, order_id, "too_late") if now >= end else None
    would_be = would_be_due_at(order, settings)
    if would_be is None or left:
        return None
    reason = reason_of_nothing(order, settings)
    # What came back may be sent again, and then the order starts over.
    return LetBe(would_be if over_for(order) else would_be + settings.useful_for, order_id, reason)


def _ask(
    dues: Mapping[str, datetime],
    last_mailed_at: datetime | None,
    settings: ReviewRequestSettings,
    now: datetime,
    zone: str | None,
) -> Ask:
    by_due = sorted(dues, key=lambda order_id: (dues[order_id], order_id))
    together_until = dues[by_due[0]] + settings.together_within
    last = max(due for due in dues.values() if due <= together_until)
    at = mailing_hour(last, _free_at(last_mailed_at, settings), now, settings.local_hour, zone)
    orders = tuple(order_id for order_id in by_due if dues[order_id] <= at)[:MOST_TOGETHER]
    return Ask(at, dues[by_due[0]], orders, dues[orders[-1]] + settings.useful_for)


def _free_at(last_mailed_at: datetime | None, settings: ReviewRequestSettings) -> datetime | None:
    """Nobody gets another of our mails before; None: nobody had one yet."""
    return last_mailed_at + settings.together_within if last_mailed_at else None


def _remind(
    customer: Customer, request: Request, settings: ReviewRequestSettings, now: datetime, zone: str | None
) -> Remind | None:
    asked_at = request.first.left_at
    if settings.remind_after is None or asked_at is None or request.reminder is not None:
        return None
    due = asked_at + settings.remind_after
    at, end = at_local_hour(due, settings.local_hour, zone), due + settings.useful_for
    if reason := _why_not_remind(customer, request, settings, now):
        return Remind(end if reason == "case_open" and now < end else at, due, request, end, reason)
    if now >= end:
        return Remind(at, due, request, end, "too_late")
    free = _free_at(customer.last_mailed_at, settings)
    return Remind(mailing_hour(due, free, now, settings.local_hour, zone), due, request, end)


def _why_not_remind(
    customer: Customer, request: Request, settings: ReviewRequestSettings, now: datetime
) -> Reason | None:
    orders = [customer.orders[each] for each in request.orders if each in customer.orders]
    if any(order.reviewed for order in orders):
        return "reviewed"
    if reminded_products(customer, request, settings, now):
        return None
    if any(order.has_open_case for order in orders):
        return "case_open"
    nothing = [order for order in orders if not ripe(order, customer.reviewed, settings)]
    return reason_of_nothing(nothing[0], settings) if nothing else "not_arrived"


def reminded_products(
    customer: Customer, request: Request, settings: ReviewRequestSettings, now: datetime
) -> tuple[Asked, ...]:
    """What of the request is left: of a product that two of its orders had, one is enough."""
    left = {
        product_id: order_id for order_id, product_id in products_of(customer, request.orders, settings, now)
    }
    return tuple((left[each], each) for _, each in request.first.products if each in left)
