"""Door: CustomerProfilesQueue, the shop's facts about customers."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from customer_profiles.keeping import ProfileKeeping
from customer_profiles.table import Customers
from engagement import aws
from engagement.bus import parse_fact
from engagement.clock import utc_now
from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.secret_keys import hash_key
from engagement.settings import DoorSettings
from engagement.startup import ready


class Settings(DoorSettings):
    customers_table: str
    hash_key_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> ProfileKeeping:
    settings = Settings.from_environment()
    return ProfileKeeping(
        customers=Customers(aws.dynamodb(), settings.customers_table, hash_key(settings.hash_key_parameter)),
        shop=plan.shop,
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event,
        context,
        lambda body: capability().apply(
            parse_fact(body, CustomerRegistered, CustomerUpdated, CustomerErased, now=utc_now())
        ),
    )
