"""A correction that somebody of the shop's decided on. No I/O."""

from datetime import datetime

from loyalty.drafts import Draft, event_id_of
from loyalty.entries import EntryKind, Rule, RuleKind
from loyalty.happenings import advanced
from loyalty.terms import Terms


def entry_id_of(customer_id: str, adjustment_id: str) -> str:
    return f"{customer_id}:{EntryKind.ADJUSTED}:{adjustment_id}"


def adjusted(
    draft: Draft, adjustment_id: str, points: int, *, reason: str, author: str, now: datetime, terms: Terms
) -> Draft:
    """So many points more, or fewer (that may leave less than nothing); they count for no tier."""
    draft = advanced(draft, now, terms)
    entry_id = entry_id_of(draft.account.customer_id, adjustment_id)
    draft = draft.posting(
        now=now,
        to_outbox=True,
        entry_id=entry_id,
        kind=EntryKind.ADJUSTED,
        points=points,
        rule=Rule(RuleKind.ADJUSTMENT, terms.version),
        event_id=event_id_of(entry_id),
        occurred_at=now,
        lot=terms.lot_of(draft.account.as_of) if points > 0 else None,
        reason=reason,
        author=author,
    )
    return advanced(draft, now, terms)
