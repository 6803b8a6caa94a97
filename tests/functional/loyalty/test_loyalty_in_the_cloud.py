"""Points in the local cloud, from the shop's fact to the ledger, the news of it, the checkout, and the mails."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest

from engagement.events.benefits import Benefit
from engagement.plan import engagement_plan
from in_the_cloud import only_schedule, stride, tell
from local_cloud.cloud import LocalCloud
from points_in_the_cloud import (
    ASHA,
    SWEEP,
    ask_the_till,
    at_the_till,
    differences,
    entries,
    news,
    points,
    statement,
)
from shop_facts import (
    NOW,
    a_paid_line,
    a_refunded_line,
    days,
    erased,
    hours,
    offer_redeemed,
    order_cancelled,
    order_paid,
    order_refunded,
    referral_completed,
    registered,
    review_published,
    review_rejected,
    rupees,
)

A_FORTNIGHT = days(14)
HALF_A_DAY = hours(12)


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    """Where Asha has been a customer for a year."""
    with LocalCloud(now=NOW) as cloud:
        only_schedule(cloud, SWEEP)
        tell(cloud, registered(occurred_at=NOW - days(365)))
        yield cloud


def test_an_orders_points_are_pending_for_a_fortnight_and_then_make_a_tier(cloud: LocalCloud) -> None:
    tell(cloud, order_paid(amount=rupees(60_000)))
    ((kind, told),) = news(cloud)
    assert (kind, told["points"], told["source"]) == ("PointsEarned", 600, "order")
    assert (told["spendable_on"], told["expires_on"]) == ("2027-03-15", "2028-04-01")
    assert points(cloud) == (0, 600)
    assert at_the_till(cloud, "reserve", points=1)[0] == 409
    stride(cloud, A_FORTNIGHT, every=HALF_A_DAY)
    assert points(cloud) == (600, 0)
    assert [(kind, told["tier"]) for kind, told in news(cloud)[1:]] == [("TierChanged", "silver")]
    assert statement(cloud)["next_tier"]["missing"] == 1400
    assert differences(cloud) == ()


def test_a_new_tier_is_congratulated_on_once_with_a_link_to_the_points(cloud: LocalCloud) -> None:
    tell(cloud, order_paid(amount=rupees(60_000)))
    stride(cloud, A_FORTNIGHT + days(2), every=HALF_A_DAY)
    (mail,) = (mail for mail in cloud.mails if mail.tags["Campaign"] == "tier_reached")
    assert "Silver" in mail.subject
    link = unescape(re.findall(r'href="(https://[^"]+/points\?[^"]+)"', mail.html)[0])
    page = cloud.http("GET", link)
    assert page.status == 200
    assert "600" in page.body
    assert cloud.http("HEAD", link).status == 200
    assert cloud.http("GET", link.replace("token=", "token=x")).status >= 400


def test_points_that_paid_for_an_order_are_told_and_come_back_with_its_refund(cloud: LocalCloud) -> None:
    tell(cloud, order_paid("order-1", amount=rupees(10_000), occurred_at=NOW - days(20)))
    status, held = at_the_till(cloud, "reserve", points=60, order_id="order-2")
    assert (status, held["state"], held["available"]) == (200, "held", 40)
    for _ in range(2):
        assert at_the_till(cloud, "commit")[1]["state"] == "committed"
    tell(cloud, order_paid("order-2"), order_refunded("order-2", amount=rupees(500)))
    told = [(kind, detail["points"]) for kind, detail in news(cloud)]
    assert told[0] == ("PointsEarned", 100)
    assert told[1:2] == [("PointsRedeemed", 60)]
    assert set(told[2:]) == {("PointsEarned", 10), ("PointsTakenBack", 5), ("PointsGivenBack", 30)}
    assert points(cloud) == (70, 5)
    assert differences(cloud) == ()


def test_a_checkout_that_is_left_frees_its_points_within_the_hour(cloud: LocalCloud) -> None:
    tell(cloud, order_paid(amount=rupees(10_000), occurred_at=NOW - days(20)))
    at_the_till(cloud, "reserve", points=60)
    assert statement(cloud)["on_hold"] == 60
    cloud.advance(by=timedelta(minutes=36))
    assert (statement(cloud)["on_hold"], statement(cloud)["available"]) == (0, 100)
    (account,) = (item for item in cloud.table("LoyaltyTable") if item["record_id"] == "account")
    assert "held" not in account
    assert at_the_till(cloud, "release")[0] == 200


def test_who_does_not_sign_neither_spends_nor_sees_points(cloud: LocalCloud) -> None:
    for method, path in (
        ("POST", "/points/reserve"),
        ("POST", "/points/commit"),
        ("POST", "/points/release"),
        ("GET", f"/points/statement?customer_id={ASHA}"),
    ):
        assert cloud.http(method, path, body="{}").status == 403
    assert ask_the_till(cloud, "reserve", points="many").status == 400


def test_points_that_end_are_reminded_of_and_told_when_they_have(cloud: LocalCloud) -> None:
    # Spendable since 17 March a year ago: they end with this month.
    tell(cloud, order_paid(amount=rupees(6_400), occurred_at=NOW - days(363)))
    stride(cloud, days(2), every=HALF_A_DAY)
    at_the_till(cloud, "reserve", points=50)
    at_the_till(cloud, "commit")
    stride(cloud, days(31), every=HALF_A_DAY)
    reminders = [mail for mail in cloud.mails if mail.tags["Campaign"] == "points_expiring"]
    assert ["64" in mail.subject for mail in reminders] == [True, False]
    assert "14" in reminders[1].subject
    ((_, told),) = (each for each in news(cloud) if each[0] == "PointsExpired")
    assert told["points"] == 14
    assert points(cloud) == (0, 0)
    assert differences(cloud) == ()


def test_a_month_with_any_movement_has_a_statement_by_mail(cloud: LocalCloud) -> None:
    tell(cloud, registered("cust-noah", occurred_at=NOW - days(365)), order_paid(amount=rupees(6_400)))
    stride(cloud, days(32), every=HALF_A_DAY)
    statements = [mail for mail in cloud.mails if mail.tags["Campaign"] == "points_statement"]
    assert [mail.to[0] for mail in statements] == ["cust-asha@mail.example.com"]
    assert "March 2027" in statements[0].subject


def test_lines_tax_and_shipping_earn_as_the_plan_has_it_and_one_line_goes_back(cloud: LocalCloud) -> None:
    bought = order_paid(
        amount=rupees(2_100),
        tax=rupees(100),
        shipping=rupees(900),
        lines=(
            a_paid_line("Darjeeling", rupees(1_050), category="single_estate", tax=rupees(50)),
            a_paid_line("Cup", rupees(1_050), quantity=2, tax=rupees(50)),
        ),
    )
    tell(cloud, bought)
    # Twice for the single estate, once for the cups.
    assert points(cloud) == (0, 30)
    tell(cloud, order_refunded(amount=rupees(525), lines=(a_refunded_line("Cup", rupees(525)),)))
    assert points(cloud) == (0, 25)
    tell(cloud, order_cancelled())
    assert points(cloud) == (0, 0)
    assert differences(cloud) == ()


def test_what_is_no_order_earns_at_once_and_once(cloud: LocalCloud) -> None:
    bonuses = engagement_plan().campaign("loyalty").settings["bonuses"]
    for _ in range(2):
        tell(cloud, registered("cust-new", occurred_at=NOW), referral_completed("cust-new"))
    assert points(cloud, "cust-new") == (bonuses["sign_up"] + bonuses["referral"], 0)
    sources = {(detail["source"], detail["points"]) for _, detail in news(cloud, "cust-new")}
    assert sources == {("sign_up", bonuses["sign_up"]), ("referral", bonuses["referral"])}
    assert len(entries(cloud, "cust-new")) == 2


def test_offers_of_points_and_reviews_earn_and_are_taken_back(cloud: LocalCloud) -> None:
    tell(cloud, order_paid(), offer_redeemed(benefit=Benefit(points=200)))
    assert points(cloud) == (0, 210)
    tell(cloud, review_published(revision=1, rating=1))
    assert points(cloud) == (engagement_plan().reviews.points, 210)
    tell(cloud, review_rejected(revision=2, occurred_at=NOW + hours(1) / 60), order_cancelled())
    assert points(cloud) == (0, 0)
    for_a_review = engagement_plan().reviews.points
    assert sorted((kind, detail["points"]) for kind, detail in news(cloud)) == sorted(
        [
            *(("PointsEarned", number) for number in (10, 200, for_a_review)),
            *(("PointsTakenBack", number) for number in (for_a_review, 210)),
        ]
    )
    assert differences(cloud) == ()


def test_whoever_is_erased_has_no_points_no_tier_and_no_mail(cloud: LocalCloud) -> None:
    tell(cloud, order_paid(amount=rupees(60_000), occurred_at=NOW - days(20)))
    assert statement(cloud)["tier"]["name"] == "silver"
    tell(cloud, erased(occurred_at=NOW + hours(1) / 60))
    assert points(cloud) == (0, 0)
    assert statement(cloud)["tier"]["name"] == "bronze"
    assert at_the_till(cloud, "reserve", points=1)[0] == 409
    stride(cloud, days(32), every=HALF_A_DAY)
    assert cloud.mails == []
    assert {kind for kind, _ in news(cloud)} >= {"PointsExpired", "TierChanged"}
    assert differences(cloud) == ()


def test_the_shops_past_is_booked_and_not_told(cloud: LocalCloud) -> None:
    tell(cloud, order_paid(imported=True, occurred_at=NOW - days(40)))
    assert points(cloud) == (10, 0)
    assert news(cloud) == []


def test_nothing_personal_is_logged(cloud: LocalCloud) -> None:
    tell(cloud, order_paid(amount=rupees(60_000), occurred_at=NOW - days(20)))
    at_the_till(cloud, "reserve", points=60)
    at_the_till(cloud, "reserve", points=-1)
    at_the_till(cloud, "commit")
    stride(cloud, days(1), every=HALF_A_DAY)
    for function, line in cloud.logs:
        if function.startswith("Loyalty"):
            assert ASHA not in line
            assert "mail.example.com" not in line
