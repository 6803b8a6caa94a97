"""A customer's statement: what they have, what comes, what ends next, their tier, and the entries behind it.

It is the account as of now: nobody need have looked at it since points ended, and to look writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from loyalty.accounts import left_in_lots
from loyalty.drafts import Draft
from loyalty.entries import NEVER, Entry
from loyalty.happenings import advanced
from loyalty.records import Account
from loyalty.terms import Terms
from loyalty.tiers import Progress, decided_on, progress


class Reading(Protocol):
    """What a statement reads of the ledger (`table.Ledger`)."""

    def account(self, customer_id: str) -> Account: ...

    def page(self, customer_id: str, *, before: int | None, limit: int) -> tuple[list[Entry], int | None]: ...


@dataclass(frozen=True)
class Ending:
    """So many points end at the beginning of `expires_on`; the day before is the last on which they can be spent."""

    points: int
    expires_on: date


@dataclass(frozen=True)
class Statement:
    """`balance` is what can be spent (`available`) and what is `on_hold` for a checkout; `pending` comes besides, by
    the day from which it can be spent. `tier_until` is the day at whose beginning it is decided whether the tier
    stays; `currency` is that of the progress, None where points are measured.

    `entries` are newest first, those of before `older` are on the next page. Days are the shop's.
    """

    customer_id: str
    as_of: date
    balance: int
    on_hold: int
    available: int
    pending: Mapping[date, int]
    ending: Ending | None
    progress: Progress
    currency: str | None
    tier_until: date | None
    entry_count: int
    entries: tuple[Entry, ...]
    older: int | None
    is_erased: bool


@dataclass(frozen=True)
class Statements:
    ledger: Reading
    terms: Terms

    def of(self, customer_id: str, now: datetime, *, before: int | None, limit: int) -> Statement:
        """The statement with a page of entries: the newest ones, or those of a sequence before `before`. Two reads.

        One of nothing for a customer of whom nothing was ever booked.
        """
        account = self.ledger.account(customer_id)
        is_first = before is None or before > account.entry_count
        # What was booked since the account was read is not in its sums, nor is it shown.
        start = account.entry_count + 1 if before is None or is_first else before
        page, older = self.ledger.page(customer_id, before=start, limit=limit)
        draft = advanced(Draft.of(account), now, self.terms)
        # What happened by itself and nobody has booked yet is among the newest.
        newest = draft.entries[::-1] if is_first else ()
        return _statement(draft.account, (*newest, *page), older, account.entry_count, self.terms)


def _statement(
    account: Account, entries: tuple[Entry, ...], older: int | None, entry_count: int, terms: Terms
) -> Statement:
    pending: dict[date, int] = {}
    for lot in sorted(account.pending, key=lambda each: each.matures_on):
        pending[lot.matures_on] = pending.get(lot.matures_on, 0) + account.pending[lot]
    return Statement(
        customer_id=account.customer_id,
        as_of=account.as_of,
        balance=account.balance,
        on_hold=account.on_hold,
        available=account.available,
        pending={day: points for day, points in pending.items() if points},
        ending=_ending(account, terms),
        progress=progress(account, terms.tiers),
        currency=terms.tiers.currency,
        tier_until=decided_on(account, terms.tiers),
        entry_count=entry_count,
        entries=entries,
        older=older,
        is_erased=account.erased_at is not None,
    )


def _ending(account: Account, terms: Terms) -> Ending | None:
    """What ends next of the points that can be spent: the oldest lot or, for want of activity, all of them."""
    left = {ends_on: points for ends_on, points in left_in_lots(account).items() if points > 0}
    if not left:
        return None
    idle_until = terms.idle_until(account.active_on) or NEVER
    first = min(left)
    found = Ending(sum(left.values()), idle_until) if idle_until <= first else Ending(left[first], first)
    return found if found.expires_on != NEVER else None
