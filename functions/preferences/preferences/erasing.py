"""Erasing: the customer asks to be forgotten, and is asked once whether they mean it."""

from dataclasses import dataclass
from datetime import datetime

from engagement.contacts import Contacts
from engagement.errors import InvalidTokenError
from engagement.mail_composer import PREFERENCES
from engagement.observability import customer_ref, logger
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
from engagement.secret_keys import SigningKeys
from engagement.signed_tokens import read_token
from engagement.web import PageRequest, PageResponse
from preferences.rendering import Pages
from preferences.rules import later_than
from preferences.telling import Telling, erased


@dataclass(frozen=True)
class Erasing:
    contacts: Contacts
    profiles: Profiles
    telling: Telling
    keys: SigningKeys
    plan: EngagementPlan
    pages: Pages

    def answer(self, request: PageRequest, language: str, now: datetime) -> PageResponse:
        """A GET asks. A POST withdraws every consent at once, and tells that the customer is to be forgotten; if the
        bus does not take it the page says that it is not done yet, and has its button once more.
        """
        try:
            customer_id = read_token(self.keys, PREFERENCES, request.token)["customer_id"]
        except InvalidTokenError:
            return self.pages.frame.invalid(language)
        told = self.profiles.told(customer_id)
        if told is None:
            return self.pages.gone(language)
        if not request.is_post:
            return self.pages.confirm_erasure(language, token=request.token)
        at = later_than(now, told.told_at)
        self.contacts.withdraw(customer_id, self.plan.topics, now=at)
        if not self.telling.tell([erased(told, at)]):
            return self.pages.confirm_erasure(language, token=request.token, failed=True)
        logger().info("erasure told", customer_ref=customer_ref(customer_id))
        return self.pages.erased(language)
