"""Tracking: what the shop's facts mean for a request."""

from dataclasses import dataclass

from engagement.events.orders import OrderDelivered
from engagement.mail_orders import CancelMail
from engagement.queues import MessageQueue
from review_requests.campaign import ReviewRequestSettings
from review_requests.rules import ClosingFact, products_of, reason_to_close, request_due_at, send_key
from review_requests.table import ReviewRequests


@dataclass(frozen=True)
class RequestTracking:
    requests: ReviewRequests
    mail_queue: MessageQueue
    settings: ReviewRequestSettings

    def apply(self, fact: OrderDelivered | ClosingFact) -> None:
        """Any number of times, in any order: the latest delivery counts, and what is closed stays closed."""
        match fact:
            case OrderDelivered():
                self._open(fact)
            case _:
                self._close(fact)

    def _open(self, fact: OrderDelivered) -> None:
        self.requests.open(
            fact.order_id,
            fact.customer_id,
            products_of(fact.lines),
            delivered_at=fact.occurred_at,
            due_at=request_due_at(fact.occurred_at, self.settings),
            expires_at=fact.occurred_at + self.settings.keep_request_for,
        )

    def _close(self, fact: ClosingFact) -> None:
        expires_at = fact.occurred_at + self.settings.keep_request_for
        request = self.requests.close(fact.order_id, reason_to_close(fact), expires_at=expires_at)
        # Also when it was closed before: whoever closed it may have been killed here.
        if request.begun and request.closed:
            self.mail_queue.put([CancelMail(send_key=send_key(fact.order_id), reason=request.closed)])
