"""A room's pages: which of them answers a request, in which language, and what is said when AWS is away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from engagement.errors import RetryLaterError
from engagement.metrics import count
from engagement.observability import explanation, logger
from engagement.page_frame import PageFrame
from engagement.page_language import choose_language
from engagement.plan import EngagementPlan
from engagement.web import PageRequest, PageResponse

# What AWS, or the way to it, can be away by.
AWAY = (BotoCoreError, ClientError, RetryLaterError)


class Answering(Protocol):
    def answer(self, request: PageRequest, language: str, now: datetime) -> PageResponse: ...


@dataclass(frozen=True)
class Site:
    """`by_name` has who answers for each page, by the last part of its path."""

    by_name: Mapping[str, Answering]
    plan: EngagementPlan
    frame: PageFrame

    def answer(self, request: PageRequest, now: datetime) -> PageResponse:
        """HEAD is answered as GET, without the body."""
        response = self._answer(request, now)
        return response.without_body() if request.method == "HEAD" else response

    def _answer(self, request: PageRequest, now: datetime) -> PageResponse:
        language = choose_language(
            request.wanted_language,
            request.accept_language,
            spoken=self.frame.languages,
            fallback=self.plan.shop.language,
        )
        try:
            return self.by_name[request.page].answer(request, language, now)
        except AWAY as error:
            logger().error("page not answered", page=request.page, extra=explanation(error))
            count("PagesNotAnswered")
            return self.frame.trouble(language)
