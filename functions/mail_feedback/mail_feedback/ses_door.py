"""Door: MailFeedbackQueue, SES's events about our mails."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import parse_message
from engagement.clock import utc_now
from engagement.mail_log import MailLog
from engagement.queue_door import process_queue
from engagement.settings import DoorSettings
from engagement.signing_key import signing_key
from engagement.suppression import Suppression
from mail_feedback.events import SesEnvelope
from mail_feedback.feedback import MailFeedback


class Settings(DoorSettings):
    mail_log_table: str
    signing_key_parameter: str
    suppression_table: str


@cache
def capability() -> MailFeedback:
    settings = Settings.from_environment()
    key = signing_key(settings.signing_key_parameter)
    return MailFeedback(
        log=MailLog(aws.dynamodb(), settings.mail_log_table),
        suppression=Suppression(aws.dynamodb(), settings.suppression_table, key),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event, context, lambda body: capability().take_in(parse_message(body, SesEnvelope).detail, utc_now())
    )
