"""Door: the schedule that looks for reviews of which something was written and not told."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus
from engagement.schedule_door import scheduled_at
from engagement.settings import DoorSettings
from engagement.startup import ready
from reviews.reviews_table import Reviews
from reviews.telling import Telling


class Settings(DoorSettings):
    reviews_table: str
    shop_bus_name: str


@cache
def capability() -> Telling:
    settings = Settings.from_environment()
    reviews = Reviews(aws.dynamodb(), settings.reviews_table)
    return Telling(reviews, Bus(aws.events(), settings.shop_bus_name))


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    return {"told": capability().sweep(scheduled_at(event))}
