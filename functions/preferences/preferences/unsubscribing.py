"""Unsubscribing: the page behind the link in every mail."""

from dataclasses import dataclass
from datetime import datetime

from engagement.consent import Consent
from engagement.errors import InvalidTokenError
from engagement.mail_composer import UNSUBSCRIBE
from engagement.observability import customer_ref, logger
from engagement.plan import EngagementPlan
from engagement.signed_tokens import read_token
from preferences.rendering import Pages, languages
from preferences.rules import choose_language, other_topics, topics_to_leave
from preferences.web import PageRequest, PageResponse


@dataclass(frozen=True)
class Unsubscribing:
    consent: Consent
    key: bytes
    plan: EngagementPlan
    pages: Pages

    def answer(self, request: PageRequest, now: datetime) -> PageResponse:
        """A GET shows and changes nothing: mail scanners follow every link. A POST withdraws; twice is as once."""
        language = choose_language(
            request.wanted_language,
            request.accept_language,
            spoken=languages(),
            fallback=self.plan.shop.language,
        )
        try:
            claims = read_token(self.key, UNSUBSCRIBE, request.token)
        except InvalidTokenError:
            return self.pages.invalid(language)
        customer_id, topic = claims["customer_id"], claims["topic"]
        if request.is_post:
            return self._withdraw(customer_id, topic, request.also, language, now)
        others = other_topics(topic, self.consent.decisions(customer_id), self.plan.topics)
        return self.pages.ask(language, topic=topic, others=others)

    def _withdraw(
        self, customer_id: str, topic: str, also: frozenset[str], language: str, now: datetime
    ) -> PageResponse:
        topics = topics_to_leave(topic, also, self.plan.topics)
        self.consent.withdraw(customer_id, topics, now=now)
        logger().info("unsubscribed", customer_ref=customer_ref(customer_id), topics=topics)
        return self.pages.done(language, topics=topics)
