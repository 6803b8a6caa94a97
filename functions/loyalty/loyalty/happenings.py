"""What becomes of an account as time passes, in the order of time, however long nobody looked: so it does not matter
how often anybody does. Booking advances first, a sweep advances those of whom something is due, a statement advances
what it shows.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from loyalty.accounts import freed, left_in_lots, matured
from loyalty.drafts import Draft, event_id_of
from loyalty.due import Due, Happening, first_due
from loyalty.entries import NEVER, EntryKind, Lot, Qualifying, Rule, RuleKind
from loyalty.terms import EXPIRING, LOWERED, REACHED, STATEMENT, Terms
from loyalty.tiers import TierFound, current_tier, decision, reached_by

# A reminder tells of all that ends in the week that begins with its day, so that nobody is reminded every day.
_REMINDED_TOGETHER = timedelta(days=6)


def advanced(draft: Draft, now: datetime, terms: Terms, *, quiet: bool = False) -> Draft:
    """The draft with all that has happened by itself until `now`. `quiet`: it is of the shop's past, and nobody is
    told of points that ended long ago, or congratulated on a tier. A draft that is full waits to be written.
    """
    if draft.account.as_of == date.min:
        draft = draft.with_account(matured(draft.account, terms.days.day_of(now)))
    while not draft.full and (due := first_due(draft.account, now, terms)) and due.at <= now:
        draft = _happened(draft, due, now, terms, quiet=quiet)
    if draft.full:
        return draft
    return draft.with_account(matured(draft.account, terms.days.day_of(now)))


def _happened(draft: Draft, due: Due, now: datetime, terms: Terms, *, quiet: bool) -> Draft:
    draft = draft.with_account(matured(draft.account, due.day))
    match due.happening:
        case Happening.HOLD_ENDS:
            return _hold_ended(draft, due, now)
        case Happening.MATURES | Happening.BIRTHDAY:
            if due.happening is Happening.BIRTHDAY:
                draft = _birthday_came(draft, due, now, terms)
            return _tier_reached(draft, due.at, now, terms, quiet=quiet)
        case Happening.ENDS:
            return expired(draft, at=due.at, now=now, until=due.day, quiet=quiet)
        case Happening.IDLE_ENDS:
            before = due.day - timedelta(days=1)
            return expired(draft, at=due.at, now=now, until=NEVER, matured_until=before, quiet=quiet)
        case Happening.TIER_REACHED:
            return _tier_reached(draft, now, now, terms, quiet=quiet)
        case Happening.TIER_DECIDED:
            return _tier_decided(draft, due, now, terms)
        case Happening.REMINDER:
            return _reminded(draft, due, terms)
        case Happening.STATEMENT:
            return draft.mailing(STATEMENT, due.subject)


def expired(
    draft: Draft,
    *,
    at: datetime,
    now: datetime,
    until: date,
    matured_until: date | None = None,
    pending: bool = False,
    quiet: bool = False,
) -> Draft:
    """What is left of all lots that end on `until` or before; and what is pending, too. As many as the draft takes.

    `matured_until`: the last day on which any of them matured, if that is not the account's.
    """
    for lot, points in draft.account.pending.items() if pending else ():
        if not draft.full:
            draft = _expiring(draft, points, lot, at, now, quiet=quiet)
    for ends_on, points in left_in_lots(draft.account).items():
        if ends_on <= until and points and not draft.full:
            lot = Lot(matured_until or draft.account.as_of, ends_on)
            draft = _expiring(draft, points, lot, at, now, quiet=quiet)
    return draft


def _expiring(
    draft: Draft, points: int, lot: Lot | None, at: datetime, now: datetime, *, quiet: bool = False
) -> Draft:
    ended = f"{lot.expires_on}" if lot else "on_hold"
    entry_id = f"{draft.account.customer_id}:expired:{ended}:{draft.account.entry_count + 1}"
    return draft.posting(
        now=now,
        to_outbox=not quiet,
        entry_id=entry_id,
        kind=EntryKind.EXPIRED,
        points=-points,
        rule=Rule(RuleKind.EXPIRY),
        event_id=event_id_of(entry_id),
        occurred_at=at,
        lot=lot,
        imported=quiet,
    )


def _hold_ended(draft: Draft, due: Due, now: datetime) -> Draft:
    draft = draft.with_account(freed(draft.account, due.subject))
    return draft if draft.account.used >= 0 else _expiring(draft, -draft.account.used, None, due.at, now)


def _birthday_came(draft: Draft, due: Due, now: datetime, terms: Terms) -> Draft:
    # By its day: one that is moved may come a second time in a calendar year.
    entry_id = f"{draft.account.customer_id}:birthday:{due.day}"
    draft = draft.with_account(replace(draft.account, birthday_paid_on=due.day))
    return draft.posting(
        now=now,
        to_outbox=True,
        entry_id=entry_id,
        kind=EntryKind.BIRTHDAY,
        points=terms.settings.bonuses.birthday,
        rule=Rule(RuleKind.BONUS, terms.version, terms.settings.bonuses.birthday),
        event_id=event_id_of(entry_id),
        occurred_at=due.at,
        lot=terms.lot_of(due.day),
        qualifying=Qualifying(terms.settings.bonuses.birthday),
    )


def _tier_reached(draft: Draft, at: datetime, now: datetime, terms: Terms, *, quiet: bool) -> Draft:
    """By what matures, as the day begins, whenever somebody looks; by what is booked, when it is."""
    found = reached_by(draft.account, terms.tiers, draft.account.as_of)
    if found is None or draft.account.erased_at:
        return draft
    draft = _with_tier(draft, EntryKind.TIER_CHANGED, found, at, now, terms)
    return draft.mailing(REACHED, found.tier.name) if REACHED in terms.mails and not quiet else draft


def _tier_decided(draft: Draft, due: Due, now: datetime, terms: Terms) -> Draft:
    found = decision(draft.account, terms.tiers, due.day)
    if found.tier == current_tier(draft.account, terms.tiers):
        return _with_tier(draft, EntryKind.TIER_KEPT, found, due.at, now, terms)
    draft = _with_tier(draft, EntryKind.TIER_CHANGED, found, due.at, now, terms)
    return draft.mailing(LOWERED, found.tier.name) if LOWERED in terms.mails else draft


def _with_tier(
    draft: Draft, kind: EntryKind, found: TierFound, at: datetime, now: datetime, terms: Terms
) -> Draft:
    account = draft.account
    # The newest told is the one that others believe: each is later than the one before, whatever the clocks say.
    since = max(at, account.tiers[-1].since + timedelta.resolution) if account.tiers else at
    entry_id = f"{account.customer_id}:{kind}:{found.tier.name}:{account.entry_count + 1}"
    return draft.posting(
        now=now,
        to_outbox=kind is EntryKind.TIER_CHANGED,
        entry_id=entry_id,
        kind=kind,
        points=0,
        rule=Rule(RuleKind.TIERS, terms.version),
        event_id=event_id_of(entry_id),
        occurred_at=since,
        tier=found.tier.name,
        period_from=found.period_from,
        measured=found.measured,
    )


def _reminded(draft: Draft, due: Due, terms: Terms) -> Draft:
    """The nearer of two reminders stands for the other."""
    expiry, account = terms.settings.expiry, draft.account
    ahead = [span.days for span in expiry.remind_before] if expiry else []
    reminded = dict(account.reminded)
    for days in ahead:
        if days >= due.ahead:
            until = max(due.ends_on, due.day + timedelta(days=due.ahead)) + _REMINDED_TOGETHER
            reminded[days] = max(until, reminded.get(days, date.min))
    return draft.with_account(replace(account, reminded=reminded)).mailing(
        EXPIRING, f"{due.ends_on}:{due.ahead}"
    )
