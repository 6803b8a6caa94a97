"""Moderating: what a person of the shop's decided about a review."""

from collections.abc import Callable
from dataclasses import dataclass

from engagement.errors import MalformedMessageError
from engagement.events.reviews import ReviewModerated
from engagement.metrics import count
from engagement.observability import logger
from engagement.races import until_won
from reviews.ratings_table import Ratings
from reviews.review import Review
from reviews.reviews_table import Reviews
from reviews.rules import Standing, decided, standing_of
from reviews.telling import Telling


@dataclass(frozen=True)
class Moderating:
    reviews: Reviews
    ratings: Ratings
    telling: Telling
    pause: Callable[[float], None]

    def decide(self, fact: ReviewModerated) -> None:
        """Show the review, or do not, from now on; any number of times. A decision about words that do not stand any
        more, or never did, is warned of and counted. Raises MalformedMessageError and RetryLaterError.
        """
        if not fact.published and fact.reason is None:
            raise MalformedMessageError("ReviewModerated: reason: is needed to reject a review")
        reached: list[Review] = []

        def attempt() -> bool:
            before = self.reviews.find(fact.review_id)
            standing = standing_of(before, fact) if before else "unknown"
            if before is None or standing in (Standing.OVERTAKEN, Standing.UNWRITTEN):
                _warn(fact, standing)
                return True
            if standing is Standing.REPEATED:
                # Whoever decided it before may have been killed before telling.
                reached.append(before)
                return True
            after = decided(before, fact)
            written = self.reviews.write(before, after, self.ratings)
            reached.extend([after] if written else [])
            return written

        until_won(attempt, self.pause, lost="others wrote the same review")
        for review in reached:
            self.telling.tell(review)


def _warn(fact: ReviewModerated, why: str) -> None:
    count("DecisionIgnored", reason=why)
    logger().warning("decision ignored", review_id=fact.review_id, revision=fact.revision, reason=why)
