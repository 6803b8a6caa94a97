"""Asking: the sweep over the requests that are due."""

from dataclasses import dataclass
from datetime import datetime

from engagement.clock import to_text
from engagement.mail_composer import MailComposer
from engagement.mail_orders import Handling, SendMail
from engagement.plan import EngagementPlan
from engagement.profiles import Profile, Profiles
from engagement.queues import MessageQueue
from review_requests.campaign import ReviewRequestSettings
from review_requests.rules import ReviewRequest, reason_not_to_ask, send_key, useful_until
from review_requests.table import ReviewRequests, request_of

# What one sweep takes on: well inside the door's timeout. What is left falls to the next one.
SWEEP_LIMIT = 500
# A mail names this many products and counts the others.
PRODUCTS_SHOWN = 8


@dataclass(frozen=True)
class ReviewAsking:
    requests: ReviewRequests
    profiles: Profiles
    composer: MailComposer
    mail_queue: MessageQueue
    plan: EngagementPlan
    settings: ReviewRequestSettings

    def sweep(self, now: datetime) -> int:
        """Ask about every order that is due at `now`; returns how many mails were handed over.

        Killed anywhere, nothing is lost: a request whose claim ran out falls due again, and its mail has the same
        send key.
        """
        return self.requests.due_work.sweep(now, SWEEP_LIMIT, lambda item: self._ask(request_of(item), now))

    def _ask(self, request: ReviewRequest, now: datetime) -> dict[str, str] | None:
        if reason_not_to_ask(request) or not self.plan.campaign(self.settings.campaign).enabled:
            return {}
        if request.customer_id is None or request.delivered_at is None:
            return {}
        profile = self.profiles.get(request.customer_id)
        if profile is None:
            # The registration may still be on its way; for an erased customer it never comes.
            return None if now < useful_until(request.delivered_at, self.settings) else {}
        self.mail_queue.put([self._mail_about(request, request.delivered_at, profile)])
        return {"asked_at": to_text(now)}

    def _mail_about(self, request: ReviewRequest, delivered_at: datetime, profile: Profile) -> SendMail:
        return self.composer.compose(
            "review_request",
            profile,
            send_key=send_key(request.order_id),
            campaign=self.settings.campaign,
            useful_until=useful_until(delivered_at, self.settings),
            handling=Handling(premises=(self.requests.premise(request),)),
            products=request.products[:PRODUCTS_SHOWN],
            others=len(request.products[PRODUCTS_SHOWN:]),
        )
