"""Door: CartProductsQueue, the shop's facts about products."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from cart_nudges.carts.products_table import Products
from engagement import aws
from engagement.bus import parse_fact
from engagement.clock import utc_now
from engagement.events.products import ProductChanged
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.settings import DoorSettings
from engagement.startup import ready


class Settings(DoorSettings):
    products_table: str


@cache
def products() -> Products:
    return Products(aws.dynamodb(), Settings.from_environment().products_table)


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    def handle(body: str) -> None:
        products().keep(parse_fact(body, ProductChanged, now=utc_now()))

    return process_queue(event, context, handle)
