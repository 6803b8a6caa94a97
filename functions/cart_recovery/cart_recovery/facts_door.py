"""Door: CartRecoveryQueue, facts about nudges that reached their customers, and about orders."""

import random
import time
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from cart_recovery.accounts_table import Accounts
from cart_recovery.books import Books
from cart_recovery.buyers import Buyers
from cart_recovery.counters_table import ExperimentCounters
from cart_recovery.orders_table import NudgedOrders
from cart_recovery.recovering import Recovering
from engagement import aws
from engagement.bus import Bus, parse_fact
from engagement.clock import utc_now
from engagement.events.carts import CartNudged
from engagement.events.customers import CustomerErased
from engagement.events.orders import OrderCancelled, OrderPaid, OrderPlaced, OrderRefunded
from engagement.profiles import Profiles
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.secret_keys import hash_key
from engagement.settings import DoorSettings
from engagement.startup import ready

FACTS: tuple[
    type[CartNudged | OrderPlaced | OrderPaid | OrderRefunded | OrderCancelled | CustomerErased], ...
] = (CartNudged, OrderPlaced, OrderPaid, OrderRefunded, OrderCancelled, CustomerErased)


class Settings(DoorSettings):
    customers_table: str
    experiment_counters_table: str
    hash_key_parameter: str
    nudge_exposures_table: str
    nudged_orders_table: str
    shop_bus_name: str


@cache
def capability() -> Recovering:
    settings, client = Settings.from_environment(), aws.dynamodb()
    return Recovering(
        books=Books(
            client,
            NudgedOrders(client, settings.nudged_orders_table),
            Accounts(client, settings.nudge_exposures_table),
            ExperimentCounters(client, settings.experiment_counters_table),
        ),
        buyers=Buyers(Profiles(client, settings.customers_table), hash_key(settings.hash_key_parameter)),
        bus=Bus(aws.events(), settings.shop_bus_name),
        # Two that lost the same race must not meet again.
        pause=lambda seconds: time.sleep(seconds * random.uniform(0.5, 1.5)),  # noqa: S311
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event, context, lambda body: capability().apply(parse_fact(body, *FACTS, now=utc_now()), utc_now())
    )
