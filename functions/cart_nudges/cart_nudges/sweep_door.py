"""Door: the schedule that looks for carts whose nudge is due."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.nudging import CartNudging
from cart_nudges.table import Carts
from engagement import aws
from engagement.mail_composer import MailComposer
from engagement.plan import engagement_plan
from engagement.profiles import Profiles
from engagement.queues import MessageQueue
from engagement.schedule_door import scheduled_at
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings


class Settings(DoorSettings):
    carts_table: str
    customers_table: str
    mail_queue_url: str
    preferences_url: str
    signing_keys_parameter: str


@cache
def capability() -> CartNudging:
    settings = Settings.from_environment()
    plan = engagement_plan()
    keys = signing_keys(settings.signing_keys_parameter)
    return CartNudging(
        carts=Carts(aws.dynamodb(), settings.carts_table),
        profiles=Profiles(aws.dynamodb(), settings.customers_table),
        composer=MailComposer("cart_nudges", plan, keys, settings.preferences_url),
        mail_queue=MessageQueue(aws.sqs(), settings.mail_queue_url),
        plan=plan,
        settings=plan.settings(CartNudgeSettings),
    )


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    return {"mails": capability().sweep(scheduled_at(event))}
