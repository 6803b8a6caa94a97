"""Reviewing: what a customer does on the form."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engagement.metrics import count
from engagement.plan_sections import Moderation
from engagement.races import until_won
from reviews.moderation import moderate
from reviews.ratings_table import Ratings
from reviews.review import Draft, Review
from reviews.reviews_table import Reviews
from reviews.rules import submitted
from reviews.telling import Telling


@dataclass(frozen=True)
class _Outcome:
    review: Review | None
    changed: bool = False


@dataclass(frozen=True)
class Reviewing:
    reviews: Reviews
    ratings: Ratings
    telling: Telling
    rules: Moderation
    pause: Callable[[float], None] = time.sleep

    def find(self, review_id: str) -> Review | None:
        """By a consistent read; None: nobody was invited to it, or it was erased, or forgotten."""
        return self.reviews.find(review_id)

    def submit(self, review_id: str, draft: Draft, now: datetime) -> Review | None:
        """Keep what the customer wrote, and tell what the rules made of it; returns the review as it stands then.

        What cannot be edited any more is returned unchanged, and the same words again change and tell nothing. It
        succeeds while the bus is away: the sweep tells later. Raises RetryLaterError.
        """
        outcome = until_won(
            lambda: self._attempt(review_id, draft, now), self.pause, lost="others wrote the same review"
        )
        if outcome.review and outcome.changed:
            count("ReviewsSubmitted", state=outcome.review.state)
            self.telling.tell(outcome.review)
        return outcome.review

    def _attempt(self, review_id: str, draft: Draft, now: datetime) -> _Outcome | None:
        before = self.reviews.find(review_id)
        if before is None or not before.can_be_edited or draft.says_the_same_as(before.draft):
            return _Outcome(before)
        after = submitted(before, draft, moderate(draft, self.rules), now)
        return _Outcome(after, changed=True) if self.reviews.write(before, after, self.ratings) else None
