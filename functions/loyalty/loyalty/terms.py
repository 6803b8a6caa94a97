"""The terms by which the ledger keeps its books today: the plan's, and the shop's days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256

from engagement.plan import EngagementPlan
from engagement.plan_sections import TierRules
from engagement.review_points import points_for_a_review_today
from loyalty.campaign import LoyaltyMailSettings, LoyaltySettings
from loyalty.days import Days, month_after
from loyalty.entries import NEVER, Lot

# The mails about points.
EXPIRING, REACHED, LOWERED, STATEMENT = "points_expiring", "tier_reached", "tier_lowered", "points_statement"

_VERSION_DIGITS = 12
_TODAY = timedelta()


@dataclass(frozen=True)
class Terms:
    """`earns`: whether loyalty is switched on; while it is not, nothing new earns, and all else goes on. `mails` are
    those that are switched on.
    """

    settings: LoyaltySettings
    tiers: TierRules
    days: Days
    points_for_a_review: int
    mails: Mapping[str, LoyaltyMailSettings]
    earns: bool = True

    @classmethod
    def of(cls, plan: EngagementPlan) -> "Terms":
        settings = plan.settings(LoyaltySettings)
        return cls(
            settings=settings,
            tiers=plan.tiers,
            days=Days(plan.shop.zone),
            points_for_a_review=points_for_a_review_today(plan),
            mails={mail.mail: mail for mail in plan.all_settings(LoyaltyMailSettings, enabled=True).values()},
            earns=plan.campaign(settings.campaign).enabled,
        )

    @property
    def spend_currency(self) -> str | None:
        """In which a customer's spend is counted: the tiers'; without theirs, the first that earns."""
        return self.tiers.currency or next((rate.currency for rate in self.settings.earning), None)

    @cached_property
    def version(self) -> str:
        """A digest of all rules: another one for every change of them."""
        rules = f"{self.settings.model_dump_json()}{self.tiers.model_dump_json()}{self.points_for_a_review}"
        return sha256(rules.encode()).hexdigest()[:_VERSION_DIGITS]

    def lot_of(self, day: date, *, pending: bool = False) -> Lot:
        """The lot of points that came to be on this day. `pending`: they wait for the return window to close."""
        matures_on = day + ((self.settings.pending_for or _TODAY) if pending else _TODAY)
        expiry = self.settings.expiry
        if expiry is None or expiry.counted_from == "activity":
            return Lot(matures_on)
        return Lot(matures_on, self.ended(matures_on + expiry.after))

    def ended(self, day: date) -> date:
        """The day at whose beginning points end that are good until `day`: with its month, if so planned."""
        expiry = self.settings.expiry
        return month_after(day) if expiry and expiry.ends_with == "month" else day

    def idle_until(self, active_on: date | None) -> date | None:
        """The day at whose beginning all points end if nothing happens; None: they do not end so."""
        expiry = self.settings.expiry
        if active_on is None or expiry is None or expiry.counted_from != "activity":
            return None
        return min(NEVER, self.ended(active_on + expiry.after))
