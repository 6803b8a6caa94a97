"""Reviews in the local cloud: the link of an invitation, the form behind it, and what the bus was told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from botocore.exceptions import EndpointConnectionError

from engagement.review_links import ReviewLink, review_id_of, review_url
from local_cloud.cloud import AwsCall, HttpResponse, LocalCloud
from offer_facts import signature
from shop_facts import days
from stack_secrets import signing_keys

FORM = {"content-type": "application/x-www-form-urlencoded"}


def link_to(
    cloud: LocalCloud,
    product_id: str = "assam-tea",
    customer_id: str = "cust-asha",
    *,
    until: datetime | None = None,
) -> str:
    """The path of a link as a mail has it, by default for 180 days from now."""
    link = ReviewLink(review_id_of(customer_id, product_id), until or cloud.now + days(180))
    return review_url(signing_keys(cloud), "", link, "en")


def send_form(cloud: LocalCloud, link: str, stars: int, text: str = "", **fields: str) -> HttpResponse:
    """What a browser sends for these stars and words; what follows from it happens, too."""
    filled = {"rating": str(stars), "title": "", "text": text, "photo_url": "", "name": "", **fields}
    answer = cloud.http("POST", link, body=urlencode(filled), headers=FORM)
    cloud.settle()
    return answer


def reviews(cloud: LocalCloud) -> dict[str, dict[str, Any]]:
    items = cloud.table("ReviewsTable")
    return {item["product_id"]: item for item in items if "product_id" in item}


def rating(cloud: LocalCloud, *product_ids: str) -> list[tuple[int, float | None]]:
    """How many reviews each product has that are shown, and their mean, as the shop is told."""
    path = "/ratings?" + urlencode([("product_id", each) for each in product_ids])
    answer = json.loads(cloud.http("GET", path, headers=signature(path)).body)
    return [(each["count"], each["mean"] and float(each["mean"])) for each in answer["ratings"]]


def asked_by_the_shop(cloud: LocalCloud, path: str) -> HttpResponse:
    """A request that is signed by a role of the shop's."""
    return cloud.http("GET", path, headers=signature(path))


@contextmanager
def bus_away(cloud: LocalCloud, function: str) -> Iterator[None]:
    """The bus takes nothing from this function for as long."""

    def refuse(call: AwsCall, moment: str) -> None:
        if (call.function, call.operation, moment) == (function, "PutEvents", "before"):
            raise EndpointConnectionError(endpoint_url="https://events.example.com")

    cloud.faults.append(refuse)
    yield
    cloud.faults.remove(refuse)
