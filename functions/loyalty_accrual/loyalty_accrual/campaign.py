"""What the engagement plan says about loyalty points."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from engagement.events.customers import Tier as TierName
from engagement.money import Currency
from engagement.plan import CampaignSettings, EngagementPlan
from engagement.plan_sections import PlanSection


class Earning(PlanSection):
    """`points` for every `for_each_minor` that was paid in `currency`."""

    currency: Currency
    # Bounded so that the largest amount of money there is earns no more points than a fact about points can tell.
    points: Annotated[int, Field(strict=True, ge=1, le=1000)]
    for_each_minor: Annotated[int, Field(strict=True, ge=1, le=10**15)]


class Tier(PlanSection):
    """Whoever holds `from_points` or more, and not enough for the next one."""

    name: TierName
    from_points: Annotated[int, Field(strict=True, ge=0, le=10**15)]


def _each_currency_once(earning: tuple[Earning, ...]) -> tuple[Earning, ...]:
    currencies = [one.currency for one in earning]
    if len(set(currencies)) < len(currencies):
        raise ValueError("give each currency once")
    return earning


def _ascending_from_nothing(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    thresholds = [tier.from_points for tier in tiers]
    if thresholds[0] != 0 or thresholds != sorted(set(thresholds)):
        raise ValueError(
            "the first tier is from 0 points, and each further one from more than the one before"
        )
    if len({tier.name for tier in tiers}) < len(tiers):
        raise ValueError("give each tier a name of its own")
    return tiers


class LoyaltyAccrualSettings(CampaignSettings):
    campaign: ClassVar[str] = "loyalty_accrual"

    earning: Annotated[tuple[Earning, ...], AfterValidator(_each_currency_once)]
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1), AfterValidator(_ascending_from_nothing)]


def earning_today(plan: EngagementPlan) -> tuple[Earning, ...]:
    """What orders earn by the plan; nothing while the campaign is switched off."""
    settings = plan.settings(LoyaltyAccrualSettings)
    return settings.earning if plan.campaign(settings.campaign).enabled else ()
