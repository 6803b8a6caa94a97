"""Door: OccasionOffersQueue, the facts about customers and their tiers."""

import time
from typing import Annotated, Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field

from engagement import aws
from engagement.bus import parse_fact
from engagement.clock import utc_now
from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.loyalty import TierChanged
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.queues import MessageQueue
from engagement.settings import DoorSettings
from engagement.startup import ready
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.dates_table import Dates
from occasion_offers.keeping import DateKeeping
from occasion_offers.zones import Zones

FACTS = (CustomerRegistered, CustomerUpdated, CustomerErased, TierChanged)


class Settings(DoorSettings):
    occasions_table: str
    occasion_shards: Annotated[int, Field(ge=1)]
    pages_queue_url: str
    time_zones_table: str


@for_each_plan
def capability(plan: EngagementPlan) -> DateKeeping:
    settings = Settings.from_environment()
    return DateKeeping(
        dates=Dates(aws.dynamodb(), settings.occasions_table),
        zones=Zones(aws.dynamodb(), settings.time_zones_table),
        shop=plan.shop,
        shards=settings.occasion_shards,
        pages_queue=MessageQueue(aws.sqs(), settings.pages_queue_url),
        campaigns=plan.all_settings(OccasionOfferSettings, enabled=True),
        pause=time.sleep,
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event, context, lambda body: capability().apply(parse_fact(body, *FACTS, now=utc_now()), utc_now())
    )
