"""A draft: the account as it becomes, with the entries that make it so, before any of it is written."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from loyalty.accounts import matured, posted
from loyalty.entries import Entry
from loyalty.records import Account

_LONGEST_IDENTIFIER = 100
# A transaction takes a hundred items: these, and some more of the fact that is being booked, with its records.
_MOST_ENTRIES = 80


def event_id_of(entry_id: str) -> str:
    """The entry's id as an event's: always the same, and another one for each entry.

    An event's id has no `:` and 100 characters at most; two of the shop's ids in one entry's can be longer.
    """
    readable = entry_id.replace("~", "~0").replace(":", "~1")
    return readable if len(readable) <= _LONGEST_IDENTIFIER else sha256(entry_id.encode()).hexdigest()


@dataclass(frozen=True)
class Draft:
    """`read` is the account as it was read; `entries` are those that are new."""

    read: Account
    account: Account
    entries: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, account: Account) -> "Draft":
        return cls(account, account)

    def with_account(self, account: Account) -> "Draft":
        return replace(self, account=account)

    def posting(self, *, now: datetime, to_outbox: bool = False, **values: Any) -> "Draft":
        """With one more entry. `to_outbox`: it is told from there, for no fact that is delivered again leads to it."""
        account = self.account
        entry = Entry(
            customer_id=account.customer_id,
            sequence=account.entry_count + 1,
            day=account.as_of,
            booked_at=now,
            **values,
        )
        account = posted(account, entry)
        if to_outbox:
            account = replace(account, outbox=(*account.outbox, f"entry:{entry.entry_id}"))
        return replace(self, account=account, entries=(*self.entries, entry))

    @property
    def full(self) -> bool:
        """Whether it is to be written before anything more happens; the account is then as of the last that did."""
        return len(self.entries) >= _MOST_ENTRIES

    @property
    def changed(self) -> bool:
        """Whether anything is new but the day: what matures by itself need not be written."""
        return self.account != matured(self.read, self.account.as_of)

    def mailing(self, kind: str, occasion: str) -> "Draft":
        """With one more mail to hand over, if there is not the same already."""
        mail = f"mail:{kind}:{occasion}"
        if mail in self.account.outbox:
            return self
        return self.with_account(replace(self.account, outbox=(*self.account.outbox, mail)))
