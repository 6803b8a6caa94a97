"""What a fact about a customer means for the account: bonuses, a birthday to remember, and being forgotten. No I/O."""

from dataclasses import replace
from datetime import datetime, timedelta

from engagement.errors import MalformedMessageError
from engagement.events.customers import NO_DAY, CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.loyalty import ReferralCompleted
from loyalty.drafts import Draft
from loyalty.earning import was_erased_since
from loyalty.entries import NEVER, EntryKind, Qualifying, Rule, RuleKind
from loyalty.facts import CustomersFact, entry_id_of
from loyalty.happenings import advanced, expired
from loyalty.terms import Terms
from loyalty.tiers import current_tier

# Told later than this, a registration is of the shop's past: whoever imports customers does not give each a bonus.
_SIGN_UP_IS_PAST = timedelta(days=7)


def customer_decided(
    draft: Draft, fact: CustomersFact, now: datetime, terms: Terms, *, booked: bool
) -> Draft:
    """The draft once this fact counts. `booked`: its entry is there already. Raises MalformedMessageError."""
    draft = advanced(draft, now, terms)
    bonuses = terms.settings.bonuses
    match fact:
        case CustomerErased():
            return _erased(draft, fact, now, terms)
        case ReferralCompleted():
            if fact.friend_id == fact.customer_id:
                raise MalformedMessageError("ReferralCompleted: friend_id: nobody is their own friend")
            draft = _bonus(draft, EntryKind.REFERRAL, fact, 0 if booked else bonuses.referral, now, terms)
        case CustomerRegistered() | CustomerUpdated():
            draft = _known(draft, fact, terms)
            if isinstance(fact, CustomerRegistered):
                past = booked or now - fact.occurred_at > _SIGN_UP_IS_PAST
                draft = _bonus(draft, EntryKind.SIGN_UP, fact, 0 if past else bonuses.sign_up, now, terms)
    return advanced(draft, now, terms)


def _bonus(
    draft: Draft, kind: EntryKind, fact: CustomersFact, points: int, now: datetime, terms: Terms
) -> Draft:
    if not points or not terms.earns or was_erased_since(draft.account, fact.occurred_at):
        return draft
    return draft.posting(
        now=now,
        entry_id=entry_id_of(fact),
        kind=kind,
        points=points,
        worth=points,
        rule=Rule(RuleKind.BONUS, terms.version, points),
        event_id=fact.event_id,
        occurred_at=fact.occurred_at,
        lot=terms.lot_of(draft.account.as_of),
        qualifying=Qualifying(points),
    )


def _known(draft: Draft, fact: CustomerRegistered | CustomerUpdated, terms: Terms) -> Draft:
    """The newest profile counts. A birthday is kept only where one earns something."""
    account = draft.account
    told_before = account.profile_told_at and fact.occurred_at <= account.profile_told_at
    if told_before or (account.erased_at and fact.occurred_at <= account.erased_at):
        return draft
    wanted = fact.birthday if terms.settings.bonuses.birthday and fact.birthday != NO_DAY else None
    birthday = f"-{wanted[-6:]}" if wanted else None
    if not terms.settings.bonuses.birthday and account.erased_at is None:
        return draft
    known = replace(account, profile_told_at=fact.occurred_at, erased_at=None)
    if birthday != account.birthday:
        day = terms.days.day_of(fact.occurred_at) if birthday else None
        known = replace(known, birthday=birthday, birthday_known_on=day)
    return draft.with_account(known)


def _erased(draft: Draft, fact: CustomerErased, now: datetime, terms: Terms) -> Draft:
    """All points end, and with them the tier; nothing personal stays, no mail leaves."""
    account = draft.account
    newer = max((at for at in (account.erased_at, account.profile_told_at) if at), default=None)
    if newer and fact.occurred_at <= newer:
        return draft
    # What is on hold is freed first, as if the holds had ended by themselves.
    ending = {each: replace(hold, until=now) for each, hold in account.held.items()}
    draft = advanced(draft.with_account(replace(account, held=ending)), now, terms)
    draft = expired(draft, at=fact.occurred_at, now=now, until=NEVER, pending=True)
    if draft.full:  # the rest ends when the fact is decided upon again, with what is left
        return draft
    draft = _without_tier(draft, fact, now, terms)
    account = replace(
        draft.account,
        erased_at=fact.occurred_at,
        birthday=None,
        birthday_known_on=None,
        profile_told_at=None,
        active_on=None,
        months={},
        reminded={},
        outbox=tuple(each for each in draft.account.outbox if not each.startswith("mail:")),
    )
    return draft.with_account(account)


def _without_tier(draft: Draft, fact: CustomerErased, now: datetime, terms: Terms) -> Draft:
    """Whoever comes back begins anew."""
    account, lowest = draft.account, terms.tiers.steps[0]
    changed = current_tier(account, terms.tiers) != lowest
    if not changed and not account.qualifying:
        return draft
    kind = EntryKind.TIER_CHANGED if changed else EntryKind.TIER_KEPT
    since = account.tiers[-1].since if changed else fact.occurred_at - timedelta.resolution
    return draft.posting(
        now=now,
        to_outbox=changed,
        entry_id=f"{account.customer_id}:{kind}:erased:{account.entry_count + 1}",
        kind=kind,
        points=0,
        rule=Rule(RuleKind.TIERS, terms.version),
        event_id=fact.event_id,
        occurred_at=max(fact.occurred_at, since + timedelta.resolution),
        tier=lowest.name,
    )
