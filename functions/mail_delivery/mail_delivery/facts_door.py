"""Door: MailErasureQueue, the shop's facts that customers asked to be forgotten."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import parse_fact
from engagement.clock import utc_now
from engagement.events.customers import CustomerErased
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.settings import DoorSettings
from engagement.startup import ready
from mail_delivery.forgetting import Forgetting
from mail_delivery.mail_pages import MailPages


class Settings(DoorSettings):
    mail_pages_table: str


@cache
def capability() -> Forgetting:
    settings = Settings.from_environment()
    return Forgetting(MailPages(aws.dynamodb(), settings.mail_pages_table))


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event, context, lambda body: capability().forget(parse_fact(body, CustomerErased, now=utc_now()))
    )
