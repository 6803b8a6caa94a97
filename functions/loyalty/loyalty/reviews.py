"""What a decision about a review makes of its record: worth its points for as long as it is shown, whatever it says."""

from dataclasses import replace

from engagement.events.reviews import ReviewPublished, ReviewRejected
from loyalty.entries import Lot, Rule
from loyalty.records import Review


def published(review: Review, fact: ReviewPublished, rule: Rule, lot: Lot) -> Review:
    """The review once it is shown. `rule` and `lot` are of today: they count for one never shown before, others have
    those that they had.
    """
    first = replace(review, rule=rule, lot=lot) if review.rule is None else review
    return _decided(first, fact, published=True)


def rejected(review: Review, fact: ReviewRejected) -> Review:
    """The review once it is not shown, or not any more."""
    return _decided(review, fact, published=False)


def points_of(review: Review) -> int:
    return review.rule.points if review.rule and review.published else 0


def _decided(review: Review, fact: ReviewPublished | ReviewRejected, *, published: bool) -> Review:
    """The latest decision counts, whichever is told last."""
    if review.decided_at is None or (fact.occurred_at, fact.revision) > (review.decided_at, review.revision):
        review = replace(review, published=published, decided_at=fact.occurred_at, revision=fact.revision)
    return replace(review, version=review.version + 1, points_in_force=points_of(review))
