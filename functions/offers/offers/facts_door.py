"""Door: OffersQueue, the shop's facts about orders, for the codes that they carry, or give back."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus, parse_fact
from engagement.clock import utc_now
from engagement.events.orders import OrderCancelled, OrderPlaced
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.settings import DoorSettings
from engagement.startup import ready
from offers.redeeming import Redeeming
from offers.redemptions import Redemptions


class Settings(DoorSettings):
    offer_orders_table: str
    offers_table: str
    shop_bus_name: str


@for_each_plan
def capability(plan: EngagementPlan) -> Redeeming:
    settings = Settings.from_environment()
    return Redeeming(
        redemptions=Redemptions(aws.dynamodb(), settings.offers_table, settings.offer_orders_table),
        bus=Bus(aws.events(), settings.shop_bus_name),
        rules=plan.offers,
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    def handle(body: str) -> None:
        now = utc_now()
        capability().apply(parse_fact(body, OrderPlaced, OrderCancelled, now=now), now)

    return process_queue(event, context, handle)
