"""Door: the schedule that looks where in the world the hour of an occasion's mail has come."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.clock import utc_now
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queues import MessageQueue
from engagement.schedule_door import scheduled_at
from engagement.settings import DoorSettings
from engagement.startup import ready
from occasion_offers.running import OccasionRun
from occasion_offers.runs_table import OccasionRuns
from occasion_offers.zones import Zones


class Settings(DoorSettings):
    occasion_runs_table: str
    pages_queue_url: str
    time_zones_table: str


@for_each_plan
def capability(plan: EngagementPlan) -> OccasionRun:
    settings = Settings.from_environment()
    return OccasionRun(
        runs=OccasionRuns(aws.dynamodb(), settings.occasion_runs_table),
        pages_queue=MessageQueue(aws.sqs(), settings.pages_queue_url),
        zones=Zones(aws.dynamodb(), settings.time_zones_table),
        plan=plan,
    )


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    return {"pages": capability().run(min(scheduled_at(event), utc_now()))}
