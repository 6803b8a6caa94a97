"""The sweep over the customers whose turn it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engagement.errors import RetryLaterError
from engagement.observability import explanation
from review_requests.looking import Looking
from review_requests.table import ReviewRequests

# What one sweep takes on: well inside the door's timeout. What is left falls to the next one.
SWEEP_LIMIT = 8_000


@dataclass(frozen=True)
class RequestSweep:
    requests: ReviewRequests
    looking: Looking

    def sweep(self, now: datetime) -> int:
        """Look at every customer who is due at `now`; returns how many mails were handed over.

        One customer never stops the others: what fails falls due again, and RetryLaterError at the end says so.
        """
        mails: list[int] = []

        def act(item: dict[str, Any]) -> None:
            # The room's own records alone can be such that nobody will ever read them.
            known = self.requests.read(item["customer_id"])
            try:
                mails.append(self.looking.look(known, now))
            except ValueError as error:
                raise RetryLaterError(" ".join(explanation(error).values())) from error

        self.requests.due_work.sweep(now, SWEEP_LIMIT, act)
        return sum(mails)
