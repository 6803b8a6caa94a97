"""Door: the schedule that looks for customers who may be asked for a review."""

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
from review_requests.sweeping import RequestSweep
from review_requests.wiring import Tables, request_sweep


class Settings(DoorSettings):
    customers_table: str
    mail_log_table: str
    mail_queue_url: str
    preferences_url: str
    review_requests_table: str
    shop_bus_name: str
    signing_keys_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> RequestSweep:
    settings = Settings.from_environment()
    return request_sweep(
        aws.dynamodb(),
        Tables.model_validate(settings.model_dump()),
        plan=plan,
        signing_keys=signing_keys(settings.signing_keys_parameter),
        bus=Bus(aws.events(), settings.shop_bus_name),
        mail_queue=MessageQueue(aws.sqs(), settings.mail_queue_url),
        pages_url=settings.preferences_url,
    )


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    return {"mails": capability().sweep(scheduled_at(event))}
