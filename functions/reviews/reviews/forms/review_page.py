"""Reviewing a product by the link in a mail: which page answers, and what a form that was sent does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engagement.errors import InvalidTokenError
from engagement.metrics import count
from engagement.observability import explanation, logger
from engagement.review_links import read_review_token
from engagement.secret_keys import SigningKeys
from engagement.site import AWAY
from engagement.web import PageRequest, PageResponse
from reviews.forms.form import Typed, judge, wished_stars
from reviews.forms.form_pages import Notice, ReviewPages
from reviews.review import Review, State
from reviews.reviewing import Reviewing

_NOTICES: Mapping[State, Notice] = {State.PENDING: "pending", State.REJECTED: "rejected"}


@dataclass(frozen=True)
class ReviewPage:
    reviewing: Reviewing
    keys: SigningKeys
    pages: ReviewPages

    def answer(self, request: PageRequest, language: str, now: datetime) -> PageResponse:
        """A GET shows and changes nothing, whatever stars its link asks for: mail scanners follow every link. A POST
        writes the review, and leads on to what became of it.
        """
        try:
            link = read_review_token(self.keys, request.token)
        except InvalidTokenError:
            return self.pages.frame.invalid(language)
        if link.until <= now:
            return self.pages.expired(language)
        review = self.reviewing.find(link.review_id)
        if review is None:
            return self.pages.gone(language)
        if not request.is_post:
            return self._show(request, language, review)
        if request.is_too_long:
            return self.pages.too_long(language)
        return self._send(request, language, review, now)

    def _show(self, request: PageRequest, language: str, review: Review) -> PageResponse:
        if review.draft is None:
            return self.pages.form(language, review, Typed(rating=wished_stars(request.linked("stars"))))
        if request.linked("sent") and (review.can_be_edited or review.state is State.PUBLISHED):
            return self.pages.thanks(language, review, review.draft, request)
        if not review.can_be_edited:
            return self._final(language, review)
        # Their own stars, not the link's: it is the mail's, and older than what they wrote.
        return self.pages.form(language, review, Typed.of(review.draft), notice=_NOTICES[review.state])

    def _send(self, request: PageRequest, language: str, review: Review, now: datetime) -> PageResponse:
        typed = Typed.by(request)
        judged = judge(typed, language)
        # Sent twice is as once, even where the first made it final.
        is_again = judged.draft is not None and judged.draft.says_the_same_as(review.draft)
        if not (review.can_be_edited or is_again):
            return self._final(language, review, unkept=True)
        if judged.draft is None:
            logger().info("review not taken", wrong=sorted(judged.wrong))
            return self.pages.form(language, review, typed, notice="wrong", wrong=judged.wrong)
        try:
            written = self.reviewing.submit(review.review_id, judged.draft, now)
        except AWAY as error:
            logger().error("review not written", extra=explanation(error))
            count("PagesNotAnswered")
            return self.pages.form(language, review, typed, notice="away")
        if written is None:
            return self.pages.gone(language)
        if not judged.draft.says_the_same_as(written.draft):
            # Somebody decided on the words of before, meanwhile; or another window of theirs was faster.
            return self._final(language, written, unkept=True)
        return self.pages.sent(request, language)

    def _final(self, language: str, review: Review, *, unkept: bool = False) -> PageResponse:
        """Of a review that cannot be changed by its customer any more; `unkept`: they just tried."""
        if review.state is State.PUBLISHED and review.draft is not None:
            return self.pages.shown(language, review, review.draft, unkept=unkept)
        return self.pages.decided(language, review, unkept=unkept)
