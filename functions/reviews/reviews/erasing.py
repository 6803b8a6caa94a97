"""Erasing: a customer is forgotten, and with them all that they wrote."""

from collections.abc import Callable
from dataclasses import dataclass

from engagement.events.customers import CustomerErased
from engagement.observability import customer_ref, logger
from engagement.races import until_won
from reviews.forgotten import ForgottenCustomers
from reviews.ratings_table import Ratings
from reviews.reviews_table import Reviews
from reviews.rules import is_forgotten_by


@dataclass(frozen=True)
class Erasing:
    reviews: Reviews
    ratings: Ratings
    forgotten: ForgottenCustomers
    pause: Callable[[float], None]

    def erase(self, fact: CustomerErased) -> None:
        """Remove the customer's reviews, and what they counted; any number of times. What they were invited to, or
        wrote, later stays: they have come back. Raises RetryLaterError.
        """
        # Before anything is deleted: a worker that is killed meanwhile leaves nobody who could be brought back.
        self.forgotten.remember(fact.customer_id, fact.occurred_at)
        for review_id in self.reviews.ids_of(fact.customer_id):
            self._erase(review_id, fact)
        logger().info("reviews erased", customer_ref=customer_ref(fact.customer_id))

    def _erase(self, review_id: str, fact: CustomerErased) -> None:
        def attempt() -> bool:
            review = self.reviews.find(review_id)
            if review is None or not is_forgotten_by(review, fact.occurred_at):
                return True
            self.forgotten.had_revision(fact.customer_id, review.revision)
            return self.reviews.write(review, None, self.ratings)

        until_won(attempt, self.pause, lost="others wrote the same review")
