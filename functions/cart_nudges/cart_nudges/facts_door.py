"""Door: CartNudgesQueue, the shop's facts about carts and orders."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.shoppers_table import Shoppers
from cart_nudges.carts.timers import CartTimers
from cart_nudges.carts.tracking import CartTracking
from engagement import aws
from engagement.bus import parse_fact
from engagement.clock import utc_now
from engagement.events.carts import CartDeleted, CartsMerged, CartUpdated
from engagement.events.customers import CustomerErased
from engagement.events.orders import OrderPlaced
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.profiles import Profiles
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.queues import MessageQueue
from engagement.secret_keys import hash_key
from engagement.settings import DoorSettings
from engagement.startup import ready

FACTS: tuple[type[CartUpdated | CartDeleted | CartsMerged | OrderPlaced | CustomerErased], ...] = (
    CartUpdated,
    CartDeleted,
    CartsMerged,
    OrderPlaced,
    CustomerErased,
)


class Settings(DoorSettings):
    cart_shoppers_table: str
    cart_timers_table: str
    carts_table: str
    customers_table: str
    hash_key_parameter: str
    mail_queue_url: str


@for_each_plan
def capability(plan: EngagementPlan) -> CartTracking:
    settings = Settings.from_environment()
    client = aws.dynamodb()
    return CartTracking(
        carts=Carts(client, settings.carts_table),
        timers=CartTimers(client, settings.cart_timers_table),
        shoppers=Shoppers(client, settings.cart_shoppers_table),
        profiles=Profiles(client, settings.customers_table),
        mail_queue=MessageQueue(aws.sqs(), settings.mail_queue_url),
        settings=plan.settings(CartNudgeSettings),
        hash_key=hash_key(settings.hash_key_parameter),
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    def handle(body: str) -> None:
        capability().apply(parse_fact(body, *FACTS, now=utc_now()))

    return process_queue(event, context, handle)
