"""Inviting: who may review what, as the room that asks them tells it."""

from collections.abc import Callable
from dataclasses import dataclass

from engagement.events.reviews import InvitedProduct, ReviewInvited
from engagement.races import until_won
from reviews.forgotten import ForgottenCustomers
from reviews.reviews_table import Reviews
from reviews.rules import invited


@dataclass(frozen=True)
class Inviting:
    reviews: Reviews
    forgotten: ForgottenCustomers
    pause: Callable[[float], None]

    def invite(self, fact: ReviewInvited) -> None:
        """Each product may be reviewed from now on; any number of times, in any order. What was written stays as it
        is; who was erased since then is not invited. Raises RetryLaterError.
        """
        for product in fact.products:
            self._invite(fact, product)

    def _invite(self, fact: ReviewInvited, product: InvitedProduct) -> None:
        def attempt() -> bool:
            before, forgotten = self.reviews.find_with(
                product.review_id, self.forgotten.reading(fact.customer_id)
            )
            after = invited(before, fact, product, forgotten)
            if after is None:
                return True
            return self.reviews.reinvite(after) if after.draft else self.reviews.write(before, after)

        until_won(attempt, self.pause, lost="others wrote the same review")
