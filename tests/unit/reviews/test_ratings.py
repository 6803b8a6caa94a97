"""What the shop's pages are answered about ratings and reviews."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.review_links import STARS, review_id_of
from mail_house import Trouble, Troubled, broken
from reviews.answering import PAGE_SIZE, Answering
from reviews.rating import Rating
from reviews.ratings_table import Ratings
from reviews.reviews_table import Reviews
from shop_facts import hours, review_moderated
from tests.unit.reviews.house import GOOD, HELD, LATER, House


@pytest.fixture
def house() -> House:
    return House()


def ask(house: House, path: str, trouble: Trouble | None = None, **query: Any) -> tuple[int, Any]:
    client: Any = Troubled(house.client, trouble or Trouble())
    answering = Answering(
        Reviews(client, house.tables.reviews_table), Ratings(client, house.tables.ratings_table)
    )
    answer = answering.answer({"rawPath": path, "rawQueryString": urlencode(query, doseq=True)})
    return answer["statusCode"], json.loads(answer["body"])


def write(house: House, *stars: int) -> list[str]:
    """A review by each of so many customers, an hour after the other."""
    ids = []
    for number, rating in enumerate(stars):
        house.invite(f"cust-{number}")
        ids.append(review_id_of(f"cust-{number}", "assam-tea"))
        house.submit(replace(GOOD, rating=rating), LATER + hours(number), ids[-1])
    return ids


@given(st.lists(st.integers(1, 5), max_size=300))
def test_a_mean_is_the_nearest_hundredth_half_of_one_upwards(stars: list[int]) -> None:
    rating = Rating({each: stars.count(each) for each in STARS})
    assert (rating.count, rating.total_stars) == (len(stars), sum(stars))
    if not stars:
        assert rating.mean is None
        return
    assert rating.mean is not None
    hundredths = int(rating.mean.replace(".", ""))
    assert len(rating.mean) == 4
    # Within half a hundredth, and never half of one too low.
    assert -len(stars) < 2 * (hundredths * len(stars) - 100 * sum(stars)) <= len(stars)


def test_half_a_hundredth_is_rounded_up() -> None:
    assert Rating({4: 7, 5: 1}).mean == "4.13"
    assert Rating({1: 1, 2: 2}).mean == "1.67"


def test_ratings_of_several_products_come_in_the_order_asked_for(house: House) -> None:
    write(house, 5, 4, 5)
    status, body = ask(house, "/ratings", product_id=["chai-glass", "assam-tea", "chai-glass"])
    assert status == 200
    assert body == {
        "ratings": [
            {
                "product_id": "chai-glass",
                "count": 0,
                "mean": None,
                "histogram": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0},
            },
            {
                "product_id": "assam-tea",
                "count": 3,
                "mean": "4.67",
                "histogram": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 2},
            },
        ]
    }


def test_search_engines_are_told_of_products_that_have_reviews(house: House) -> None:
    write(house, 5, 4)
    assert ask(house, "/ratings/schema.org", product_id="assam-tea") == (
        200,
        {
            "@context": "https://schema.org",
            "@type": "AggregateRating",
            "ratingValue": "4.50",
            "reviewCount": 2,
            "bestRating": 5,
            "worstRating": 1,
            "itemReviewed": {"@type": "Product", "productID": "assam-tea"},
        },
    )
    assert ask(house, "/ratings/schema.org", product_id="chai-glass") == (
        404,
        {"error": "product_id: has no published reviews"},
    )


@pytest.mark.parametrize(
    ("path", "query", "named"),
    [
        ("/ratings", {}, "product_id"),
        ("/ratings", {"product_id": [f"tea-{number}" for number in range(51)]}, "product_id"),
        ("/ratings", {"product_id": [f"tea-{number}" for number in range(101)]}, "product_id"),
        ("/ratings", {"product_id": "a b"}, "product_id"),
        ("/ratings/schema.org", {"product_id": ["a", "b"]}, "product_id"),
        ("/reviews", {"product_id": ["a", "b"]}, "product_id"),
        ("/reviews", {"product_id": "a", "after": "nonsense"}, "after"),
        ("/reviews", {"product_id": "a", "after": "bnVsbA=="}, "after"),
        ("/reviews", {"product_id": "a", "after": "ü"}, "after"),
        ("/reviews", {"product_id": "a", "page": "2"}, "*"),
    ],
)
def test_a_wrong_question_is_answered_with_the_name_of_its_field(
    house: House, path: str, query: dict[str, Any], named: str
) -> None:
    status, body = ask(house, path, **query)
    assert status == 400
    assert body["error"].startswith(named)


def test_trouble_is_answered_as_such(house: House) -> None:
    trouble = Trouble(1, error=broken)
    assert ask(house, "/ratings", trouble, product_id="assam-tea")[0] == 503
    assert ask(house, "/elsewhere")[0] == 404


def test_reviews_come_newest_first_a_page_at_a_time(house: House) -> None:
    ids = write(house, *[5] * (PAGE_SIZE + 3))
    status, first = ask(house, "/reviews", product_id="assam-tea")
    assert (status, len(first["reviews"])) == (200, PAGE_SIZE)
    _, second = ask(house, "/reviews", product_id="assam-tea", after=first["next"])
    assert second["next"] is None
    assert [each["review_id"] for each in first["reviews"] + second["reviews"]] == ids[::-1]
    assert first["reviews"][0] == {
        "review_id": ids[-1],
        "rating": 5,
        "title": "Lovely",
        "text": "A fine cup every morning",
        "photo_url": None,
        "name": "Asha",
        "language": "en",
        "published_at": "2027-03-02T11:00:00.000000Z",
        "verified_purchase": True,
    }


def test_only_what_is_shown_is_among_the_reviews(house: House) -> None:
    shown, rejected = write(house, 5, 1)
    house.invite("cust-asha")
    house.submit(HELD)
    house.hear(review_moderated(rejected, published=False, revision=2))
    _, body = ask(house, "/reviews", product_id="assam-tea")
    assert [each["review_id"] for each in body["reviews"]] == [shown]


def test_an_answer_can_stand_in_a_page_as_it_is(house: House) -> None:
    """A customer's words close no element of the page that they are put into."""
    house.invite()
    words = "Tea </script><!-- & चाय \u2028 more"
    house.submit(replace(GOOD, text=words))
    answering = Answering(
        Reviews(house.client, house.tables.reviews_table), Ratings(house.client, house.tables.ratings_table)
    )
    answer = answering.answer({"rawPath": "/reviews", "rawQueryString": "product_id=assam-tea"})
    assert not set("<>&\u2028") & set(answer["body"])
    assert json.loads(answer["body"])["reviews"][0]["text"] == words
    assert answer["headers"]["x-content-type-options"] == "nosniff"
