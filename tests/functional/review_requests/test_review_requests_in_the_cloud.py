"""Review requests in the local cloud, from the shop's fact to the customer's mail, their review and their points."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest

from engagement.events.base import Event
from in_the_cloud import Kill, only_schedule, stride, tell
from local_cloud.cloud import LocalCloud, SentMail
from points_in_the_cloud import matured
from reviews_in_the_cloud import rating, reviews, send_form
from shop_facts import (
    NOW,
    a_line,
    case_closed,
    case_opened,
    consent_changed,
    days,
    erased,
    hours,
    on_the_bus,
    order_cancelled,
    order_delivered,
    order_fulfilled,
    order_paid,
    order_refunded,
    registered,
    review_submitted,
    rupees,
    scheduled,
    sqs_batch,
)

FACTS, SWEEP = "ReviewRequestsFactsFunction", "ReviewRequestsSweepFunction"
TEA, CUP = a_line("Assam tea"), a_line("Clay cup")
# Due as the tests begin. A day later it was five in the afternoon once, wherever the customer lives.
DELIVERED = NOW - days(7)
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(now=NOW) as cloud:
        only_schedule(cloud, SWEEP)
        yield cloud


def delivered(order_id: str = "order-77", *lines: Any, **changes: Any) -> Event:
    return order_delivered(order_id, **{"occurred_at": DELIVERED, "lines": lines or (TEA, CUP), **changes})


def asked(cloud: LocalCloud) -> list[SentMail]:
    return [mail for mail in cloud.mails if mail.tags["Campaign"] == "review_request"]


def reasons(cloud: LocalCloud) -> dict[str, str]:
    """Why there is no mail, by send key."""
    log = cloud.table("MailLogTable")
    return {item["send_key"]: item["reason"] for item in log if item["mail_status"] == "skipped"}


def star_links(mail: SentMail, stars: int) -> list[str]:
    """The paths of the links to the forms with so many stars, in the order of the products."""
    links = re.findall(rf'href="([^"]+/review\?[^"]+stars={stars})"', mail.html)
    return [f"{urlsplit(link).path}?{urlsplit(link).query}" for link in map(unescape, links)]


def pass_time(cloud: LocalCloud, by: timedelta) -> None:
    """Swept twice a day: at midnight and at noon UTC, when it has just been five in the afternoon in India."""
    stride(cloud, by, every=12 * AN_HOUR)


def heard(cloud: LocalCloud, fact: Event) -> None:
    """The room hears of a fact, and nobody else does anything yet."""
    assert cloud.invoke(FACTS, sqs_batch(on_the_bus(fact))).ok


def test_a_star_in_the_mail_leads_to_a_review_its_points_and_no_reminder(cloud: LocalCloud) -> None:
    tell(cloud, registered(occurred_at=NOW - days(30)), delivered())
    pass_time(cloud, days(1))
    (mail,) = asked(cloud)
    first, second = star_links(mail, 4)
    before = cloud.table("ReviewsTable")
    assert {item["product_id"] for item in before} == {"assam-tea", "clay-cup"}
    for link in (first, second):
        # As a scanner does, of every link.
        assert 'value="4" checked' in cloud.http("GET", link).body
    assert cloud.table("ReviewsTable") == before
    assert send_form(cloud, first, 2, "Light, floral, and well packed").status == 303
    assert reviews(cloud)["assam-tea"]["state"] == "published"
    assert (rating(cloud, "assam-tea"), matured(cloud)) == ([(1, 2.0)], 20)
    pass_time(cloud, days(9))
    assert len(asked(cloud)) == 1
    assert reasons(cloud) == {"review_request:order-77:reminder": "reviewed"}


def test_what_is_sent_back_while_the_mail_waits_is_not_in_it(cloud: LocalCloud) -> None:
    tell(cloud, registered(), delivered())
    pass_time(cloud, hours(23))
    cloud.schedules_paused.add(SWEEP)
    cloud.advance(by=AN_HOUR)
    cloud.invoke(SWEEP, scheduled(cloud.now))
    assert cloud.backlog()["MailQueue"] == 1
    cup = {"product_id": "clay-cup", "quantity": 1}
    heard(cloud, order_refunded(amount=rupees(120), lines=(cup,), occurred_at=cloud.now))
    cloud.settle()
    assert asked(cloud) == []
    cloud.invoke(SWEEP, scheduled(cloud.now + AN_HOUR / 60))
    cloud.advance(by=AN_HOUR / 60)
    cloud.settle()
    (mail,) = asked(cloud)
    assert "Assam tea" in mail.text
    assert "Clay cup" not in mail.text


def test_five_orders_of_a_week_are_asked_about_in_one_mail_and_reminded_of_once(cloud: LocalCloud) -> None:
    tell(cloud, registered())
    for number in range(5):
        line = a_line(f"Tea {number}", quantity=number + 1)
        tell(cloud, delivered(f"order-{number}", line, occurred_at=DELIVERED + days(number)))
    pass_time(cloud, days(6))
    (mail,) = asked(cloud)
    assert [f"Tea {number}" in mail.text for number in range(5)] == [True] * 5
    assert len(star_links(mail, 5)) == len(reviews(cloud)) == 5
    pass_time(cloud, days(18))
    request, reminder = asked(cloud)
    assert star_links(request, 5) == star_links(reminder, 5)
    assert reasons(cloud) == {}


def test_whoever_waits_for_an_answer_is_not_asked_until_they_have_it(cloud: LocalCloud) -> None:
    tell(cloud, registered(), delivered(), case_opened(occurred_at=NOW))
    tell(cloud, registered("cust-bina"), delivered("order-b", customer_id="cust-bina"))
    tell(cloud, case_opened("order-b", customer_id="cust-bina", occurred_at=NOW))
    pass_time(cloud, days(2))
    assert asked(cloud) == []
    tell(cloud, case_closed(occurred_at=cloud.now))
    pass_time(cloud, days(1))
    assert [mail.to[0] for mail in asked(cloud)] == ["cust-asha@mail.example.com"]
    pass_time(cloud, days(12))
    assert reasons(cloud) == {"review_request:order-b:first": "case_open"}


def test_of_what_nobody_is_asked_about_the_log_says_why(cloud: LocalCloud) -> None:
    card = a_line("Gift card").model_copy(update={"kind": "gift_card"})
    why: dict[str, str] = {}

    def story(name: str, reason: str, *facts: Event) -> None:
        whose = {"customer_id": f"cust-{name}", "order_id": f"order-{name}"}
        why[f"review_request:order-{name}:first"] = reason
        tell(cloud, registered(f"cust-{name}"), *(fact.model_copy(update=whose) for fact in facts))

    story("a", "cancelled", delivered(), order_cancelled())
    story("b", "refunded", order_refunded(), delivered())
    paid, all_of_it = order_paid(amount=rupees(970)), order_refunded(amount=rupees(970), lines=())
    story("c", "refunded", paid, delivered(), all_of_it)
    story("d", "reviewed", review_submitted(), delivered())
    story("e", "not_reviewable", delivered("order-e", card))
    story("f", "imported", order_paid(imported=True), delivered())
    story("g", "unsubscribed", consent_changed("cust-g", topic="reviews", granted=False), delivered())
    pass_time(cloud, days(15))
    assert asked(cloud) == []
    assert reasons(cloud) == why


def test_an_order_in_two_parcels_waits_for_the_second_wherever_that_is(cloud: LocalCloud) -> None:
    first = delivered("order-77", TEA, fulfilment_id="parcel-1")
    second: dict[str, Any] = {"fulfilment_id": "parcel-2", "lines": (CUP,), "occurred_at": DELIVERED}
    expected = order_fulfilled(**second, expected_at=DELIVERED + days(2))
    tell(cloud, registered(), first, expected)
    put_off = {**second, "occurred_at": NOW, "expected_at": DELIVERED + days(3)}
    tell(cloud, order_fulfilled(**put_off))
    pass_time(cloud, days(3) - AN_HOUR)
    assert asked(cloud) == []
    pass_time(cloud, days(1) + AN_HOUR)
    (mail,) = asked(cloud)
    assert "Assam tea" in mail.text
    assert "Clay cup" in mail.text


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_sweep_killed_at_any_call_still_asks_exactly_once(cloud: LocalCloud, moment: str) -> None:
    cloud.schedules_paused.add(SWEEP)
    delivered_at = NOW - days(9)
    # Each takes an hour, and falls due where it is five o'clock by then.
    for operation, ahead_of_utc in [
        ("Query", 5),
        ("UpdateItem", 4),
        ("BatchGetItem", 3),
        ("TransactWriteItems", 2),
        ("PutEvents", 1),
        ("SendMessageBatch", 0),
    ]:
        customer, killed = f"cust-{operation}", Kill(SWEEP, operation, moment)
        told = delivered(f"order-{operation}", customer_id=customer, occurred_at=delivered_at)
        tell(cloud, registered(customer, time_zone=f"Etc/GMT-{ahead_of_utc}"), told)
        cloud.faults.append(killed)
        cloud.invoke(SWEEP, scheduled(cloud.now))
        cloud.faults.clear()
        assert killed.happened, operation
        for _ in range(3):
            cloud.advance(by=AN_HOUR / 3)
            cloud.invoke(SWEEP, scheduled(cloud.now))
            cloud.settle()
        times = [mail.to[0] for mail in asked(cloud)].count(f"{customer}@mail.example.com")
        assert times == 1, f"killed {moment} {operation}"


def test_the_mail_speaks_the_customers_language_and_no_log_tells_who_they_are(cloud: LocalCloud) -> None:
    tell(cloud, registered(locale="hi-IN"), delivered("order-77", a_line("Ilam tea", quantity=3)))
    pass_time(cloud, days(1))
    (mail,) = asked(cloud)
    assert "Ilam tea" in mail.text
    assert mail.tags["Locale"] == "hi-IN"
    assert all("lang=hi" in link for link in star_links(mail, 5))
    for line in (line for function, line in cloud.logs if function in {FACTS, SWEEP}):
        assert not re.search("Asha|@mail|cust-asha|Ilam", line)


def test_whoever_is_forgotten_is_not_asked_and_nothing_is_left_of_their_orders(cloud: LocalCloud) -> None:
    tell(cloud, registered(), delivered(), delivered("order-78"))
    assert cloud.table("ReviewRequestsTable")
    tell(cloud, erased(occurred_at=cloud.now))
    assert cloud.table("ReviewRequestsTable") == []
    pass_time(cloud, days(2))
    assert asked(cloud) == []
