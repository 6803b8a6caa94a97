"""What of an account falls due by itself as time passes, and when: holds end, points mature and end, birthdays come
round, tiers are decided, mails are to be written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from loyalty.accounts import left_in_lots
from loyalty.days import month_after, on_day_of_year
from loyalty.entries import NEVER
from loyalty.records import Account
from loyalty.terms import EXPIRING, STATEMENT, Terms
from loyalty.tiers import decided_on, reached_by


class Happening(IntEnum):
    """In the order in which they happen at one instant."""

    HOLD_ENDS = 1
    MATURES = 2
    BIRTHDAY = 3
    ENDS = 4
    IDLE_ENDS = 5
    TIER_REACHED = 6
    TIER_DECIDED = 7
    REMINDER = 8
    STATEMENT = 9


@dataclass(frozen=True, order=True)
class Due:
    at: datetime
    happening: Happening
    # The day, where it is one's.
    day: date
    # Which hold, which month; of a reminder how many days ahead, and the day on which points end.
    subject: str = ""
    ahead: int = 0
    ends_on: date = NEVER


# A birthday that nobody looked at for longer than this is over.
_BIRTHDAY_IS_LATE = timedelta(days=7)
# Moved from one end of the year to the other, a birthday does not come twice.
_BIRTHDAYS_APART = timedelta(days=330)


def next_due_at(account: Account, now: datetime, terms: Terms) -> datetime | None:
    """When somebody has to look at the account again; None: never, unless something is told of it.

    What matures alone needs nobody: whoever looks next sees it.
    """
    ats = [due.at for due in _dues_of(account, now, terms) if due.happening is not Happening.MATURES]
    if account.erased_at is None:
        days = _days_ahead(account)
        ats += [terms.days.begin(day) for day in days if reached_by(account, terms.tiers, day)][:1]
    return min(ats, default=None)


def first_due(account: Account, now: datetime, terms: Terms) -> Due | None:
    return min(_dues_of(account, now, terms), default=None)


def _dues_of(account: Account, now: datetime, terms: Terms) -> Iterator[Due]:
    begin, as_of = terms.days.begin, account.as_of
    for reservation_id, hold in account.held.items():
        yield Due(hold.until, Happening.HOLD_ENDS, terms.days.day_of(hold.until), reservation_id)
    for matures_on in _days_ahead(account):
        yield Due(begin(matures_on), Happening.MATURES, matures_on)
    left = {ends_on: points for ends_on, points in left_in_lots(account).items() if points}
    idle_until = terms.idle_until(account.active_on) if left else None
    for ends_on in left:
        if ends_on != NEVER:
            yield Due(begin(ends_on), Happening.ENDS, ends_on)
    if idle_until:
        yield Due(begin(idle_until), Happening.IDLE_ENDS, idle_until)
    if account.erased_at:
        return
    if reached_by(account, terms.tiers, as_of):
        yield Due(begin(as_of), Happening.TIER_REACHED, as_of)
    if day := decided_on(account, terms.tiers):
        yield Due(begin(day), Happening.TIER_DECIDED, day)
    if day := _birthday(account, terms.days.day_of(now), terms):
        yield Due(begin(day), Happening.BIRTHDAY, day)
    yield from _reminders(account, {idle_until} if idle_until else left.keys(), terms)
    yield from _statements(account, terms)


def _days_ahead(account: Account) -> list[date]:
    """The days on which something matures, or begins to count for a tier."""
    counting = {day for day in account.qualifying if day > account.as_of}
    return sorted({lot.matures_on for lot in account.pending} | counting)


def _birthday(account: Account, today: date, terms: Terms) -> date | None:
    bonuses = terms.settings.bonuses
    if not (account.birthday and account.birthday_known_on and bonuses.birthday and terms.earns):
        return None
    earliest = max(account.birthday_known_on + bonuses.birthday_unchanged_for, today - _BIRTHDAY_IS_LATE)
    if account.birthday_paid_on:
        earliest = max(earliest, account.birthday_paid_on + _BIRTHDAYS_APART)
    month, day = int(account.birthday[2:4]), int(account.birthday[5:7])
    this_year = on_day_of_year(month, day, earliest.year)
    return this_year if this_year >= earliest else on_day_of_year(month, day, earliest.year + 1)


def _reminders(account: Account, ends: Iterable[date], terms: Terms) -> Iterator[Due]:
    mail, expiry = terms.mails.get(EXPIRING), terms.settings.expiry
    if not mail or not expiry:
        return
    for span in expiry.remind_before:
        for ends_on in ends:
            if ends_on != NEVER and ends_on > account.reminded.get(span.days, date.min):
                day = max(ends_on - span, account.as_of)
                at = terms.days.begin(day, mail.local_hour)
                yield Due(at, Happening.REMINDER, day, ahead=span.days, ends_on=ends_on)


def _statements(account: Account, terms: Terms) -> Iterator[Due]:
    if mail := terms.mails.get(STATEMENT):
        for month in account.months:
            day = month_after(date.fromisoformat(f"{month}-01"))
            if f"mail:{STATEMENT}:{month}" not in account.outbox:
                yield Due(terms.days.begin(day, mail.local_hour), Happening.STATEMENT, day, month)
