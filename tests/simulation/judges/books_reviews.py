"""Reviews: each product's rating is what its published reviews say, and others were told the same."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from engagement.events.reviews import ReviewPublished, ReviewRejected, ReviewSubmitted
from tests.simulation.judges.books_reading import Reading, found
from tests.simulation.record import Finding

RATING = "a product's rating is what its published reviews say"
ONE_EACH = "a customer has one review of a product"
TOLD_SO = "what was told last of a review is how it stands"

_STARS = range(1, 6)
_SAID = {"ReviewPublished": "published", "ReviewRejected": "rejected"}


def reviews_of(reading: Reading) -> list[dict[str, Any]]:
    """Without the tombstones of customers who were erased."""
    return [item for item in reading.table("ReviewsTable") if "#" not in item["review_id"]]


def rating_findings(reading: Reading) -> Iterator[Finding]:
    shown: defaultdict[str, Counter[int]] = defaultdict(Counter)
    counted: defaultdict[str, Counter[int]] = defaultdict(Counter)
    owners: Counter[tuple[str, str]] = Counter()
    for review in reviews_of(reading):
        owners[review["customer_id"], review["product_id"]] += 1
        if review["state"] == "published":
            shown[review["product_id"]][int(review["draft"]["rating"])] += 1
    for item in reading.table("RatingsTable"):
        counted[item["product_id"]].update({stars: int(item.get(f"stars_{stars}", 0)) for stars in _STARS})
    for product_id in sorted(shown.keys() | counted.keys()):
        says, truth = _histogram(counted[product_id]), _histogram(shown[product_id])
        if says != truth:
            yield found(RATING, "", f"{product_id} counts {says} by stars, its reviews are {truth}")
    for (customer_id, product_id), number in owners.items():
        if number > 1:
            yield found(ONE_EACH, customer_id, f"{number} reviews of {product_id}")


def told_findings(reading: Reading) -> Iterator[Finding]:
    """At the end: whoever listens to what we tell knows each review as it is."""
    verdicts = _newest(reading, ReviewPublished, ReviewRejected)
    submitted = _newest(reading, ReviewSubmitted)
    for review in reviews_of(reading):
        review_id, state = review["review_id"], review["state"]
        verdict = verdicts.get(review_id)
        said = _SAID.get(type(verdict).__name__, "nothing")
        if state in ("published", "rejected") and said != state:
            yield found(TOLD_SO, review["customer_id"], f"{review_id} is {state}, told last: {said}")
        if state == "pending" and said == "published":
            yield found(TOLD_SO, review["customer_id"], f"{review_id} is {state}, told last: {said}")
        if state == "invited":
            continue
        stars = int(review["draft"]["rating"])
        told = submitted.get(review_id)
        if told is None or told.rating != stars:
            what = f"{review_id} has {stars} stars, submitted with {told and told.rating}"
            yield found(TOLD_SO, review["customer_id"], what)
        if state == "published" and verdict and verdict.rating != stars:
            what = f"{review_id} has {stars} stars, published with {verdict.rating}"
            yield found(TOLD_SO, review["customer_id"], what)
        if review.get("untold"):
            yield found(TOLD_SO, review["customer_id"], f"{review_id}: {review['untold']} was never told")


def _histogram(counted: Counter[int]) -> dict[int, int]:
    return {stars: counted[stars] for stars in _STARS if counted[stars]}


def _newest(reading: Reading, *kinds: type[Any]) -> dict[str, Any]:
    """By the review's id; the newest by when it became so."""
    newest: dict[str, Any] = {}
    for kind in kinds:
        for fact in reading.told_outside(kind):
            if fact.review_id not in newest or newest[fact.review_id].occurred_at < fact.occurred_at:
                newest[fact.review_id] = fact
    return newest
