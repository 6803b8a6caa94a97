"""Reviews in the local cloud, from the invitation to what the shop shows, and to the customer's points."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from in_the_cloud import Kill, only_schedule, tell
from local_cloud.cloud import LocalCloud
from points_in_the_cloud import matured
from reviews_in_the_cloud import (
    asked_by_the_shop,
    bus_away,
    link_to,
    rating,
    reviews,
    send_form,
)
from shop_facts import NOW, days, erased, registered, review_invited, review_moderated

MINUTE = timedelta(minutes=1)
PAGE, SWEEP = "ReviewsPageFunction", "ReviewsSweepFunction"
WORDS = "Light, floral, and well packed"


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    """Where Asha may review two products."""
    with LocalCloud(now=NOW) as cloud:
        only_schedule(cloud, SWEEP)
        tell(cloud, review_invited("cust-asha", "assam-tea", "clay-cup"))
        cloud.advance(by=MINUTE)
        yield cloud


def states(cloud: LocalCloud) -> dict[str, tuple[str, str | None]]:
    return {product: (item["state"], item.get("reason")) for product, item in reviews(cloud).items()}


def decide(cloud: LocalCloud, product_id: str, *, published: bool, event_id: str = "evt-decision") -> None:
    held = reviews(cloud)[product_id]
    tell(
        cloud,
        review_moderated(
            held["review_id"],
            published=published,
            revision=int(held["revision"]),
            occurred_at=cloud.now,
            event_id=event_id,
        ),
    )


def test_scanners_that_follow_every_link_write_nothing(cloud: LocalCloud) -> None:
    before = cloud.table("ReviewsTable")
    link = link_to(cloud)
    for stars in (1, 5):
        shown = cloud.http("GET", f"{link}&stars={stars}")
        assert shown.status == 200
        assert f'value="{stars}" checked' in shown.body
    assert cloud.http("HEAD", f"{link}&stars=3").status == 200
    assert cloud.table("ReviewsTable") == before
    expired = cloud.http("POST", link_to(cloud, until=cloud.now), body="rating=1")
    assert expired.status >= 400
    assert cloud.table("ReviewsTable") == before


def test_a_review_is_shown_counted_and_thanked_for_once_however_few_its_stars(cloud: LocalCloud) -> None:
    link = link_to(cloud)
    for _ in range(2):
        # A second click on the button sends the same form again.
        assert send_form(cloud, link, 1, WORDS, name="Asha R.").status == 303
    send_form(cloud, link_to(cloud, "clay-cup"), 5)
    assert states(cloud) == {"assam-tea": ("published", None), "clay-cup": ("published", None)}
    assert rating(cloud, "assam-tea", "clay-cup", "nobodys-tea") == [(1, 1.0), (1, 5.0), (0, None)]
    assert matured(cloud) == 40
    told = json.loads(asked_by_the_shop(cloud, "/reviews?product_id=assam-tea").body)
    (shown,) = told["reviews"]
    assert (shown["text"], shown["name"], shown["rating"]) == (WORDS, "Asha R.", 1)
    found = json.loads(asked_by_the_shop(cloud, "/ratings/schema.org?product_id=clay-cup").body)
    assert (float(found["ratingValue"]), found["reviewCount"]) == (5.0, 1)
    assert cloud.http("GET", "/ratings?product_id=clay-cup").status == 403


def test_what_is_held_can_be_edited_until_a_person_decides_and_points_follow(cloud: LocalCloud) -> None:
    link = link_to(cloud)
    send_form(cloud, link, 2, "Ask my lawyer")
    assert states(cloud)["assam-tea"] == ("pending", "words")
    assert (rating(cloud, "assam-tea"), matured(cloud)) == ([(0, None)], 0)
    send_form(cloud, link, 3, "See www.example.com")
    assert states(cloud)["assam-tea"] == ("pending", "links")
    decide(cloud, "assam-tea", published=True)
    assert (rating(cloud, "assam-tea"), matured(cloud)) == ([(1, 3.0)], 20)
    send_form(cloud, link, 5, "Changed afterwards")
    assert rating(cloud, "assam-tea") == [(1, 3.0)]
    decide(cloud, "assam-tea", published=False, event_id="evt-second-thoughts")
    assert states(cloud)["assam-tea"] == ("rejected", "spam")
    assert (rating(cloud, "assam-tea"), matured(cloud)) == ([(0, None)], 0)
    decide(cloud, "assam-tea", published=True, event_id="evt-third-thoughts")
    assert (rating(cloud, "assam-tea"), matured(cloud)) == ([(1, 3.0)], 20)


def test_a_decision_about_words_that_were_edited_meanwhile_counts_for_nothing(cloud: LocalCloud) -> None:
    link = link_to(cloud)
    send_form(cloud, link, 2, "Ask my lawyer")
    seen = reviews(cloud)["assam-tea"]
    send_form(cloud, link, 2, "Ask my lawyer, or see www.example.com")
    shown = review_moderated(seen["review_id"], published=True, revision=int(seen["revision"]))
    tell(cloud, shown)
    assert states(cloud)["assam-tea"] == ("pending", "links")
    assert cloud.dead_letters() == {}


def test_a_review_that_the_bus_did_not_take_is_told_by_the_sweep_once(cloud: LocalCloud) -> None:
    with bus_away(cloud, PAGE):
        assert send_form(cloud, link_to(cloud), 4, WORDS).status == 303
    assert (states(cloud)["assam-tea"][0], matured(cloud)) == ("published", 0)
    killed = Kill(PAGE, "PutEvents", "after")
    cloud.faults.append(killed)
    send_form(cloud, link_to(cloud, "clay-cup"), 4, WORDS)
    cloud.faults.remove(killed)
    assert killed.happened
    for _ in range(3):
        cloud.advance(by=timedelta(minutes=16))
    assert matured(cloud) == 40
    assert rating(cloud, "assam-tea", "clay-cup") == [(1, 4.0), (1, 4.0)]
    assert not any("due_at" in item for item in cloud.table("ReviewsTable"))


def test_whoever_is_forgotten_leaves_no_word_and_no_star_but_others_stay(cloud: LocalCloud) -> None:
    tell(cloud, registered("cust-bina"), review_invited("cust-bina", "assam-tea"))
    send_form(cloud, link_to(cloud), 1, WORDS)
    send_form(cloud, link_to(cloud, "assam-tea", "cust-bina"), 5)
    assert rating(cloud, "assam-tea") == [(2, 3.0)]
    tell(cloud, erased("cust-asha", occurred_at=cloud.now))
    assert rating(cloud, "assam-tea") == [(1, 5.0)]
    assert [item.get("customer_id") for item in cloud.table("ReviewsTable")].count("cust-bina") == 1
    assert "cust-asha" not in str(cloud.table("ReviewsTable"))
    assert send_form(cloud, link_to(cloud), 1, WORDS).status >= 400
    assert rating(cloud, "assam-tea") == [(1, 5.0)]


def test_what_customers_write_is_escaped_on_our_page_and_in_no_log(cloud: LocalCloud) -> None:
    words: dict[str, Any] = {"title": "<script>alert(1)</script>", "name": '"><b>Asha'}
    link = link_to(cloud)
    send_form(cloud, link, 2, "<img src=x onerror=alert(2)>", **words)
    decide(cloud, "assam-tea", published=True)
    page = cloud.http("GET", link)
    told = asked_by_the_shop(cloud, "/reviews?product_id=assam-tea")
    for body in (page.body, told.body):
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "<b>Asha" not in body
    for _, line in cloud.logs:
        assert "alert(" not in line
        assert "cust-asha" not in line


def test_an_unanswered_invitation_is_forgotten_with_its_link_and_a_review_is_not(cloud: LocalCloud) -> None:
    send_form(cloud, link_to(cloud), 4, WORDS)
    written, open_ = (reviews(cloud)[product] for product in ("assam-tea", "clay-cup"))
    assert "expires_at" not in written
    assert int(open_["expires_at"]) == int((NOW + days(180)).timestamp())
