"""What of an account is still to be told or mailed, and when somebody looks at the account next.

What no fact leads to that would be delivered again (points that ended, a tier, a statement) is kept in the account's
`outbox` by the write that makes it so, and taken out after it is out: at least once, whoever is killed in between.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engagement.bus import Bus
from engagement.observability import customer_ref, logger
from loyalty.announcing import announcement
from loyalty.due import next_due_at
from loyalty.entries import Entry
from loyalty.letters import Letters
from loyalty.records import Account
from loyalty.table import Ledger
from loyalty.terms import STATEMENT, Terms

_ENTRY, _MAIL = "entry:", "mail:"
# What is in an outbox is looked at again as soon as a sweep comes by.
_SOON = timedelta(minutes=5)


def look_at(account: Account, now: datetime, terms: Terms) -> datetime | None:
    """When (UTC) somebody is to look at the account, for its `due_at`; None: never, unless something is told of it."""
    due_at = next_due_at(account, now, terms)
    if not account.outbox:
        return due_at
    return min(now + _SOON, due_at) if due_at else now + _SOON


@dataclass(frozen=True)
class Outbox:
    """Without `letters` facts are told, and mails stay in the outbox for whoever has them."""

    ledger: Ledger
    bus: Bus
    letters: Letters | None
    terms: Terms

    def deliver(self, account: Account, now: datetime, known: Iterable[Entry] = ()) -> int:
        """Tell and mail what is in the outbox of this account, which is as it was read or written, its version
        included; returns how many mails were handed over. `known` are entries that need not be read.

        Where the account has changed since, it is all told again at its next look: each fact with the same `event_id`,
        each mail under the same send key. Raises RetryLaterError if the bus or the queue takes nothing.
        """
        told = [each for each in account.outbox if each.startswith(_ENTRY)]
        mails = [each for each in account.outbox if each.startswith(_MAIL)] if self.letters else []
        if not told and not mails:
            return 0
        self._tell(account, [each.removeprefix(_ENTRY) for each in told], known)
        handed = 0
        if self.letters and mails:
            premise = self.ledger.premise(account)
            handed = self.letters.hand_over(
                account, [each.removeprefix(_MAIL) for each in mails], premise, now
            )
        done = {*told, *mails}
        cleared = without(account, done)
        self.ledger.clear_outbox(cleared, look_at(cleared, now, self.terms))
        return handed

    def _tell(self, account: Account, entry_ids: Iterable[str], known: Iterable[Entry]) -> None:
        entries = {entry.entry_id: entry for entry in known}
        news = []
        for entry_id in entry_ids:
            entry = entries.get(entry_id) or self.ledger.entry(account.customer_id, entry_id)
            if entry is None:
                about = {"customer_ref": customer_ref(account.customer_id)}
                logger().error("an entry that is to be told is not in the ledger", extra=about)
            elif fact := announcement(entry, self.terms):
                news.append(fact)
        if news:
            self.bus.publish(news)


def without(account: Account, done: Iterable[str]) -> Account:
    """The account once this of its outbox is out; the sums of a month are over with its statement."""
    done = set(done)
    left = tuple(each for each in account.outbox if each not in done)
    months = {
        month: sums for month, sums in account.months.items() if f"{_MAIL}{STATEMENT}:{month}" not in done
    }
    return replace(account, outbox=left, months=months)
