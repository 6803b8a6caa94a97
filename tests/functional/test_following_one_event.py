"""From the shop's fact to the mail: one query of the log finds every line about a cart, an order or a customer."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from engagement.events.base import Event
from engagement.observability import customer_ref
from in_the_cloud import only_schedule, tell
from local_cloud.cloud import LocalCloud
from shop_facts import NOW, cart_updated, days, hours, order_delivered, order_paid, order_placed, registered

ASHA = "cust-asha"
MAIL = "MailDeliveryFunction"


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(now=NOW) as cloud:
        yield cloud


def lines(cloud: LocalCloud) -> list[tuple[str, dict[str, Any]]]:
    return [(function, json.loads(line)) for function, line in cloud.logs if line.startswith("{")]


def found(cloud: LocalCloud, what: str) -> dict[str, list[dict[str, Any]]]:
    """By function, what `filter correlation_id = "…" or subject_ref = "…"` finds."""
    ref, by_function = customer_ref(what), dict[str, list[dict[str, Any]]]()
    for function, line in lines(cloud):
        if ref in (line.get("correlation_id"), line.get("subject_ref")):
            by_function.setdefault(function, []).append(line)
    return by_function


def about_fact(cloud: LocalCloud, fact: Event) -> set[str]:
    """The functions whose log names this very event."""
    return {
        function for function, line in lines(cloud) if line.get("event_ref") == customer_ref(fact.event_id)
    }


def sent(found_lines: list[dict[str, Any]]) -> list[str]:
    return [
        line["campaign"]
        for line in found_lines
        if line.get("message") == "mail" and line["outcome"] == "sent"
    ]


def test_from_a_cart_to_its_nudge(cloud: LocalCloud) -> None:
    cart = cart_updated("cart-9", customer_id=ASHA, occurred_at=NOW)
    tell(cloud, registered(ASHA, occurred_at=NOW - days(10)), cart)
    cloud.advance(hours(2))
    assert about_fact(cloud, cart) == {"CartNudgesFactsFunction"}
    for what in ("cart-9", ASHA):
        by_function = found(cloud, what)
        assert sent(by_function[MAIL]) == ["cart_nudge"]
        assert "CartNudgesFactsFunction" in by_function


def test_from_a_registration_to_the_birthday_mail(cloud: LocalCloud) -> None:
    fact = registered(ASHA, birthday=f"1990-{NOW + days(1):%m-%d}", occurred_at=NOW - days(400))
    tell(cloud, fact)
    only_schedule(cloud, "OccasionOffersRunFunction")
    cloud.advance(days(2))
    assert {"CustomerProfilesFactsFunction", "OccasionOffersFactsFunction"} <= about_fact(cloud, fact)
    assert sent(found(cloud, ASHA)[MAIL]) == ["birthday_offer"]


def test_from_a_delivery_to_the_request_for_reviews(cloud: LocalCloud) -> None:
    delivered = order_delivered("order-1", customer_id=ASHA, occurred_at=NOW)
    tell(cloud, registered(ASHA, occurred_at=NOW - days(10)))
    tell(cloud, order_placed("order-1", customer_id=ASHA, occurred_at=NOW - days(3)), delivered)
    only_schedule(cloud, "ReviewRequestsSweepFunction")
    cloud.advance(days(15))
    assert about_fact(cloud, delivered) == {"ReviewRequestsFactsFunction"}
    for what in ("order-1", ASHA):
        assert "review_request" in sent(found(cloud, what)[MAIL])


def test_from_a_payment_to_the_points(cloud: LocalCloud) -> None:
    paid = order_paid("order-1", customer_id=ASHA, occurred_at=NOW)
    tell(cloud, paid)
    assert "LoyaltyFactsFunction" in about_fact(cloud, paid)
    assert "LoyaltyFactsFunction" in found(cloud, "order-1")


def test_a_message_that_fails_says_which_it_was_and_the_next_one_is_not_taken_for_it(
    cloud: LocalCloud,
) -> None:
    event = {"event_id": "evt-bad", "occurred_at": NOW.isoformat(), "customer_id": 7}
    cloud.publish("CustomerUpdated", event)
    tell(cloud, registered(ASHA, occurred_at=NOW))
    failed = [line for _, line in lines(cloud) if line.get("message") == "message failed"]
    rooms = ("customer_profiles", "occasion_offers", "loyalty")
    assert {line["door"] for line in failed} == {f"{room}.facts_door" for room in rooms}
    assert not [line for line in failed if "correlation_id" in line], "nobody knows whom it is about"


def test_the_log_says_neither_who_nor_which_event(cloud: LocalCloud) -> None:
    """An event's id may have anybody's address in it."""
    tell(cloud, registered(ASHA, event_id="asha@example.org-registered", occurred_at=NOW))
    cloud.advance(timedelta(minutes=1))
    assert cloud.logs
    assert not [line for _, line in cloud.logs if "example.org" in line or ASHA in line]
