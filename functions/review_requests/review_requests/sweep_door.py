"""Door: the schedule that looks for orders whose review request is due."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.mail_composer import MailComposer
from engagement.plan import engagement_plan
from engagement.profiles import Profiles
from engagement.queues import MessageQueue
from engagement.schedule_door import scheduled_at
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings
from review_requests.asking import ReviewAsking
from review_requests.campaign import ReviewRequestSettings
from review_requests.table import ReviewRequests


class Settings(DoorSettings):
    customers_table: str
    mail_queue_url: str
    preferences_url: str
    review_requests_table: str
    signing_keys_parameter: str


@cache
def capability() -> ReviewAsking:
    settings = Settings.from_environment()
    plan = engagement_plan()
    keys = signing_keys(settings.signing_keys_parameter)
    return ReviewAsking(
        requests=ReviewRequests(aws.dynamodb(), settings.review_requests_table),
        profiles=Profiles(aws.dynamodb(), settings.customers_table),
        composer=MailComposer("review_requests", plan, keys, settings.preferences_url),
        mail_queue=MessageQueue(aws.sqs(), settings.mail_queue_url),
        plan=plan,
        settings=plan.settings(ReviewRequestSettings),
    )


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    return {"mails": capability().sweep(scheduled_at(event))}
