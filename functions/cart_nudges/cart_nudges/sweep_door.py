"""Door: the schedule that looks at the carts whose timers are due."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from cart_nudges.steps.sweeping import CartSweep
from cart_nudges.steps.wiring import Tables, cart_sweep
from engagement import aws
from engagement.bus import Bus
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queues import MessageQueue
from engagement.schedule_door import scheduled_at
from engagement.secret_keys import hash_key, signing_keys
from engagement.settings import DoorSettings
from engagement.startup import ready


class Settings(DoorSettings):
    carts_table: str
    cart_shoppers_table: str
    cart_timers_table: str
    contacts_table: str
    customers_table: str
    hash_key_parameter: str
    mail_log_table: str
    mail_queue_url: str
    offers_table: str
    preferences_url: str
    products_table: str
    shop_bus_name: str
    signing_keys_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> CartSweep:
    settings = Settings.from_environment()
    return cart_sweep(
        aws.dynamodb(),
        Tables.model_validate(settings.model_dump()),
        plan=plan,
        signing_keys=signing_keys(settings.signing_keys_parameter),
        hash_key=hash_key(settings.hash_key_parameter),
        bus=Bus(aws.events(), settings.shop_bus_name),
        mail_queue=MessageQueue(aws.sqs(), settings.mail_queue_url),
        pages_url=settings.preferences_url,
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    mails = capability().sweep(
        scheduled_at(event),
        lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
    )
    return {"mails": mails}
