"""The pages of the form, in the customer's language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from babel.numbers import format_decimal

from engagement.page_frame import PageFrame
from engagement.page_words import page_words
from engagement.plan import EngagementPlan
from engagement.review_links import STARS
from engagement.review_points import points_for_a_review_today
from engagement.web import PageRequest, PageResponse
from reviews.forms.form import LIMITS, Typed
from reviews.review import Draft, Review, State

_PACKAGE = "reviews"
type Notice = Literal["wrong", "away", "pending", "rejected"]
_STATUSES: Mapping[Notice, int] = {"wrong": 422, "away": 503, "pending": 200, "rejected": 200}
_CONFLICT = 409
# What may stand in a policy for pictures' origin: nothing that would end it there.
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Stars:
    """`number` of five, as they are said ("4 stars") and meant ("Good")."""

    number: int
    name: str
    word: str

    @property
    def drawn(self) -> str:
        return "★" * self.number + "☆" * (STARS[-1] - self.number)


class ReviewPages:
    """Each page, with what it needs to know. Of a customer it shows what they wrote themselves, and nothing else:
    a link may have been forwarded.
    """

    def __init__(self, plan: EngagementPlan) -> None:
        self._plan = plan
        self.frame = PageFrame(_PACKAGE, plan)

    def form(
        self,
        language: str,
        review: Review,
        typed: Typed,
        *,
        notice: Notice | None = None,
        wrong: Mapping[str, str] | None = None,
    ) -> PageResponse:
        """The form with these words in it; what was wrong with them stands by its field."""
        return self._page(
            "form",
            language,
            review,
            status=_STATUSES[notice] if notice else 200,
            typed=typed,
            notice=notice,
            wrong=wrong or {},
            limits=LIMITS,
            shown_limits={field: format_decimal(most, locale=language) for field, most in LIMITS.items()},
            is_new=review.draft is None,
            reason=self._reason(review, language),
        )

    def thanks(self, language: str, review: Review, draft: Draft, request: PageRequest) -> PageResponse:
        """What became of the review; and, where it has few stars, who would help."""
        return self._page(
            "thanks",
            language,
            review,
            state=review.state.value,
            needs_help=draft.rating <= self._plan.reviews.help.at_most_stars,
            reason=self._reason(review, language),
            form_link=_link(request, language) if review.can_be_edited else None,
        )

    def shown(self, language: str, review: Review, draft: Draft, *, unkept: bool = False) -> PageResponse:
        """The review as everybody sees it. `unkept`: other words were just sent, and are not in it."""
        return self._page(
            "shown",
            language,
            review,
            status=_CONFLICT if unkept else 200,
            draft=draft,
            given=self._stars(language)[draft.rating - 1],
            unkept=unkept,
        )

    def decided(self, language: str, review: Review, *, unkept: bool = False) -> PageResponse:
        """To whom wrote what a person decided not to show. `unkept`: other words were just sent, for nothing."""
        return self._page(
            "decided",
            language,
            review,
            status=_CONFLICT if unkept else 200,
            reason=self._reason(review, language),
            unkept=unkept,
        )

    def too_long(self, language: str) -> PageResponse:
        """Far more was sent than the form has room for: it was not read."""
        return self.frame.plain("too_long", 413, language)

    def expired(self, language: str) -> PageResponse:
        """The link was good, and is not any more."""
        return self.frame.plain("expired", 410, language)

    def gone(self, language: str) -> PageResponse:
        """Nobody was invited, or is not any more."""
        return self.frame.plain("gone", 410, language)

    def sent(self, request: PageRequest, language: str) -> PageResponse:
        """On to the thanks, which are a page of their own."""
        return self.frame.onward(_link(request, language, sent="1"))

    def _page(
        self, page: str, language: str, review: Review, *, status: int = 200, **facts: Any
    ) -> PageResponse:
        picture = review.image_url if review.image_url and _origin(review.image_url) else None
        return self.frame.page(
            page,
            language,
            status=status,
            pictures_from=_origin(picture) if picture else "",
            product=review.product_name,
            picture=picture,
            stars=self._stars(language),
            points=points_for_a_review_today(self._plan),
            help_url=self._plan.reviews.help.url,
            **facts,
        )

    def _stars(self, language: str) -> list[Stars]:
        say = self.frame.wording("stars", language)
        return [Stars(each, say(f"name_{each}"), say(f"word_{each}")) for each in STARS]

    def _reason(self, review: Review, language: str) -> str:
        """Why a review is not shown, in kind words; nothing of one that is."""
        if review.state is not State.REJECTED:
            return ""
        known = page_words(_PACKAGE, language)["reasons"]
        return self.frame.wording("reasons", language)(review.reason if review.reason in known else "other")


def _origin(url: str) -> str:
    """`https://cdn.example.com`; nothing of a link that a policy cannot name."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin if _ORIGIN.fullmatch(origin) else ""


def _link(request: PageRequest, language: str, **more: str) -> str:
    """The same link again, wherever the page is mounted; without stars, which were chosen meanwhile."""
    return f"{request.page}?{urlencode({'token': request.token, 'lang': language, **more})}"
