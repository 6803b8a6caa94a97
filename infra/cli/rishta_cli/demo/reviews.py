"""The thread of the reviews: who is asked, who is not, and what one of them writes."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from http import HTTPStatus
from urllib.parse import urlencode

from engagement.events.orders import CaseOpened, OrderCancelled, OrderDelivered, OrderRefunded
from engagement.events.reviews import ReviewSubmitted
from local_cloud.cloud import LocalCloud
from rishta_cli.demo.steps import FORM, Step, at, line, money, order


def review_steps() -> Iterator[Step]:
    # Delivered six days and some hours before the story begins: asked about on its second day, or its third.
    yield order("bina", OrderDelivered, -150.0, lines=(line("Ilam tea", 640), line("Copper kettle", 2400)))
    kettle = {"product_id": "copper-kettle"}
    yield order("bina", OrderRefunded, 8.5, refund_id="kettle", amount=money(2400), lines=(kettle,))
    yield order(
        "lena",
        OrderDelivered,
        -148.0,
        lines=(line("Assam & Friends", 22, "EUR"), line("Teapot", 45, "EUR")),
    )
    yield Step(
        at(24.0), "lena clicks on four stars in her mail", do=_review_by_lena(0, "Malty, and well packed")
    )
    yield Step(
        at(24.1), "lena writes of the teapot, too", do=_review_by_lena(1, "Cheaper at www.example.com")
    )
    yield order("omar", OrderDelivered, -149.0, lines=(line("Mint tea", 7, "GBP"),))
    yield order("omar", OrderRefunded, 5.0, refund_id="refund-omar", amount=money(7, "GBP"))
    yield order("arjun", OrderDelivered, -150.5, lines=(line("Kulhad", 540),))
    yield order("arjun", CaseOpened, 6.5, case_id="case-arjun", kind="complaint")
    yield order("kenji", OrderDelivered, -147.0, lines=(line("Matcha", 30, "USD"),))
    yield order("kenji", ReviewSubmitted, 9.0, rating=5)
    yield order("tom", OrderDelivered, -146.0, lines=(line("Tea cosy", 25, "GBP"),))
    yield order("tom", OrderCancelled, 10.0)
    yield order("priya", OrderDelivered, -145.0, lines=(line("Masala box", 450),))


def _review_by_lena(product: int, text: str) -> Callable[[LocalCloud], None]:
    def write(cloud: LocalCloud) -> None:
        mail = next(
            mail
            for mail in cloud.mails
            if "lena@" in mail.to[0] and mail.tags["Campaign"] == "review_request"
        )
        link = unescape(re.findall(r'href="([^"]+/review\?[^"]+stars=4)"', mail.html)[product])
        # A scanner follows the link first: that writes nothing.
        cloud.http("GET", link)
        body = urlencode({"rating": "4", "title": "", "text": text, "photo_url": "", "name": "Lena"})
        answer = cloud.http("POST", link, body=body, headers=FORM)
        if answer.status != HTTPStatus.SEE_OTHER:
            raise RuntimeError(f"the form of a review answered {answer.status}")

    return write
