"""Door: MailQueue and BulkMailQueue, the capabilities' orders to send, to call off and to leave out mail."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import parse_message
from engagement.clock import utc_now
from engagement.mail_orders import MailOrder
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.queues import MessageQueue
from engagement.secret_keys import hash_key
from engagement.settings import DoorSettings
from engagement.startup import ready
from mail_delivery.delivery import MailDelivery
from mail_delivery.quota import SendingRate
from mail_delivery.ses import Ses
from mail_delivery.ways import Ways, cancellations_first
from mail_delivery.wiring import Tables, mail_delivery


class Settings(DoorSettings):
    bulk_mail_queue_url: str
    campaign_states_table: str
    configuration_set: str
    contacts_table: str
    customers_table: str
    hash_key_parameter: str
    mails_at_once: int
    mail_log_table: str
    mail_pages_table: str
    mail_queue_url: str
    sender_address: str
    sending_pace_table: str
    ses_send_rate: int
    suppression_table: str


@cache
def settings() -> Settings:
    return Settings.from_environment()


@cache
def ways() -> Ways:
    known = settings()
    return Ways(
        triggered=MessageQueue(aws.sqs(), known.mail_queue_url),
        bulk=MessageQueue(aws.sqs(), known.bulk_mail_queue_url),
    )


@for_each_plan
def capability(plan: EngagementPlan) -> MailDelivery:
    known = settings()
    return mail_delivery(
        aws.dynamodb(),
        Tables.model_validate(known.model_dump()),
        plan=plan,
        hash_key=hash_key(known.hash_key_parameter),
        interval=SendingRate(aws.sesv2(), fixed=known.ses_send_rate).interval,
        ses=Ses(aws.sesv2(), plan.shop.name, known.sender_address, known.configuration_set),
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    way = ways().of(event, utc_now(), context.get_remaining_time_in_millis())
    delivery = capability()  # once, before mails go side by side
    return process_queue(
        cancellations_first(event),
        context,
        lambda body: delivery.carry_out(parse_message(body, MailOrder).root, way, utc_now()),
        at_once=settings().mails_at_once,
        delays=way.queue,
    )
