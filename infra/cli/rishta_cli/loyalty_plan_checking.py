"""What `rishta plan check` asks of tiers and points beyond their settings' form."""

from collections.abc import Iterator, Mapping
from typing import Any

from engagement.plan import EngagementPlan

type _Where = tuple[str | int, ...]
type _Fault = tuple[_Where, str]
_LOYALTY = "loyalty"


def tier_faults(plan: EngagementPlan) -> Iterator[_Fault]:
    """Every tier and benefit has a name in the shop's language, for whoever reads none of the others."""
    for number, tier in enumerate(plan.tiers.steps):
        where: _Where = ("tiers", "steps", number)
        names = {("title",): tier.title} | {("benefits", name): said for name, said in tier.benefits.items()}
        for part, said in names.items():
            if plan.shop.language not in said:
                yield (*where, *part), f"has no name in {plan.shop.language!r}"


def points_faults(settings: Mapping[str, Any]) -> Iterator[_Fault]:
    """Reminders come while there are points to be reminded of, periods can be told apart, and every mail about points
    is one campaign's. `settings` are those of each campaign, right by themselves.
    """
    if loyalty := settings.get(_LOYALTY):
        where: _Where = ("campaigns", _LOYALTY, "settings")
        yield from _useless_reminders(loyalty, (*where, "expiry", "remind_before"))
        names = [period.name for period in loyalty.periods]
        for number, name in enumerate(names):
            if name in names[:number]:
                yield (*where, "periods", number, "name"), "another period has the same name"
    mails: dict[str, str] = {}
    for name, one in settings.items():
        if getattr(one, "capability", None) != _LOYALTY:
            continue
        if (first := mails.setdefault(one.mail, name)) != name:
            yield ("campaigns", name, "settings", "mail"), f"is the mail of {first}"


def _useless_reminders(loyalty: Any, where: _Where) -> Iterator[_Fault]:
    if loyalty.expiry is None:
        return
    spans = loyalty.expiry.remind_before
    for number, span in enumerate(spans):
        if span >= loyalty.expiry.after:
            yield (*where, number), f"is not shorter than `after`, {loyalty.expiry.after.days}d"
        if span in spans[:number]:
            yield (*where, number), "is given twice"
