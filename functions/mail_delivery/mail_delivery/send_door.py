"""Door: MailQueue and BulkMailQueue, the capabilities' orders to send and to call off mail."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import parse_message
from engagement.clock import utc_now
from engagement.consent import Consent
from engagement.mail_log import MailLog
from engagement.mail_orders import MailOrder
from engagement.plan import engagement_plan
from engagement.profiles import Profiles
from engagement.queue_door import process_queue
from engagement.settings import DoorSettings
from engagement.signing_key import signing_key
from engagement.suppression import Suppression
from mail_delivery.batches import cancellations_first
from mail_delivery.delivery import MailDelivery
from mail_delivery.ses import Ses


class Settings(DoorSettings):
    configuration_set: str
    consent_table: str
    customers_table: str
    mail_log_table: str
    sender_address: str
    signing_key_parameter: str
    suppression_table: str


@cache
def capability() -> MailDelivery:
    settings = Settings.from_environment()
    plan = engagement_plan()
    key = signing_key(settings.signing_key_parameter)
    return MailDelivery(
        log=MailLog(aws.dynamodb(), settings.mail_log_table),
        profiles=Profiles(aws.dynamodb(), settings.customers_table),
        consent=Consent(aws.dynamodb(), settings.consent_table),
        suppression=Suppression(aws.dynamodb(), settings.suppression_table, key),
        ses=Ses(
            aws.sesv2(),
            shop_name=plan.shop.name,
            sender_address=settings.sender_address,
            configuration_set=settings.configuration_set,
        ),
        plan=plan,
    )


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        cancellations_first(event),
        context,
        lambda body: capability().carry_out(parse_message(body, MailOrder).root, utc_now()),
    )
