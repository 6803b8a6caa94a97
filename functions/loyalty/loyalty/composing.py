"""Composing: what the mails about points say, and whether that is still true. All of it is of an account that is
advanced to `now`; instants are UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from babel.numbers import format_decimal

from engagement.clock import local_instant
from engagement.money import Money
from engagement.plan import EngagementPlan
from engagement.plan_sections import Tier, TierRules
from engagement.wording import Counted, Translated, language_of, languages
from loyalty.accounts import left_in_lots
from loyalty.campaign import LoyaltyMailSettings
from loyalty.days import month_after
from loyalty.entries import NEVER, Movement
from loyalty.records import Account
from loyalty.terms import EXPIRING, LOWERED, REACHED, Terms
from loyalty.tiers import current_tier, progress

_A_DAY = timedelta(days=1)
_NOON = 12
_WHOLE, _MOST_DRAWN = 100, 99


@dataclass(frozen=True)
class GoodUntil:
    """Points that are good until the end of a day at the shop; noon of it on the customer's clock stands for it."""

    points: Counted
    last_day: datetime


@dataclass(frozen=True)
class Letter:
    """One mail with the facts that its templates know by name."""

    mail: str
    send_key: str
    useful_until: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Composing:
    """`zone`: the customer's."""

    plan: EngagementPlan
    terms: Terms
    zone: ZoneInfo

    def letter(self, account: Account, mail: str, now: datetime) -> Letter | None:
        """The mail `<kind>:<occasion>` of an outbox; None where there is no such mail any more."""
        kind, _, occasion = mail.partition(":")
        settings = self.terms.mails.get(kind)
        if settings is None or account.erased_at:
            return None
        if kind == EXPIRING:
            return self._expiring(account, occasion, settings, now)
        if kind in (REACHED, LOWERED):
            return self._tier(account, kind, occasion, settings)
        return self._statement(account, occasion, settings)

    def _expiring(
        self, account: Account, occasion: str, settings: LoyaltyMailSettings, now: datetime
    ) -> Letter | None:
        """All that ends as near to the day of the occasion as one reminder stands for."""
        day, _, ahead = occasion.partition(":")
        ends_on = date.fromisoformat(day)
        last = max(ends_on, account.reminded.get(int(ahead), ends_on))
        ends = {end: points for end, points in ending(account, self.terms).items() if end <= last}
        if not ends:
            return None
        due = self.terms.days.begin(ends_on - timedelta(days=int(ahead)), settings.local_hour)
        until = due + settings.useful_for
        # Points that came when their end was nearer than that are reminded of at once.
        until = until if until > now else now + settings.useful_for
        endings = [self._ending(end, points) for end, points in ends.items()]
        return Letter(
            EXPIRING,
            f"{EXPIRING}:{account.customer_id}:{ends_on}.{ahead}",
            min(until, self.terms.days.begin(min(ends))),
            {
                "points": endings[0].points,
                "last_day": endings[0].last_day,
                "later": tuple(endings[1:]),
                "balance": Counted("points", account.available),
            },
        )

    def _tier(
        self, account: Account, kind: str, occasion: str, settings: LoyaltyMailSettings
    ) -> Letter | None:
        tier = current_tier(account, self.terms.tiers)
        if tier.name != occasion or not account.tiers:
            return None
        began = account.period_from or self.terms.days.day_of(account.tiers[-1].since)
        return Letter(
            kind,
            f"{kind}:{account.customer_id}:{tier.name}.{began}",
            account.tiers[-1].since + settings.useful_for,
            {**self._benefits(tier), **self._progress(account)},
        )

    def _statement(self, account: Account, month: str, settings: LoyaltyMailSettings) -> Letter | None:
        sums = {movement: points for movement, points in account.months.get(month, {}).items() if points}
        if not sums:
            return None
        first_day = date.fromisoformat(f"{month}-01")
        due = self.terms.days.begin(month_after(first_day), settings.local_hour)
        ends = next(iter(ending(account, self.terms).items()), None)
        return Letter(
            settings.mail,
            f"{settings.mail}:{account.customer_id}:{month}",
            due + settings.useful_for,
            {
                "month": month_name(first_day),
                **{str(movement): sums.get(movement, 0) for movement in Movement},
                "balance": Counted("points", account.balance),
                "pending": Counted("points", account.pending_points) if account.pending_points > 0 else None,
                "next_points": Counted("points", ends[1]) if ends else None,
                "next_day": self._last_day(ends[0]) if ends else None,
                **self._progress(account),
            },
        )

    def _ending(self, ends_on: date, points: int) -> GoodUntil:
        return GoodUntil(Counted("points", points), self._last_day(ends_on))

    def _last_day(self, ends_on: date) -> datetime:
        return local_instant(ends_on - _A_DAY, _NOON, self.zone)

    def _benefits(self, tier: Tier) -> dict[str, Any]:
        return {
            "benefits": tuple(self._translated(texts) for texts in tier.benefits.values()),
            "times": times_of(tier.times),
        }

    def _progress(self, account: Account) -> dict[str, Any]:
        """`percent` of the way to the next tier; without one there is nothing `missing`."""
        found, rules = progress(account, self.terms.tiers), self.terms.tiers
        above = found.next_tier
        done = found.measured * _WHOLE // above.threshold if above else _MOST_DRAWN
        return {
            "tier": self._translated(found.tier.title),
            "next_tier": self._translated(above.title) if above else None,
            "missing": _measure(found.missing, rules) if above else None,
            "percent": min(max(0, done), _MOST_DRAWN),
        }

    def _translated(self, texts: Mapping[str, str]) -> Translated:
        return Translated(texts, language_of(self.plan.shop.locale))


def ending(account: Account, terms: Terms) -> dict[date, int]:
    """What is left to be spent, by the day at whose beginning it ends, the earliest first; not what lasts."""
    left = {end: points for end, points in left_in_lots(account).items() if points > 0}
    if left and (idle_until := terms.idle_until(account.active_on)):
        left = {idle_until: sum(left.values())}
    return {end: points for end, points in left.items() if end != NEVER}


def times_of(hundredths: int) -> Translated | None:
    """How many times as much orders earn, as it is written in each language; None: as much as everybody's."""
    if hundredths == _WHOLE:
        return None
    times = Decimal(hundredths) / _WHOLE
    return Translated({each: format_decimal(times, locale=each) for each in languages()}, "en")


def month_name(day: date) -> Translated:
    return Translated({each: format_skeleton("yMMMM", day, locale=each) for each in languages()}, "en")


def _measure(measured: int, rules: TierRules) -> Counted | Money:
    """So much of what a tier is reached by."""
    if rules.currency is None:
        return Counted("points", measured)
    return Money(amount_minor=measured, currency=rules.currency)
