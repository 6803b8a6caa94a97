"""The judge of the books sees a rating that is not what its reviews say, and a review that others know otherwise."""

from typing import Any

import pytest

from engagement.review_links import review_id_of
from shop_facts import NOW, days, review_published, review_rejected, review_submitted
from tests.simulation.judges.books_records import a_record, published, rules_broken
from tests.simulation.judges.books_reviews import ONE_EACH, RATING, TOLD_SO, rating_findings, told_findings

_PAGE = "ReviewsPageFunction"
_ID = review_id_of("cust-asha", "assam-tea")


def a_review(review_id: str = _ID, **changes: Any) -> dict[str, Any]:
    known = {"review_id": review_id, "customer_id": "cust-asha", "product_id": "assam-tea"}
    return {**known, "state": "published", "draft": {"rating": 5}, **changes}


_RAVIS = a_review("b" * 32, customer_id="cust-ravi", draft={"rating": 2})
_PENDING = a_review("c" * 32, customer_id="cust-noor", state="pending")


def counted(**stars: int) -> list[dict[str, Any]]:
    """In two shards."""
    return [
        {"product_id": "assam-tea", "shard": "shard-0", **stars},
        {"product_id": "assam-tea", "shard": "shard-1", "stars_2": 1, "stars_3": 0},
    ]


@pytest.mark.parametrize(
    ("ratings", "broken"),
    [
        (counted(stars_5=1), set()),
        (counted(stars_5=2), {RATING}),
        (counted(stars_4=1), {RATING}),
        (counted(), {RATING}),
        ([*counted(stars_5=1), {"product_id": "oolong", "shard": "shard-0", "stars_1": 1}], {RATING}),
        ([*counted(stars_5=1), {"product_id": "oolong", "shard": "shard-0", "stars_1": -1}], {RATING}),
    ],
)
def test_a_rating_is_its_published_reviews(ratings: list[dict[str, Any]], broken: set[str]) -> None:
    tables = {"ReviewsTable": [a_review(), _RAVIS, _PENDING], "RatingsTable": ratings}

    assert rules_broken(a_record(tables), rating_findings) == broken


def test_a_customer_has_one_review_of_a_product() -> None:
    tables = {"ReviewsTable": [a_review(), a_review("d" * 32)], "RatingsTable": []}

    assert ONE_EACH in rules_broken(a_record(tables), rating_findings)


_SENT = review_submitted(review_id=_ID, product_id="assam-tea", rating=5, occurred_at=NOW)
_SHOWN = review_published(review_id=_ID, rating=5, revision=1, occurred_at=NOW)
_HIDDEN = review_rejected(review_id=_ID, rating=5, revision=2, occurred_at=NOW + days(1))


@pytest.mark.parametrize(
    ("told", "review", "broken"),
    [
        ((_SENT, _SHOWN), a_review(), set()),
        ((_SHOWN, _SENT, _SHOWN), a_review(), set()),
        ((_HIDDEN, _SENT, _SHOWN), a_review(state="rejected"), set()),
        ((_SENT,), a_review(state="pending"), set()),
        ((), a_review(state="invited", draft=None), set()),
        ((_SENT,), a_review(), {TOLD_SO}),
        ((_SHOWN,), a_review(), {TOLD_SO}),
        ((_SENT, _SHOWN, _HIDDEN), a_review(), {TOLD_SO}),
        ((_SENT, _SHOWN), a_review(state="rejected"), {TOLD_SO}),
        ((_SENT, _SHOWN), a_review(state="pending"), {TOLD_SO}),
        ((_SENT, _SHOWN), a_review(draft={"rating": 4}), {TOLD_SO}),
        ((_SENT, _SHOWN), a_review(untold=[{"what": "published"}]), {TOLD_SO}),
    ],
)
def test_what_was_told_last_is_how_it_stands(told: Any, review: dict[str, Any], broken: set[str]) -> None:
    record = published(a_record({"ReviewsTable": [review]}), _PAGE, *told)

    assert rules_broken(record, told_findings) == broken
