"""The room's tables on the real engine: every index is read, and every kind of write is made."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from engagement.events.customers import CustomerErased
from engagement.review_links import review_id_of
from reviews.review import State
from reviews.reviews_table import Reviews
from reviews.wiring import Tables
from shop_facts import days, hours, review_invited, review_moderated
from tests.unit.reviews.house import GOOD, HELD, LATER, REVIEW, House

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def test_a_reviews_whole_life(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> None:
    tables = Tables(
        reviews_table=dynamodb_table("ReviewsTable"), ratings_table=dynamodb_table("RatingsTable")
    )
    house, reviews = House(dynamodb, tables), Reviews(dynamodb, tables.reviews_table, page_size=1)
    later = review_invited("cust-asha", "assam-tea", "chai-glass", occurred_at=LATER, until=LATER + days(9))
    house.hear(review_invited("cust-asha", "assam-tea"), later, review_invited("cust-zoya", "assam-tea"))
    house.bus.refusals = 1
    house.submit(HELD)
    assert house.item()["pending_shard"]
    house.hear(review_moderated(REVIEW, published=True, revision=house.review().revision))
    theirs = review_id_of("cust-zoya", "assam-tea")
    house.submit(replace(GOOD, rating=1), LATER + hours(1), theirs)
    assert house.rating().histogram == {1: 1, 2: 0, 3: 0, 4: 1, 5: 0}
    first = reviews.published("assam-tea", 1)
    second = reviews.published("assam-tea", 1, first.after)
    assert [review.review_id for review in (*first.reviews, *second.reviews)] == [theirs, REVIEW]
    # What the bus did not take went out with the decision.
    assert house.told()[:2] == ["ReviewSubmitted", "ReviewPublished"]
    house.bus.refusals = 1
    house.hear(review_moderated(theirs, published=False, revision=2))
    assert house.sweep(LATER + days(1)) == 1
    assert house.told()[-1] == "ReviewRejected"
    assert not {"due_at", "untold", "published_at"} & house.item(theirs).keys()
    assert len(list(reviews.ids_of("cust-asha"))) == 2
    house.hear(CustomerErased(event_id="evt-erased", occurred_at=LATER + days(2), customer_id="cust-asha"))
    assert list(reviews.ids_of("cust-asha")) == []
    assert house.rating().count == 0
    assert house.review(theirs).state is State.REJECTED
