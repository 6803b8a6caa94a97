"""Door: ReviewsQueue, who may review what, what a person decided about a review, and who is to be forgotten."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus, parse_fact
from engagement.clock import utc_now
from engagement.events.customers import CustomerErased
from engagement.events.reviews import ReviewInvited, ReviewModerated
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.settings import DoorSettings
from engagement.startup import ready
from reviews.hearing import Hearing
from reviews.wiring import Tables, hearing


class Settings(DoorSettings):
    ratings_table: str
    reviews_table: str
    shop_bus_name: str


@cache
def capability() -> Hearing:
    settings = Settings.from_environment()
    tables = Tables(reviews_table=settings.reviews_table, ratings_table=settings.ratings_table)
    return hearing(aws.dynamodb(), tables, Bus(aws.events(), settings.shop_bus_name))


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event,
        context,
        lambda body: capability().apply(
            parse_fact(body, ReviewInvited, ReviewModerated, CustomerErased, now=utc_now())
        ),
    )
