"""What an entry does to its account, and what of an account is left to be spent. The ledger's arithmetic is all here.

Whoever books, and whoever audits, folds entries by `posted`. At any time the sum of a customer's entries is what is
pending plus what is in lots, less what is used, plus what is on hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from loyalty.days import month_of
from loyalty.entries import Entry, EntryKind, Lot, Movement, Qualifying
from loyalty.records import Account, Hold, TierHeld

# As long as a refund of something that long over is told, and more.
_LAPSED_KEPT = 400
_TIERS_KEPT = 24
# Where statements are switched off nobody takes them away.
_MONTHS_KEPT = 6
_QUALIFYING_YEARS_KEPT = 2


@dataclass(frozen=True)
class Loss:
    """What of points that are to be taken back is lost: what expired before is gone already (`gone`), and what the
    customer no longer has may be let off (`forgiven`).
    """

    gone: int = 0
    forgiven: int = 0


def left_in_lots(account: Account) -> dict[date, int]:
    """What is left of each lot after all that was used, oldest (ending first) first; used up ones have 0."""
    used, left = account.used, {}
    for ends_on in sorted(account.lots):
        taken = min(used, account.lots[ends_on])
        left[ends_on] = account.lots[ends_on] - taken
        used -= taken
    return left


def loss_of(account: Account, points: int, lot: Lot, *, below_zero: bool) -> Loss:
    """What is not taken back of `points` of this lot that are to be."""
    if lot.matures_on > account.as_of:
        return Loss(gone=max(0, points - account.pending.get(lot, 0)))
    gone = min(points, account.lapsed.get(lot.expires_on, 0)) if _is_over(account, lot) else 0
    if below_zero:
        return Loss(gone)
    left = account.available - (points - gone)
    return Loss(gone, forgiven=max(0, -left) - max(0, -account.available) if left < 0 else 0)


def posted(account: Account, entry: Entry) -> Account:
    """The account with this entry. Raises ValueError where an entry is not the account's next one."""
    if entry.sequence != account.entry_count + 1:
        raise ValueError(f"entry {entry.sequence} cannot follow {account.entry_count}")
    account = _with_effect(matured(account, entry.day), entry)
    if entry.qualifying and entry.lot:
        account = _qualified(account, entry.lot.matures_on, entry.qualifying)
    if entry.movement:
        account = _summed(account, entry.movement, entry)
    return replace(account, entry_count=entry.sequence, forgiven=account.forgiven + entry.forgiven)


def matured(account: Account, day: date) -> Account:
    """The account as of `day`, or of its own where that is later: what is pending until then becomes spendable, and
    lots that are over and used up are settled.
    """
    if day > account.as_of:
        account = replace(account, as_of=day)
    pending, lots = dict(account.pending), dict(account.lots)
    for lot in [lot for lot in pending if lot.matures_on <= account.as_of]:
        _add(lots, lot.expires_on, pending.pop(lot))
    return _settled(replace(account, pending=pending, lots=lots))


def held(account: Account, reservation_id: str, hold: Hold) -> Account:
    """The account with points put aside: what is on hold is used, and not spent yet."""
    holds = {**account.held, reservation_id: hold}
    return replace(account, held=holds, used=account.used + hold.points)


def freed(account: Account, reservation_id: str) -> Account:
    """The account without a hold. Where `used` falls below zero, points on hold ended meanwhile: they are to be
    expired.
    """
    hold = account.held[reservation_id]
    return replace(account, held=_without(account.held, reservation_id), used=account.used - hold.points)


def _settled(account: Account) -> Account:
    over = [end for end, left in left_in_lots(account).items() if end <= account.as_of and left == 0]
    for end in over:
        used = account.used - account.lots[end]
        account = replace(account, lots=_without(account.lots, end), used=used)
    return account


def _with_effect(account: Account, entry: Entry) -> Account:
    match entry.kind:
        case EntryKind.TIER_CHANGED | EntryKind.TIER_KEPT:
            return _with_tier(account, entry)
        case EntryKind.REDEEMED:
            return _redeemed(account, entry)
        case EntryKind.EXPIRED:
            return _expired(account, entry)
        case EntryKind.ADJUSTED if entry.points < 0:
            return replace(account, used=account.used - entry.points)
        case _ if entry.lot is None:
            return account
        case _ if entry.points > 0:
            return _credited(account, entry.lot, entry.points)
        case _:
            return _taken_back(account, entry.lot, entry)


