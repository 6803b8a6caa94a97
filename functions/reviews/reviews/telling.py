"""Telling: what became of a review, as facts; at least once, always under the same id."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engagement.bus import Bus
from engagement.events.base import Event
from engagement.events.reviews import ReviewPublished, ReviewRejected, ReviewSubmitted
from engagement.metrics import count
from engagement.observability import explanation, logger
from reviews.review import Review
from reviews.reviews_table import Reviews, review_from

# What one sweep takes on: three calls each, some 25 ms, well inside the door's timeout. The next one has the rest.
SWEEP_LIMIT = 3000


@dataclass(frozen=True)
class Telling:
    reviews: Reviews
    bus: Bus

    def tell(self, review: Review) -> None:
        """Tell what is to be told of a review that was written. What cannot be told now the sweep tells: whoever wrote
        it is not troubled by that.
        """
        if not review.untold:
            return
        try:
            self._tell(review)
        except Exception as error:  # noqa: BLE001 - it is written, and falls due
            logger().warning("review not told yet", review_id=review.review_id, extra=explanation(error))
            count("ReviewsNotToldYet")

    def sweep(self, now: datetime) -> int:
        """Tell what is written and was not told, because a worker was killed or the bus was away; returns of how many
        reviews. Raises RetryLaterError at the end if the bus did not take one: it falls due again.
        """
        told: list[str] = []

        def act(item: dict[str, Any]) -> None:
            review = review_from(item)
            self._tell(review)
            told.append(review.review_id)

        self.reviews.due_work.sweep(now, SWEEP_LIMIT, act)
        return len(told)

    def _tell(self, review: Review) -> None:
        self.bus.publish(facts_about(review))
        self.reviews.was_told(review)


def facts_about(review: Review) -> Iterator[Event]:
    """All that is to be told of it."""
    for news in review.untold:
        about: dict[str, Any] = {
            "event_id": f"review-{review.review_id}-{news.what}-{news.revision}",
            "occurred_at": news.at,
            "order_id": review.order_id,
            "customer_id": review.customer_id,
            "product_id": review.product_id,
            "review_id": review.review_id,
            "rating": news.rating,
        }
        match news.what:
            case "submitted":
                yield ReviewSubmitted(**about)
            case "published":
                yield ReviewPublished(**about, revision=news.revision)
            case "rejected":
                yield ReviewRejected(**about, revision=news.revision, reason=news.reason or "unsaid")
