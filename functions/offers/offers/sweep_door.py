"""Door: the schedule that looks for offers that near their end, or have ended."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.schedule_door import scheduled_at
from engagement.settings import DoorSettings
from engagement.startup import ready
from offers.table import KeptOffers
from offers.watching import Watching


class Settings(DoorSettings):
    offers_table: str
    shop_bus_name: str


@for_each_plan
def capability(plan: EngagementPlan) -> Watching:
    settings = Settings.from_environment()
    return Watching(
        offers=KeptOffers(aws.dynamodb(), settings.offers_table),
        bus=Bus(aws.events(), settings.shop_bus_name),
        rules=plan.offers,
    )


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    return {"expired": capability().sweep(scheduled_at(event))}
