"""Door: the schedule that looks for accounts of which something is due."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queues import MessageQueue
from engagement.schedule_door import scheduled_at
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings
from engagement.startup import ready
from loyalty.sweeping import LoyaltySweep
from loyalty.wiring import Tables, loyalty_sweep


class Settings(DoorSettings):
    bulk_mail_queue_url: str
    customers_table: str
    loyalty_table: str
    mail_queue_url: str
    preferences_url: str
    shop_bus_name: str
    signing_keys_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> LoyaltySweep:
    settings = Settings.from_environment()
    return loyalty_sweep(
        aws.dynamodb(),
        Tables.model_validate(settings.model_dump()),
        plan=plan,
        signing_keys=signing_keys(settings.signing_keys_parameter),
        bus=Bus(aws.events(), settings.shop_bus_name),
        mail_queue=MessageQueue(aws.sqs(), settings.mail_queue_url),
        bulk_mail_queue=MessageQueue(aws.sqs(), settings.bulk_mail_queue_url),
        pages_url=settings.preferences_url,
    )


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    return {"mails": capability().sweep(scheduled_at(event))}
