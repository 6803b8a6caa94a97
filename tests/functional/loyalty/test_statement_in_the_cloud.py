"""A customer's statement in the local cloud: asked for by the shop, and opened by the customer's own link."""

import json
from datetime import datetime
from typing import Any

from engagement.events.base import Event
from local_cloud.cloud import HttpResponse, LocalCloud
from loyalty.links import points_url
from offer_facts import signature
from shop_facts import NOW, days, erased, hours, order_paid, registered, rupees
from stack_secrets import signing_keys

ASHA = "cust-asha"


def tell(cloud: LocalCloud, *facts: Event) -> None:
    for fact in facts:
        cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()


def statement(cloud: LocalCloud, query: str) -> tuple[int, dict[str, Any]]:
    path = f"/points/statement?{query}"
    answer = cloud.http("GET", path, headers=signature(path))
    return answer.status, json.loads(answer.body)


def link(cloud: LocalCloud, until: datetime | None = None) -> str:
    """The path of a link as a mail has it, by default for 90 days from now."""
    return points_url(signing_keys(cloud), "", ASHA, until or NOW + days(90), "en")


def opened(cloud: LocalCloud, path: str, method: str = "GET") -> HttpResponse:
    return cloud.http(method, path)


def asked_of_aws(cloud: LocalCloud) -> list[str]:
    """What the functions that only show something asked of AWS."""
    shown = ("LoyaltyPageFunction", "LoyaltyStatementFunction")
    return sorted({call.operation for call in cloud.calls if call.function in shown})


def test_the_shop_is_told_what_a_customer_has_page_by_page(cloud: LocalCloud) -> None:
    earlier = [
        order_paid(f"order-{number}", amount=rupees(10_000), occurred_at=NOW - days(40 - number))
        for number in range(3)
    ]
    tell(cloud, registered(), *earlier, order_paid("order-new", amount=rupees(5_000)))
    status, first = statement(cloud, f"customer_id={ASHA}&limit=2")
    assert (status, first["balance"], first["pending"]) == (
        200,
        325,
        [{"points": 50, "spendable_on": "2027-03-15"}],
    )
    told, page = [*first["entries"]], first
    while page["before"]:
        _, page = statement(cloud, f"customer_id={ASHA}&limit=2&before={page['before']}")
        told += page["entries"]
    assert sum(entry["points"] for entry in told) == 375
    assert [entry["sequence"] for entry in told] == [5, 4, 3, 2, 1]
    assert asked_of_aws(cloud) == ["GetItem", "GetParameter", "Query"]


def test_nobody_but_the_shop_asks_for_a_statement(cloud: LocalCloud) -> None:
    assert opened(cloud, f"/points/statement?customer_id={ASHA}").status == 403
    assert asked_of_aws(cloud) == []


def test_a_customers_link_shows_their_points_until_it_is_over_or_they_are_erased(cloud: LocalCloud) -> None:
    tell(cloud, registered(), order_paid(amount=rupees(10_000), occurred_at=NOW - days(20)))
    page = opened(cloud, link(cloud))
    assert (page.status, "<strong>125</strong>" in page.body) == (200, True)
    probed = opened(cloud, link(cloud), "HEAD")
    assert (probed.status, probed.body) == (200, "")
    assert opened(cloud, link(cloud, NOW)).status == 410
    assert opened(cloud, link(cloud), "POST").status == 404
    tell(cloud, erased(occurred_at=NOW + hours(0.01)))
    assert opened(cloud, link(cloud)).status == 410
    assert not {"PutItem", "UpdateItem"} & set(asked_of_aws(cloud))


def test_the_token_of_a_link_is_in_no_log(cloud: LocalCloud) -> None:
    path = link(cloud)
    token = path.partition("token=")[2].partition("&")[0]
    for each in (path, path.replace("token=", "token=x"), link(cloud, NOW)):
        opened(cloud, each)
    logged = [line for invocation in cloud.invocations for line in invocation.logs]
    assert len(cloud.invocations) >= 3
    assert not [line for line in logged if token in line or ASHA in line]
