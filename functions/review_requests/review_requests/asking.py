"""Asking: the sweep over the requests that are due."""

from dataclasses import dataclass
from datetime import datetime

from engagement.clock import to_text
from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
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
        handed_over = 0
        for seen in self.requests.due_work.due(now, SWEEP_LIMIT):
            claimed = self.requests.due_work.claim(seen, now)
            if claimed is None:
                continue
            mail = self._mail_about(request_of(claimed))
            if mail:
                self.mail_queue.put([mail])
                handed_over += 1
            self.requests.due_work.settle(claimed, **({"asked_at": to_text(now)} if mail else {}))
        return handed_over

    def _mail_about(self, request: ReviewRequest) -> SendMail | None:
        campaign = self.settings.campaign
        if reason_not_to_ask(request) or not self.plan.campaign(campaign).enabled:
            return None
        profile = self.profiles.get(request.customer_id) if request.customer_id else None
        if profile is None or request.delivered_at is None:
            return None
        return self.composer.compose(
            "review_request",
            profile,
            send_key=send_key(request.order_id),
            campaign=campaign,
            useful_until=useful_until(request.delivered_at, self.settings),
            products=request.products[:PRODUCTS_SHOWN],
            others=len(request.products[PRODUCTS_SHOWN:]),
        )
