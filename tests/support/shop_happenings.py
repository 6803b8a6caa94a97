"""The things that happen at a shop, told one after the other to a shop on the meter: what `calls.yaml` has of each."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from points_in_the_cloud import ask_the_till
from reviews_in_the_cloud import asked_by_the_shop, link_to, send_form
from rishta_cli.cost.calls import Calls
from rishta_cli.cost.stack import Stack
from ses_facts import A_BROWSER
from shop_facts import (
    NOW,
    a_line,
    a_paid_line,
    cart_updated,
    days,
    hours,
    order_delivered,
    order_fulfilled,
    order_paid,
    order_placed,
    order_refunded,
    product_changed,
    profile_updated,
    registered,
    rupees,
)
from shop_on_the_meter import MeteredShop

Told = Iterator[tuple[str, Calls]]

TEA, CUP = a_line("Assam tea"), a_line("Clay cup")
MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - days(60)
# Nine in the morning in Kolkata, on Asha's birthday.
BIRTHDAY = datetime(2027, 3, 2, 3, 30, tzinfo=UTC)
CARTS, OCCASIONS, OFFERS = "CartNudgesSweepFunction", "OccasionOffersRunFunction", "OffersSweepFunction"
REQUESTS, LOYALTY = "ReviewRequestsSweepFunction", "LoyaltySweepFunction"


def happenings(shop: MeteredShop) -> dict[str, Calls]:
    """Asha leaves a cart and has her birthday; Bela buys, reviews, and has points. In the order of their days."""
    parts = (_customers, _carts, _orders, _birthday, _review, _reminded, _ended, _points)
    return {name: calls for part in parts for name, calls in part(shop)}


def sweeps(shop: MeteredShop) -> dict[str, Calls]:
    """What each scheduled function does where customers are known and nothing is due."""
    shop.tell(registered("cust-first", occurred_at=LONG_AGO))
    return {name: shop.idle(name) for name in Stack.of_template().runs}


def _customers(shop: MeteredShop) -> Told:
    shop.tell(registered("cust-first", occurred_at=LONG_AGO))  # so that no cold start is measured
    asha = registered("cust-asha", birthday="1990-03-02", occurred_at=LONG_AGO)
    yield "customer_registered", shop.telling(asha)
    shop.tell(registered("cust-bela", occurred_at=LONG_AGO))
    moved = profile_updated("cust-bela", email="bela@new.example.com", occurred_at=LONG_AGO + days(1))
    yield "customer_updated", shop.telling(moved)
    shop.tell(product_changed(), product_changed("clay-cup", name="Clay cup"))
    cheaper = product_changed(prices=(rupees(399),), occurred_at=NOW + MINUTE)
    yield "product_changed", shop.telling(cheaper)


def _carts(shop: MeteredShop) -> Told:
    shop.tell(cart_updated("cart-first", lines=()))
    idle = shop.idle(CARTS)
    yield "cart_updated", shop.telling(cart_updated("cart-asha", lines=(TEA, CUP)))
    shop.until(NOW + hours(1) + MINUTE)
    yield "cart_nudge", shop.found(CARTS, idle)
    (mail,) = shop.cloud.mails
    yield "mail_opened", shop.during(lambda cloud: cloud.mail_event(mail, "Open", userAgent=A_BROWSER))
    link = unescape(re.findall(r'href="([^"]+/cart\?[^"]+)"', mail.html)[0])
    clicked = {"userAgent": A_BROWSER, "link": link}
    yield "mail_clicked", shop.during(lambda cloud: cloud.mail_event(mail, "Click", **clicked))
    yield "page_viewed", shop.asked(lambda cloud: cloud.http("GET", link))
    shop.until(shop.cloud.now + hours(1))
    yield "nudge_counted", shop.found(CARTS, idle)
    shop.tell(
        cart_updated("cart-bela", customer_id="cust-bela", lines=(TEA, CUP), occurred_at=shop.cloud.now)
    )


def _orders(shop: MeteredShop) -> Told:
    now = shop.cloud.now
    bela: dict[str, Any] = {"customer_id": "cust-bela", "occurred_at": now}
    yield "order_placed", shop.telling(order_placed(cart_id="cart-bela", lines=(TEA, CUP), **bela))
    paid = (a_paid_line("Assam tea"), a_paid_line("Clay cup"))
    yield "order_paid", shop.telling(order_paid(amount=rupees(900), lines=paid, **bela))
    yield "order_fulfilled", shop.telling(order_fulfilled(lines=(TEA, CUP), **bela))
    idle = shop.idle(CARTS)
    shop.until(now + hours(1) + MINUTE)
    yield "cart_bought", shop.found(CARTS, idle)
    now = shop.cloud.now
    yield "order_delivered", shop.telling(order_delivered(lines=(TEA, CUP), **bela | {"occurred_at": now}))


def _birthday(shop: MeteredShop) -> Told:
    """A day's first look into a zone, with a birthday among its customers, and without one."""
    days_work = [_nine_oclock(shop, BIRTHDAY), _nine_oclock(shop, BIRTHDAY + days(1))]
    yield "occasion_mail", days_work[0].less(days_work[1])
    yield "occasion_day", days_work[1]


