"""Door: the schedule that looks where in the world it has become time for birthdays."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from birthday_offers.campaign import BirthdayOfferSettings
from birthday_offers.running import BirthdayRun
from birthday_offers.table import BirthdayRuns
from engagement import aws
from engagement.plan import engagement_plan
from engagement.queues import MessageQueue
from engagement.schedule_door import scheduled_at
from engagement.settings import DoorSettings
from engagement.time_zones import TimeZones


class Settings(DoorSettings):
    birthday_runs_table: str
    pages_queue_url: str
    time_zones_table: str


@cache
def capability() -> BirthdayRun:
    settings = Settings.from_environment()
    plan = engagement_plan()
    return BirthdayRun(
        runs=BirthdayRuns(aws.dynamodb(), settings.birthday_runs_table),
        pages_queue=MessageQueue(aws.sqs(), settings.pages_queue_url),
        time_zones=TimeZones(aws.dynamodb(), settings.time_zones_table),
        plan=plan,
        settings=plan.settings(BirthdayOfferSettings),
    )


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    return {"pages": capability().run(scheduled_at(event))}
