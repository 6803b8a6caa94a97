"""The customer's own page about their points, in their language. It knows no name: a link may have been forwarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from babel.numbers import format_decimal

from engagement.errors import InvalidTokenError
from engagement.money import Money, display_money
from engagement.page_frame import PageFrame
from engagement.plan import EngagementPlan
from engagement.plan_sections import Tier
from engagement.secret_keys import SigningKeys
from engagement.web import PageRequest, PageResponse
from loyalty.entries import Entry, EntryKind
from loyalty.links import read_points_token
from loyalty.statement import Statement, Statements

PAGE_SIZE = 20
_PACKAGE = "loyalty"
_A_DAY = timedelta(days=1)
# More digits than any customer has entries.
_LONGEST_SEQUENCE = 12
_ONCE = 100


@dataclass(frozen=True)
class PointsPage:
    statements: Statements
    keys: SigningKeys
    pages: "PointsPages"

    def answer(self, request: PageRequest, language: str, now: datetime) -> PageResponse:
        """The page that the link opens; to look changes nothing. A `before` that is no number is none."""
        try:
            link = read_points_token(self.keys, request.token)
        except InvalidTokenError:
            return self.pages.frame.invalid(language)
        if link.until <= now:
            return self.pages.expired(language)
        before = _sequence(request.linked("before"))
        statement = self.statements.of(link.customer_id, now, before=before, limit=PAGE_SIZE)
        if statement.is_erased:
            return self.pages.gone(language)
        return self.pages.points(language, statement, request, before)


class PointsPages:
    """Each page, with what it needs to know."""

    def __init__(self, plan: EngagementPlan) -> None:
        self._plan = plan
        self.frame = PageFrame(_PACKAGE, plan)

    def points(
        self, language: str, statement: Statement, request: PageRequest, before: int | None
    ) -> PageResponse:
        """What a customer has, and a page of what came and went."""
        shown = _Shown(language, self._plan)
        is_newest = before is None or before > statement.entry_count
        return self.frame.page(
            "points",
            language,
            balance=statement.balance,
            balance_shown=shown.number(statement.balance),
            on_hold=statement.on_hold,
            pending=[(shown.day(day), points) for day, points in statement.pending.items()],
            ending=statement.ending,
            last_day=shown.day(statement.ending.expires_on - _A_DAY) if statement.ending else "",
            tier=self._tier(shown, statement),
            rows=[self._row(shown, statement, entry) for entry in statement.entries],
            older=_link(request, language, statement.older) if statement.older else None,
            newer=None if is_newest else _link(request, language, _newer(before, statement)),
        )

    def expired(self, language: str) -> PageResponse:
        """The link was good, and is not any more."""
        return self.frame.plain("expired", 410, language)

    def gone(self, language: str) -> PageResponse:
        """The customer's data were erased."""
        return self.frame.plain("gone", 410, language)

    def _tier(self, shown: "_Shown", statement: Statement) -> dict[str, Any] | None:
        """None where the plan has one tier alone, which is as good as none."""
        rules, found, above = self._plan.tiers, statement.progress, statement.progress.next_tier
        if len(rules.steps) == 1:
            return None
        needed = above.threshold if above else 0
        reached = min(max(found.measured, 0), needed)
        return {
            "title": shown.title(found.tier),
            "times": shown.times(found.tier) if found.tier.times > _ONCE else "",
            "benefits": [shown.named(titles) for titles in found.tier.benefits.values()],
            "kept_until": shown.day(statement.tier_until - _A_DAY) if statement.tier_until else "",
            "next": shown.title(above) if above else "",
            "reached": reached,
            "needed": needed,
            "reached_shown": shown.measure(reached, statement.currency),
            "needed_shown": shown.measure(needed, statement.currency),
            "missing": found.missing,
            "missing_shown": shown.measure(found.missing, statement.currency),
            "by": rules.by,
            "over": rules.over,
        }

    def _row(self, shown: "_Shown", statement: Statement, entry: Entry) -> dict[str, Any]:
        """`what` in plain words; `spendable` only of what cannot be spent yet."""
        credited = entry.lot if entry.points > 0 else None
        return {
            "what": self._words(shown, entry),
            "iso_day": str(entry.day),
            "day": shown.day(entry.day),
            "points": "" if entry.kind.is_a_tiers else shown.signed(entry.points),
            "is_loss": entry.points < 0,
            "spendable": shown.day(credited.matures_on)
            if credited and credited.matures_on > statement.as_of
            else "",
        }

    def _words(self, shown: "_Shown", entry: Entry) -> str:
        say = self.frame.wording("entries", shown.language)
        tier = shown.title(self._plan.tiers.of(entry.tier))
        if entry.kind is EntryKind.REDEEMED and entry.order_id:
            return say("redeemed_for_order", order=entry.order_id)
        return say(entry.kind, order=entry.order_id or "", tier=tier)


@dataclass(frozen=True)
class _Shown:
    """Facts as they are shown in a language."""

    language: str
    plan: EngagementPlan

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.language).replace("-", "−")

    def signed(self, points: int) -> str:
        return f"+{self.number(points)}" if points > 0 else self.number(points)

    def day(self, day: date) -> str:
        return format_date(day, "d MMMM y", locale=self.language)

    def measure(self, measured: int, currency: str | None) -> str:
        """Points, or money."""
        if currency is None:
            return self.number(measured)
        return display_money(Money(amount_minor=measured, currency=currency), self.language)

    def times(self, tier: Tier) -> str:
        return format_decimal(Decimal(tier.times) / 100, locale=self.language)

    def title(self, tier: Tier) -> str:
        return self.named(tier.title) or tier.name

    def named(self, names: Mapping[str, str]) -> str:
        """In the page's language, else in the shop's, else in any that there is."""
        known = names.get(self.language) or names.get(self.plan.shop.language)
        return known or next(iter(names.values()), "")


def _sequence(text: str) -> int | None:
    is_one = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_SEQUENCE
    return max(1, int(text)) if is_one else None


def _newer(before: int | None, statement: Statement) -> int | None:
    """Entries are numbered without gaps. None: the newest ones."""
    newer = (before or 0) + PAGE_SIZE
    return newer if newer <= statement.entry_count else None


def _link(request: PageRequest, language: str, before: int | None) -> str:
    """The same link again, wherever the page is mounted, to entries before that one; to the newest without."""
    more = {"before": str(before)} if before else {}
    return f"{request.page}?{urlencode({'token': request.token, 'lang': language, **more})}#entries"
