"""The sweep over the accounts of which something is due: points end, a tier is decided, a mail is to be written."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engagement.errors import RetryLaterError
from engagement.observability import explanation
from loyalty.drafts import Draft
from loyalty.happenings import advanced
from loyalty.outbox import Outbox, look_at
from loyalty.table import Ledger
from loyalty.terms import Terms

# What one sweep takes on: well inside the door's timeout. What is left falls to the next one.
SWEEP_LIMIT = 4_000


@dataclass(frozen=True)
class LoyaltySweep:
    ledger: Ledger
    outbox: Outbox
    terms: Terms

    def sweep(self, now: datetime) -> int:
        """Look at every account that is due at `now` (UTC); returns how many mails were handed over.

        One account never stops the others: what fails falls due again, and RetryLaterError at the end says so.
        """
        mails: list[int] = []

        def act(item: dict[str, Any]) -> None:
            # Due work that can never be done is let go; an account's records can be mended, and its points are owed.
            try:
                mails.append(self._look(item["customer_id"], now))
            except ValueError as error:
                raise RetryLaterError(" ".join(explanation(error).values())) from error

        self.ledger.due_work.sweep(now, SWEEP_LIMIT, act)
        return sum(mails)

    def _look(self, customer_id: str, now: datetime) -> int:
        """What happened is written first, and goes out after that. Where somebody books meanwhile nothing is written:
        that booking advances the account itself, and has set the next look.
        """
        read = self.ledger.account(customer_id)
        draft = advanced(Draft.of(read), now, self.terms)
        account, due_at = draft.account, look_at(draft.account, now, self.terms)
        if draft.changed:
            if not self.ledger.write(draft, due_at=due_at):
                return 0
            account = replace(account, version=read.version + 1)
        elif not account.outbox:
            # Nothing is due after all, by the plan of today.
            self.ledger.clear_outbox(account, due_at)
        return self.outbox.deliver(account, now, known=draft.entries)
