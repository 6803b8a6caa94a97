"""Door: CartNudgesQueue, the shop's facts about carts and orders."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.table import Carts
from cart_nudges.tracking import CartTracking
from engagement import aws
from engagement.bus import parse_fact
from engagement.clock import utc_now
from engagement.events.carts import CartUpdated
from engagement.events.orders import OrderPlaced
from engagement.plan import engagement_plan
from engagement.queue_door import process_queue
from engagement.queues import MessageQueue
from engagement.settings import DoorSettings


class Settings(DoorSettings):
    carts_table: str
    mail_queue_url: str


@cache
def capability() -> CartTracking:
    settings = Settings.from_environment()
    return CartTracking(
        carts=Carts(aws.dynamodb(), settings.carts_table),
        mail_queue=MessageQueue(aws.sqs(), settings.mail_queue_url),
        settings=engagement_plan().settings(CartNudgeSettings),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event,
        context,
        lambda body: capability().apply(parse_fact(body, CartUpdated, OrderPlaced, now=utc_now())),
    )
