"""Which tier a customer has: up at once, down at the end of a period and its grace.

What counts for a tier counts from the day on which it is spendable. A period is a calendar year, or the year from the
day on which a tier was reached or kept. It is decided on the day after its grace, over all that counted from its
beginning until then: what comes in the grace still counts for the period that ended.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from engagement.plan_sections import Tier, TierRules
from loyalty.days import a_year_after, a_year_before
from loyalty.records import Account

_A_DAY = timedelta(days=1)
_NO_GRACE = timedelta()


@dataclass(frozen=True)
class TierFound:
    """A tier that begins or goes on with a period from `period_from` on; `measured` is what it was found by."""

    tier: Tier
    period_from: date
    measured: int


@dataclass(frozen=True)
class Progress:
    """How far a customer is: `measured` of the `needed` for the next tier; None: there is none above."""

    tier: Tier
    measured: int
    next_tier: Tier | None = None

    @property
    def missing(self) -> int:
        return max(0, self.next_tier.threshold - self.measured) if self.next_tier else 0


def tier_reached(measured: int, rules: TierRules) -> Tier:
    """The highest tier that this reaches; the lowest one below zero, too."""
    return next((tier for tier in reversed(rules.steps) if measured >= tier.threshold), rules.steps[0])


def current_tier(account: Account, rules: TierRules) -> Tier:
    """The tier that the customer has; the lowest where the plan does not know it any more."""
    return next((tier for tier in rules.steps if tier.name == account.tier), rules.steps[0])


def tier_at(account: Account, instant: datetime, rules: TierRules) -> Tier:
    """The tier that the customer had then."""
    had = [held.tier for held in account.tiers if held.since <= instant]
    return next((tier for tier in rules.steps if had and tier.name == had[-1]), rules.steps[0])


def progress(account: Account, rules: TierRules) -> Progress:
    """As of the account's day."""
    tier = current_tier(account, rules)
    above = next((higher for lower, higher in pairwise(rules.steps) if lower == tier), None)
    return Progress(tier, _measured(account, _window_from(account.as_of, rules), account.as_of, rules), above)


def reached_by(account: Account, rules: TierRules, day: date) -> TierFound | None:
    """The higher tier that the customer reaches on `day` (what is pending until then counts), if any."""
    measured = _measured(account, _window_from(day, rules), day, rules)
    tier = tier_reached(measured, rules)
    if rules.steps.index(tier) <= rules.steps.index(current_tier(account, rules)):
        return None
    return TierFound(tier, day.replace(month=1, day=1) if rules.over == "calendar_year" else day, measured)


def decided_on(account: Account, rules: TierRules) -> date | None:
    """The day at whose beginning it is decided whether the customer keeps the tier; the lowest is always kept."""
    if account.period_from is None or current_tier(account, rules) == rules.steps[0]:
        return None
    return a_year_after(account.period_from) + (rules.downgrade.grace or _NO_GRACE)


def decision(account: Account, rules: TierRules, day: date) -> TierFound:
    """The tier from now on: the one there was, a step less, or what was reached, as planned. `day`: of the decision."""
    began = account.period_from or day
    measured = _measured(account, began, day - _A_DAY, rules)
    reached = rules.steps.index(tier_reached(measured, rules))
    had = rules.steps.index(current_tier(account, rules))
    lowest = had - 1 if rules.downgrade.by == "one_step" else 0
    return TierFound(rules.steps[min(had, max(reached, lowest))], a_year_after(began), measured)


def _window_from(day: date, rules: TierRules) -> date:
    """The first day of the year that ends with `day`, or of the one that it is in."""
    return day.replace(month=1, day=1) if rules.over == "calendar_year" else a_year_before(day) + _A_DAY


def _measured(account: Account, first: date, last: date, rules: TierRules) -> int:
    """What counts for a tier from `first` to `last`, both included."""
    counted = [counts for day, counts in account.qualifying.items() if first <= day <= last]
    by_points = rules.by == "points"
    return sum(counts.points if by_points else counts.spend_minor for counts in counted)
