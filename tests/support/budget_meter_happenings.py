"""What the bill does not reckon with by itself, told to the shop after all that it does: each has a budget, too."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from local_cloud.cloud import SentMail
from mail_facts import a_mail
from offer_facts import order_with
from points_in_the_cloud import ask_the_till, link_to
from reviews_in_the_cloud import FORM, asked_by_the_shop, reviews
from rishta_cli.cost.calls import Calls
from shop_facts import (
    as_message,
    cart_deleted,
    cart_updated,
    carts_merged,
    consent_changed,
    days,
    erased,
    hours,
    order_cancelled,
    order_paid,
    registered,
    review_moderated,
    scheduled,
)
from shop_happenings import CUP, MINUTE, TEA
from shop_on_the_meter import MeteredShop

Told = Iterator[tuple[str, Calls]]


def rarer_happenings(shop: MeteredShop) -> dict[str, Calls]:
    """What is told again, what comes in tens, what is looked at, what is taken back. At the shop of `happenings`."""
    parts = (_again, _tens, _lookups, _offers, _pages, _fates, _decisions, _farewell)
    return {name: calls for part in parts for name, calls in part(shop)}


def _again(shop: MeteredShop) -> Told:
    now = shop.cloud.now
    cart = cart_updated("cart-cara", lines=(TEA,), occurred_at=now)
    shop.tell(cart)
    yield "cart_told_again", shop.telling(cart)
    later = now + MINUTE
    yield "cart_changed", shop.telling(cart_updated("cart-cara", lines=(TEA, CUP), occurred_at=later))
    yield "cart_merged", shop.telling(carts_merged("cart-cara", into="cart-dora", occurred_at=later))
    yield "cart_deleted", shop.telling(cart_deleted("cart-dora", occurred_at=later + MINUTE))
    order = order_paid("order-again", customer_id="cust-bela", occurred_at=now)
    shop.tell(order)
    yield "order_told_again", shop.telling(order)


def _tens(shop: MeteredShop) -> Told:
    """A batch: what its messages share is asked once."""
    now = shop.cloud.now
    carts = [cart_updated(f"cart-{number}", occurred_at=now, customer_id="cust-bela") for number in range(10)]
    yield "ten_carts_updated", shop.during(lambda _: shop.tell(*carts))
    orders = [order_paid(f"order-{number}", customer_id="cust-bela", occurred_at=now) for number in range(10)]
    yield "ten_orders_paid", shop.during(lambda _: shop.tell(*orders))
    customers = [f"cust-{number}" for number in range(10)]
    shop.tell(*(registered(customer, occurred_at=now - days(2)) for customer in customers))
    about = {"kind": "transactional", "useful_until": now + hours(24)}
    for customer in customers:
        order = a_mail(f"cart_nudge:{customer}:step-1", customer_id=customer, **about)
        shop.cloud.send("MailQueue", as_message(order))
    yield "ten_mails", shop.during(lambda _: None)


def _lookups(shop: MeteredShop) -> Told:
    nudge = _mail(shop, "cart_nudge")
    cart = "/carts/" + re.findall(r"token=([^&]+)", _link(nudge, "cart"))[0]
    yield "cart_looked_up", shop.asked(lambda cloud: asked_by_the_shop(cloud, cart))
    (offer,) = shop.cloud.table("OffersTable")
    code = f"/offers/{offer['code']}"
    yield "offer_looked_up", shop.asked(lambda cloud: asked_by_the_shop(cloud, code))
    of_product = "/reviews?product_id=assam-tea"
    yield "reviews_shown", shop.asked(lambda cloud: asked_by_the_shop(cloud, of_product))


def _offers(shop: MeteredShop) -> Told:
    """Asha's offer is over; that her order had it is written down all the same, until the order is cancelled."""
    (offer,) = shop.cloud.table("OffersTable")
    used = order_with(str(offer["code"]), order_id="order-with-offer", occurred_at=shop.cloud.now)
    yield "offer_used", shop.telling(used)
    yield "order_cancelled", shop.telling(order_cancelled("order-with-offer", occurred_at=shop.cloud.now))
    held = {"customer_id": "cust-bela", "reservation_id": "checkout-2"}
    ask_the_till(shop.cloud, "reserve", points=5, **held)
    yield "points_released", shop.asked(lambda cloud: ask_the_till(cloud, "release", **held))


def _pages(shop: MeteredShop) -> Told:
    """What a customer opens from a mail, and what is sent from there."""
    mail = _mail(shop, "points_statement")
    points = link_to(shop.cloud, "cust-bela")
    yield "points_page", shop.asked(lambda cloud: cloud.http("GET", points))
    yield "mail_viewed", shop.asked(lambda cloud: cloud.http("GET", _link(mail, "mail")))
    settings, leave = _link(mail, "preferences"), _link(mail, "unsubscribe")
    yield "preferences_shown", shop.asked(lambda cloud: cloud.http("GET", settings))
    yield (
        "preferences_kept",
        shop.asked(lambda cloud: cloud.http("POST", settings, body="pause=month", headers=FORM)),
    )
    one_click = "List-Unsubscribe=One-Click"
    yield (
        "unsubscribed",
        shop.asked(lambda cloud: cloud.http("POST", leave, body=one_click, headers=FORM)),
    )
    again = consent_changed("cust-bela", granted=True, occurred_at=shop.cloud.now)
    yield "consent_changed", shop.telling(again)


def _fates(shop: MeteredShop) -> Told:
    """Of mails that have arrived."""
    nudge, points = _mail(shop, "cart_nudge"), _mail(shop, "points_statement")
    bounce: dict[str, Any] = {"feedbackId": "1", "bounceType": "Permanent", "bounceSubType": "General"}
    bounce |= {"bouncedRecipients": [{"emailAddress": points.to[0]}]}
    yield "mail_bounced", shop.during(lambda cloud: cloud.mail_event(points, "Bounce", **bounce))
    complaint = {"feedbackId": "2", "complainedRecipients": [{"emailAddress": nudge.to[0]}]}
    yield (
        "mail_complained_about",
        shop.during(lambda cloud: cloud.mail_event(nudge, "Complaint", **complaint)),
    )


def _decisions(shop: MeteredShop) -> Told:
    review = reviews(shop.cloud)["assam-tea"]
    about = {"revision": int(review["revision"]), "occurred_at": shop.cloud.now}
    rejected = review_moderated(str(review["review_id"]), published=False, **about)
    yield "review_rejected", shop.telling(rejected)
    later = scheduled(shop.cloud.now + days(91))
    yield "key_rotated", shop.during(lambda cloud: cloud.invoke("KeyRotationFunction", later))


def _farewell(shop: MeteredShop) -> Told:
    shop.until(shop.cloud.now + hours(1))
    for customer in ("asha", "bela"):
        forgotten = erased(f"cust-{customer}", occurred_at=shop.cloud.now)
        yield f"{customer}_erased", shop.telling(forgotten)


def _mail(shop: MeteredShop, campaign: str) -> SentMail:
    return next(mail for mail in shop.cloud.mails if mail.tags["Campaign"] == campaign)


def _link(mail: SentMail, page: str) -> str:
    return unescape(re.findall(rf'href="([^"]+/{page}\?[^"]+)"', mail.html)[0])