def _nine_oclock(shop: MeteredShop, instant: datetime) -> Calls:
    shop.until(instant - 15 * MINUTE)
    idle = shop.idle(OCCASIONS)
    shop.until(instant)
    work = shop.found(OCCASIONS, idle)
    shop.until(instant + 2 * hours(1))  # the anniversaries' hour
    shop.sweep(OCCASIONS)
    return work


def _review(shop: MeteredShop) -> Told:
    """A week after the parcel came, at five in the afternoon in Kolkata."""
    due = datetime(2027, 3, 9, 11, 30, tzinfo=UTC)
    shop.until(due - 15 * MINUTE)
    idle = shop.idle(REQUESTS)
    shop.until(due)
    yield "review_request", shop.found(REQUESTS, idle)
    link = link_to(shop.cloud, customer_id="cust-bela")
    words = {"text": "Light, floral, and well packed"}
    yield (
        "review_written",
        shop.asked(lambda cloud: cloud.http("GET", link), lambda cloud: send_form(cloud, link, 5, **words)),
    )
    path = "/ratings?product_id=assam-tea"
    yield "rating_shown", shop.asked(lambda cloud: asked_by_the_shop(cloud, path))


def _reminded(shop: MeteredShop) -> Told:
    """Asha has not used her birthday's offer."""
    yield "offer_reminder", _when_due(shop, "remind_at")


def _ended(shop: MeteredShop) -> Told:
    """And never does."""
    yield "offer_ended", _when_due(shop, "ends_at")


def _when_due(shop: MeteredShop, name: str) -> Calls:
    (offer,) = shop.cloud.table("OffersTable")
    due = datetime.fromisoformat(offer[name]) + hours(1)
    shop.until(due - hours(2))
    idle = shop.idle(OFFERS)
    shop.until(due)
    return shop.found(OFFERS, idle)


def _points(shop: MeteredShop) -> Told:
    """What Bela does with hers, and her month."""
    held = {"customer_id": "cust-bela", "reservation_id": "checkout-1"}
    yield (
        "points_spent",
        shop.asked(
            lambda cloud: ask_the_till(cloud, "reserve", points=5, order_id="order-78", **held),
            lambda cloud: ask_the_till(cloud, "commit", **held),
        ),
    )
    path = "/points/statement?customer_id=cust-bela"
    yield "points_shown", shop.asked(lambda cloud: asked_by_the_shop(cloud, path))
    april = datetime(2027, 4, 1, 5, 0, tzinfo=UTC)
    shop.until(april - days(1))
    idle = shop.idle(LOYALTY)
    shop.until(april)
    yield "points_mail", shop.found(LOYALTY, idle)
    refund = order_refunded(customer_id="cust-bela", amount=rupees(900), occurred_at=april)
    yield "order_refunded", shop.telling(refund)
