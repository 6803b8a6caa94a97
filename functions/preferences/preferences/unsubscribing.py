"""Unsubscribing: the page behind the link in every mail."""

from dataclasses import dataclass
from datetime import datetime

from engagement.contacts import Contacts
from engagement.errors import InvalidTokenError
from engagement.mail_composer import PREFERENCES, UNSUBSCRIBE
from engagement.observability import customer_ref, logger
from engagement.plan import EngagementPlan
from engagement.secret_keys import SigningKeys
from engagement.signed_tokens import read_token, sign_token
from engagement.web import PageRequest, PageResponse
from preferences.rendering import Pages
from preferences.rules import other_topics, topics_to_leave
from preferences.telling import Telling, consent_changed, left_by_mail


@dataclass(frozen=True)
class Unsubscribing:
    contacts: Contacts
    telling: Telling
    keys: SigningKeys
    plan: EngagementPlan
    pages: Pages

    def answer(self, request: PageRequest, language: str, now: datetime) -> PageResponse:
        """A GET shows and changes nothing: mail scanners follow every link. A POST withdraws; twice is as once."""
        try:
            claims = read_token(self.keys, UNSUBSCRIBE, request.token)
        except InvalidTokenError:
            return self.pages.frame.invalid(language)
        customer_id, topic = claims["customer_id"], claims["topic"]
        preferences_token = sign_token(self.keys, PREFERENCES, {"customer_id": customer_id})
        if request.is_post:
            topics = topics_to_leave(topic, request.ticked("also"), self.plan.topics)
            self._withdraw(customer_id, topics, claims.get("send_key"), now)
            return self.pages.done(language, topics=topics, preferences_token=preferences_token)
        others = other_topics(topic, self.contacts.get(customer_id).granted, self.plan.topics)
        return self.pages.ask(language, topic=topic, others=others, preferences_token=preferences_token)

    def _withdraw(
        self, customer_id: str, topics: tuple[str, ...], send_key: str | None, now: datetime
    ) -> None:
        """What we keep decides about the next mail, so it is written first; then the shop is told. With the bus away
        the withdrawal holds and the page says so. The shop then hears of it at the next click alone: a mail program
        that got an error instead might tell the customer that it could not unsubscribe them.
        """
        self.contacts.withdraw(customer_id, topics, now=now)
        own, *others = topics
        # Mails of old had no send key in their links.
        left = left_by_mail(customer_id, own, send_key, now) if send_key else None
        told = self.telling.tell(
            [
                left or consent_changed(customer_id, own, now, granted=False),
                *(consent_changed(customer_id, other, now, granted=False) for other in others),
            ]
        )
        logger().info("unsubscribed", customer_ref=customer_ref(customer_id), topics=topics, told=told)