def _credited(account: Account, lot: Lot, points: int) -> Account:
    account = replace(account, active_on=max(account.active_on or lot.matures_on, lot.matures_on))
    if lot.matures_on > account.as_of:
        return replace(account, pending=_added(account.pending, lot, points))
    return replace(account, lots=_added(account.lots, lot.expires_on, points))


def _taken_back(account: Account, lot: Lot, entry: Entry) -> Account:
    """From the lot that it was credited to; of one that is over, what had been used of it is missing elsewhere."""
    lapsed = _added(account.lapsed, lot.expires_on, -entry.gone)
    if lot.matures_on > account.as_of:
        return replace(account, lapsed=lapsed, pending=_added(account.pending, lot, entry.points))
    taken = -entry.points
    if _is_over(account, lot):
        return replace(account, lapsed=lapsed, used=account.used + taken)
    whole = taken + entry.forgiven
    from_lot = min(whole, account.lots.get(lot.expires_on, 0))
    lots = _added(account.lots, lot.expires_on, -from_lot)
    return replace(account, lots=lots, used=account.used + whole - from_lot - entry.forgiven)


def _redeemed(account: Account, entry: Entry) -> Account:
    account = replace(account, last_redemption=entry.redemption_id)
    if entry.redemption_id in account.held:
        return replace(account, held=_without(account.held, entry.redemption_id))
    return replace(account, used=account.used - entry.points)


def _expired(account: Account, entry: Entry) -> Account:
    """A lot ends: what is left of it expires, and what was used of it is settled. Without a lot: points that were on
    hold when theirs ended.
    """
    if entry.lot is None:
        return replace(account, used=account.used - entry.points)
    lot, ended = entry.lot, -entry.points
    lapsed = dict(sorted(_added(account.lapsed, lot.expires_on, ended).items())[-_LAPSED_KEPT:])
    if lot.matures_on > account.as_of:
        account = replace(account, pending=_without(account.pending, lot))
    else:
        was_used = account.lots.get(lot.expires_on, 0) - ended
        lots = _without(account.lots, lot.expires_on)
        account = replace(account, lots=lots, used=account.used - was_used)
    if lot.expires_on > entry.day:
        # All there was has ended, before its time: what is credited under the same day from now on has not.
        emptied_on = max(lot.matures_on, account.emptied_on or lot.matures_on)
        account = replace(account, emptied_on=emptied_on)
    return replace(account, lapsed=lapsed)


def _is_over(account: Account, lot: Lot) -> bool:
    emptied = account.emptied_on is not None and lot.matures_on <= account.emptied_on
    return emptied or lot.expires_on <= account.as_of


def _with_tier(account: Account, entry: Entry) -> Account:
    account = replace(account, period_from=entry.period_from)
    if entry.period_from is None:
        # Erased: nothing that was before counts for a tier.
        account = replace(account, qualifying={})
    if entry.kind is EntryKind.TIER_KEPT or entry.tier is None:
        return account
    tiers = (*account.tiers, TierHeld(entry.tier, entry.occurred_at))
    return replace(account, tiers=tiers[-_TIERS_KEPT:])


def _qualified(account: Account, day: date, change: Qualifying) -> Account:
    qualifying = dict(account.qualifying)
    counted = qualifying.get(day, Qualifying()) + change
    # Of what an erasure took away a refund takes nothing more.
    qualifying[day] = Qualifying(max(0, counted.points), max(0, counted.spend_minor))
    oldest = account.as_of.year - _QUALIFYING_YEARS_KEPT
    kept = {day: known for day, known in qualifying.items() if day.year >= oldest and known != Qualifying()}
    return replace(account, qualifying=kept)


def _summed(account: Account, movement: Movement, entry: Entry) -> Account:
    totals = _added(account.totals, movement, entry.points)
    if entry.imported:
        return replace(account, totals=totals)
    month = month_of(account.as_of)
    of_month = _added(account.months.get(month, {}), movement, entry.points)
    months = sorted(({**account.months, month: of_month}).items())
    return replace(account, totals=totals, months=dict(months[-_MONTHS_KEPT:]))


def _added[K](sums: Mapping[K, int], key: K, points: int) -> dict[K, int]:
    """Nothing is not kept."""
    added = dict(sums)
    _add(added, key, points)
    return added


def _add[K](sums: dict[K, int], key: K, points: int) -> None:
    if total := sums.pop(key, 0) + points:
        sums[key] = total


def _without[K, V](known: Mapping[K, V], key: K | None) -> dict[K, V]:
    return {each: value for each, value in known.items() if each != key}
