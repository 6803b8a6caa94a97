"""What the two days at the shop leave out."""

import re
from datetime import timedelta
from html import unescape

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from offer_facts import signature
from shop_facts import (
    a_line,
    cart_updated,
    erased,
    hours,
    order_placed,
    product_changed,
    registered,
    rupees,
    scheduled,
)


def happen(cloud: LocalCloud) -> None:
    """One cart is bought just after it was nudged about. Another, left for days, belongs to whoever has an
    address, and is worth an offer. Somebody follows the link in a mail, and the shop asks what lies in that cart. A
    third one's customer asks to be forgotten.
    """
    dear = (a_line("Silver needle", price=rupees(5000)),)
    left = {"customer_id": None, "email": "cust-left@mail.example.com", "lines": dear}
    long_ago = cloud.now - hours(72)
    tell(cloud, registered("cust-left", occurred_at=long_ago), product_changed(occurred_at=cloud.now))
    tell(cloud, cart_updated("left", occurred_at=long_ago - timedelta(minutes=5), **left))
    tell(cloud, cart_updated("left", occurred_at=long_ago, **left))
    tell(cloud, registered("cust-too-late", occurred_at=long_ago))
    tell(cloud, cart_updated("late", customer_id="cust-too-late", occurred_at=cloud.now - hours(1)))
    cloud.invoke("CartNudgesSweepFunction", scheduled(cloud.now))
    bought = {"customer_id": "cust-too-late", "cart_id": "late", "lines": (a_line(),)}
    tell(cloud, order_placed("order-late", occurred_at=cloud.now, **bought))
    (link, *_) = (
        unescape(link)
        for mail in cloud.mails
        for link in re.findall(r'href="([^"]+/cart\?[^"]+)"', mail.html)
    )
    assert cloud.http("GET", link).status in (200, 303, 410)
    path = "/carts/" + re.findall(r"token=([^&]+)", link)[0]
    assert cloud.http("GET", path, headers=signature(path)).status == 200
    tell(cloud, registered("cust-leaves", occurred_at=cloud.now - hours(1)))
    tell(cloud, cart_updated("leaves", customer_id="cust-leaves", occurred_at=cloud.now))
    tell(cloud, erased("cust-leaves", occurred_at=cloud.now))
