"""The rules: what a review becomes by what happens to it, and what that does to a rating. Instants are UTC."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from engagement.events.reviews import InvitedProduct, ReviewInvited, ReviewModerated
from reviews.forgotten import Forgotten
from reviews.review import Draft, News, Review, State, Verdict

# What the form lets through, in characters.
TITLE_LENGTH, TEXT_LENGTH, NAME_LENGTH = 120, 5000, 60


class Standing(StrEnum):
    """What a person's decision is worth."""

    HOLDS = "holds"
    # The same was decided about the same words before.
    REPEATED = "repeated"
    # The review was changed, or decided about, after the person looked at it.
    OVERTAKEN = "overtaken"
    # Nobody wrote anything yet.
    UNWRITTEN = "unwritten"


def invited(
    before: Review | None, fact: ReviewInvited, product: InvitedProduct, forgotten: Forgotten
) -> Review | None:
    """The review as this invitation makes it; None: it changes nothing. An invitation that is not newer than the last
    one, or than the customer's erasure, says nothing new. What was written stays as it is, revision and all.
    """
    if not forgotten.precedes(fact.occurred_at):
        return None
    if before is not None and before.invited_at is not None and fact.occurred_at <= before.invited_at:
        return None
    # An older link goes on for as long as it said.
    until = max(fact.until, before.until) if before and before.until else fact.until
    if before is not None and before.state is not State.INVITED:
        return replace(before, invited_at=fact.occurred_at, until=until)
    return Review(
        review_id=product.review_id,
        customer_id=fact.customer_id,
        order_id=product.order_id,
        product_id=product.product_id,
        product_name=product.name,
        image_url=product.image_url,
        state=State.INVITED,
        reason=None,
        draft=None,
        revision=(before or forgotten).revision + 1,
        submitted_at=None,
        published_at=None,
        changed_at=_later_than(before, fact.occurred_at),
        invited_at=fact.occurred_at,
        until=until,
    )


def submitted(before: Review, draft: Draft, verdict: Verdict, now: datetime) -> Review:
    """The review with these words in it, and what the rules say of them."""
    at = _later_than(before, now)
    after = replace(before, draft=draft, submitted_at=at, moderator=None, decided_on=None)
    return _told_anew(_with_outcome(after, verdict.state, verdict.reason, at), "submitted")


def standing_of(review: Review, fact: ReviewModerated) -> Standing:
    if review.draft is None:
        return Standing.UNWRITTEN
    wanted = State.PUBLISHED if fact.published else State.REJECTED
    if fact.revision == review.revision:
        # What the rules show already, a person need not show again; what they rejected is made final.
        shown = wanted is review.state is State.PUBLISHED
        return Standing.REPEATED if shown else Standing.HOLDS
    repeated = fact.revision == review.decided_on and wanted is review.state
    return Standing.REPEATED if repeated else Standing.OVERTAKEN


def decided(before: Review, fact: ReviewModerated) -> Review:
    """The review as a person decided, about the revision that stands."""
    state = State.PUBLISHED if fact.published else State.REJECTED
    after = replace(before, moderator=fact.moderator, decided_on=before.revision)
    reason = None if fact.published else fact.reason
    return _with_outcome(after, state, reason, _later_than(before, fact.occurred_at))


def is_forgotten_by(review: Review, erased_at: datetime) -> bool:
    """Whether an erasure at that instant means this review. Whoever was invited, or wrote, later has
    come back.
    """
    instants = (review.invited_at, review.submitted_at)
    return all(instant is None or instant <= erased_at for instant in instants)


def growth(before: Review | None, after: Review | None) -> Mapping[int, int]:
    """By how many reviews each number of stars grows in the product's rating; empty where nothing changes."""
    difference: Counter[int] = Counter()
    for review, by in ((before, -1), (after, 1)):
        if review and review.stars_counted:
            difference[review.stars_counted] += by
    return {stars: by for stars, by in sorted(difference.items()) if by}


def _with_outcome(review: Review, state: State, reason: str | None, at: datetime) -> Review:
    after = replace(
        review,
        state=state,
        reason=reason,
        revision=review.revision + 1,
        changed_at=at,
        published_at=(review.published_at or at) if state is State.PUBLISHED else None,
    )
    match state:
        case State.PUBLISHED:
            return _told_anew(after, "published")
        case State.REJECTED:
            return _told_anew(after, "rejected")
        case State.PENDING | State.INVITED:
            return after


def _told_anew(review: Review, what: str) -> Review:
    """With news of this state to be told. It makes older news of its kind stale; the other kind is still owed."""
    assert review.draft, "nothing is told of an invitation"
    is_verdict = what != "submitted"
    owed = [news for news in review.untold if (news.what != "submitted") is not is_verdict]
    news = News(
        what=what,  # type: ignore[arg-type]
        revision=review.revision,
        at=review.changed_at,
        rating=review.draft.rating,
        reason=review.reason if what == "rejected" else None,
    )
    # Submitted first: whoever reads in order hears of a review before its outcome.
    return replace(review, untold=tuple(sorted((*owed, news), key=lambda each: each.what != "submitted")))


def _later_than(before: Review | None, now: datetime) -> datetime:
    """Now, or just after the state before: another worker's clock may be ahead of ours."""
    return max(now, before.changed_at + timedelta.resolution) if before else now
